"""What `make run` uses: the demo world on SQLite, with mails in a folder."""

from .base import *  # noqa: F403
from .base import VAR, env

SECRET_KEY = env("SECRET_KEY", default="development-only-" + "0" * 40)
DEBUG = env.bool("MARKETPLACE_DEBUG", default=False)
MARKETPLACE_DEMO = env.bool("MARKETPLACE_DEMO", default=True)
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR / "mail"
# The window of `make run` shows what broke; a page that was not found is nobody's fault.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "level": "ERROR"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}
