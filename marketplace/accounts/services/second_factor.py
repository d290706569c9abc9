"""A fresh second factor for one deed: a code of the authenticator app, or a recovery code.

`check` refuses with the field «code», counts failures, and spends what it accepted: a code of the app confirms one
deed only, also when two arrive at once. Codes live on the machine's clock, never on the marketplace's.
"""

from __future__ import annotations

from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.exceptions import MarketplaceError

from ..models import SpentCode, User

FAILURES = 5
FAILURES_SECONDS = 300
KEPT = timedelta(hours=1)


class CodeRefused(MarketplaceError):
    """The second factor was not given, wrong, spent, or asked too often."""

    code = "second_factor"

    def __init__(self, message: object) -> None:
        super().__init__(message, field="code")


def check(user: User, code: str) -> None:
    """Accept one fresh code of the person, or raise `CodeRefused`. Call it inside the deed's transaction."""
    if is_locked_out(user):
        raise CodeRefused(_("Too many wrong codes. Wait five minutes, then try again."))
    factors = {row.type: row for row in Authenticator.objects.filter(user=user)}
    if Authenticator.Type.TOTP not in factors:
        raise CodeRefused(_("This needs a second factor. Set up an authenticator app under «Account», then come back."))
    typed = "".join(code.split())
    if typed and (_spend_app_code(TOTP(factors[Authenticator.Type.TOTP]), typed) or _spend_recovery(factors, typed)):
        cache.delete(_failures_key(user))
        return
    _count_failure(user)
    raise CodeRefused(_("The code is not right. Type the six digits that your authenticator app shows now."))


def is_locked_out(user: User) -> bool:
    return cache.get(_failures_key(user), 0) >= FAILURES


def step_of(secret: str, code: str) -> int | None:
    """The period whose code this is, among those accepted now."""
    steps = yield_hotp_counters_from_time()
    return next((step for step in steps if format_hotp_value(hotp_value(secret, step)) == code), None)


def _spend_app_code(factor: TOTP, code: str) -> bool:
    step = step_of(decrypt(factor.instance.data["secret"]), code)
    if step is None:
        return False
    user, signed_in_with = factor.instance.user, factor._get_used_cache_key(code)
    now = clock.machine_now()
    SpentCode.objects.filter(user=user, spent_at__lt=now - KEPT).delete()
    spent, is_new = SpentCode.objects.get_or_create(user=user, step=step, defaults={"spent_at": now})
    if not is_new or cache.get(signed_in_with) is not None:
        raise CodeRefused(_("This code has been used. Wait for the next one, at most 30 seconds."))
    # Nor may it open a session afterwards; if the deed is refused, the code stays good for the next try.
    transaction.on_commit(lambda: factor._mark_code_used(code))
    return True


def _spend_recovery(factors: dict[str, Authenticator], code: str) -> bool:
    row = factors.get(Authenticator.Type.RECOVERY_CODES)
    return row is not None and RecoveryCodes(row).validate_code(code)


def _failures_key(user: User) -> str:
    return f"second-factor-failures-{user.pk}"


def _count_failure(user: User) -> None:
    if not cache.add(_failures_key(user), 1, FAILURES_SECONDS):
        cache.incr(_failures_key(user))
