"""What a real deployment uses. Refuses to start half configured, because each gap would be found too late."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403
from .base import ALLOWED_HOSTS, DATABASES, MARKETPLACE_BASE_URL, MARKETPLACE_DEMO, SECRET_KEY, STATIC_ROOT, env


def demand(holds: bool, sentence: str) -> None:
    if not holds:
        raise ImproperlyConfigured(sentence)


demand(len(SECRET_KEY) >= 50, "SECRET_KEY: set at least 50 random characters.")
demand(
    "ALLOWED_HOSTS" in env.ENVIRON and bool(ALLOWED_HOSTS), "ALLOWED_HOSTS: name the hosts that this site answers to."
)
demand("*" not in ALLOWED_HOSTS, "ALLOWED_HOSTS: «*» would accept forged host names in links of mails.")
demand(
    MARKETPLACE_BASE_URL.startswith("https://"),
    "MARKETPLACE_BASE_URL: set the public address, beginning with https://.",
)
demand("EMAIL_URL" in env.ENVIRON, "EMAIL_URL: without mail nobody can confirm an address.")
demand(not MARKETPLACE_DEMO, "MARKETPLACE_DEMO: demo logins are public; run the demo with marketplace.settings.dev.")

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
CSRF_TRUSTED_ORIGINS = [MARKETPLACE_BASE_URL.rstrip("/")]
if env.bool("MARKETPLACE_BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
DATABASES["default"].setdefault("CONN_HEALTH_CHECKS", True)

WHITENOISE_USE_FINDERS = False
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
