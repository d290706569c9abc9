"""Settings shared by every way of running. The only module that reads the environment."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF

env = environ.Env()
ROOT = Path(__file__).resolve().parents[2]
VAR = Path(env("MARKETPLACE_VAR", default=str(ROOT / "var")))

SECRET_KEY = env("SECRET_KEY", default="")
DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])
ROOT_URLCONF = "marketplace.urls"
WSGI_APPLICATION = "marketplace.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "marketplace.demo",
    "marketplace.dashboard",
    "marketplace.operations",
    "cms",
    "marketplace.transparency",
    "marketplace.notifications",
    "marketplace.contracts",
    "marketplace.sponsorship",
    "marketplace.ventures",
    "marketplace.procurement",
    "marketplace.planning",
    "marketplace.funds",
    "marketplace.organizations",
    "marketplace.people",
    "marketplace.web",
    "marketplace.publication",
    "marketplace.documents",
    "marketplace.accounts",
    "marketplace.lifecycle",
    "marketplace.audit",
    "marketplace.core",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django_filters",
    "rules.apps.AutodiscoverRulesConfig",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "marketplace.procurement.middleware.ReceivedAtMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "marketplace.web.middleware.EditorPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "marketplace.core.middleware.ClockMiddleware",
    "marketplace.accounts.middleware.ActorMiddleware",
    "marketplace.accounts.middleware.SecondFactorMiddleware",
    "marketplace.accounts.middleware.KeptFormMiddleware",
    "marketplace.procurement.middleware.HiddenErrorsMiddleware",
]

CSRF_FAILURE_VIEW = "marketplace.accounts.csrf.csrf_failure"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "marketplace.web.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "marketplace.web.templatetags.web",
                "marketplace.web.templatetags.rulebook",
            ],
        },
    },
]

SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;PRAGMA secure_delete=ON;",
}
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR / 'yizhao.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
CACHES = {"default": env.cache("REDIS_URL", default="locmemcache://")}
EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env("MARKETPLACE_MAIL_FROM", default="益招 <no-reply@localhost>")

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/workspace/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_SIGNUP_FORM_CLASS = "marketplace.accounts.forms.SignupForm"
ACCOUNT_FORMS = {"login": "marketplace.accounts.sign_in.SignInForm"}
ACCOUNT_ADAPTER = "marketplace.accounts.adapters.AccountAdapter"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[益招] "
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
MFA_ADAPTER = "marketplace.accounts.adapters.SecondFactorAdapter"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Yizhao"
MFA_TOTP_TOLERANCE = 1  # one period before and after: phones are seldom exact

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
LOCALE_PATHS = [
    ROOT / "marketplace" / "transparency" / "locale_proof",
    ROOT / "marketplace" / "procurement" / "locale_tender",
    ROOT / "marketplace" / "procurement" / "locale_bids",
    ROOT / "marketplace" / "procurement" / "locale_review",
    ROOT / "marketplace" / "ventures" / "locale_application",
    ROOT / "marketplace" / "ventures" / "locale_assessment",
]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

# Nothing but our own files; the editors' interface is more liberal (web.middleware).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "SAMEORIGIN"  # previews of the editors' interface; the policy above forbids frames elsewhere

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR / "media"
WHITENOISE_USE_FINDERS = True

WAGTAIL_SITE_NAME = "益招"
WAGTAIL_I18N_ENABLED = True
WAGTAILADMIN_BASE_URL = env("MARKETPLACE_BASE_URL", default="http://localhost:8000")
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False  # passwords and addresses are kept under /accounts/
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False

DEFAULT_EXCEPTION_REPORTER_FILTER = "marketplace.procurement.error_reports.SealedReporterFilter"

# Ours
MARKETPLACE_BASE_URL = WAGTAILADMIN_BASE_URL
MARKETPLACE_DEMO = env.bool("MARKETPLACE_DEMO", default=False)
# Media that a provincial or higher finance department designated for notices (R-PUB-01).
MARKETPLACE_MEDIA = env.list("MARKETPLACE_MEDIA", default=["中国政府采购网", "上海政府采购网"])
MARKETPLACE_FILES = VAR / "files"
MARKETPLACE_SEAL_KEY = Path(env("MARKETPLACE_SEAL_KEY", default=str(VAR / "keys" / "seal.key")))
MARKETPLACE_LOG_KEY = Path(env("MARKETPLACE_LOG_KEY", default=str(VAR / "keys" / "log.key")))

# Sponsors pay by bank transfer; with keys also through Stripe.
STRIPE_SECRET_KEY = env("STRIPE_SECRET_KEY", default="")
STRIPE_WEBHOOK_SECRET = env("STRIPE_WEBHOOK_SECRET", default="")
STRIPE_API_BASE = env("STRIPE_API_BASE", default="https://api.stripe.com")
STRIPE_PAYMENT_METHODS = env.list("STRIPE_PAYMENT_METHODS", default=["card", "alipay", "wechat_pay"])
MARKETPLACE_CURRENCY = env("MARKETPLACE_CURRENCY", default="CNY").upper()
