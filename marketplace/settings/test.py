"""What the tests use."""

from .base import *  # noqa: F403
from .base import DATABASES, env

SECRET_KEY = "test-only-" + "0" * 40
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
MARKETPLACE_DEMO = False

# The tests point the connection to a copy of a migrated database (tests/support/): here is only its kind.
if env("MARKETPLACE_TEST_DATABASE", default="sqlite") == "postgresql":
    DATABASES["default"] = {"ENGINE": "django.db.backends.postgresql", "NAME": "set-by-conftest"}
