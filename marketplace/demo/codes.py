"""One-time codes of the demo people, so that a newcomer needs no phone. Demo mode only."""

from __future__ import annotations

import time

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings
from django.core.cache import cache

from marketplace.accounts.models import SpentCode, User


def usable_code(user: User) -> str:
    """A code of the current, the next or the last period that was not used yet; empty outside demo mode."""
    factor = _factor(user)
    if factor is None:
        return ""
    codes = _codes(factor)
    spent = set(SpentCode.objects.filter(user=user).values_list("step", flat=True))
    fresh = (
        code
        for step, code in codes.items()
        if step not in spent and cache.get(factor._get_used_cache_key(code)) is None
    )
    return next(fresh, next(iter(codes.values())))


def fresh_code(user: User) -> str:
    """A code for building the demo world, where a person signs many times in one second: earlier uses are forgotten."""
    factor = _factor(user)
    if factor is None:
        return ""
    SpentCode.objects.filter(user=user).delete()
    cache.delete_many([factor._get_used_cache_key(code) for code in _codes(factor).values()])
    return usable_code(user)


def _factor(user: User) -> TOTP | None:
    instance = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return TOTP(instance) if instance and settings.MARKETPLACE_DEMO else None


def _codes(factor: TOTP) -> dict[int, str]:
    """Period → code, the current one first."""
    secret = get_adapter().decrypt(factor.instance.data["secret"])
    now = int(time.time()) // app_settings.TOTP_PERIOD
    steps = [0] + [sign * n for n in range(1, app_settings.TOTP_TOLERANCE + 1) for sign in (1, -1)]
    return {now + step: format_hotp_value(hotp_value(secret, now + step)) for step in steps}
