"""How allauth behaves here: the one-time codes' secrets stand encrypted, a required second factor stays."""

from __future__ import annotations

import base64
import hashlib

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy as _

from .models import Membership
from .roles import SECOND_FACTOR_ROLES


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _("Too many failed attempts. Wait five minutes, then try again."),
    }

    def get_email_verification_redirect_url(self, email_address: object) -> str:
        """After confirming: sign in, and from there to the workspace."""
        return resolve_url(settings.LOGIN_REDIRECT_URL if self.request.user.is_authenticated else settings.LOGIN_URL)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are encrypted under the deployment's key; who needs the factor cannot take it away."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _("Your role needs a second factor, so it cannot be switched off."),
    }

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        held = Membership.objects.current().filter(user_id=authenticator.user_id).values_list("roles", flat=True)
        return SECOND_FACTOR_ROLES.isdisjoint(role for roles in held for role in roles)


def _fernet() -> Fernet:
    digest = hashlib.sha256(b"second factor\0" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
