"""Settings: everything that differs between installations comes from the environment."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.translation import gettext_lazy as _

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("HAMGARA_VAR", ROOT / "var"))


def _secret_key() -> str:
    """The installation's own secret: given, or made once and kept beside the data."""
    if given := os.environ.get("HAMGARA_SECRET_KEY"):
        return given
    path = VAR / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:  # another process of the same start made it first
            pass
    return path.read_text()


# What a page asks takes a few milliseconds; to start a second process for it, or a compiler, would take longer.
SHORT_QUESTIONS = "-c max_parallel_workers_per_gather=0 -c jit=off"


def _database(url: str) -> dict[str, object]:
    """A DATABASE_URL as Django wants it; the socket folder of the embedded server stands in `?host=`."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    wishes = " ".join(filter(None, [SHORT_QUESTIONS, options.pop("options", "")]))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "hamgara",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or options.pop("port", "")),
        # Kept connections are the largest single gain in requests per second.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": wishes, **options},
    }


SECRET_KEY = _secret_key()
DEBUG = os.environ.get("HAMGARA_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("HAMGARA_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("HAMGARA_ORIGINS", "").split(",") if o]
HTTPS = os.environ.get("HAMGARA_HTTPS") == "1"
DATABASES = {"default": _database(os.environ.get("DATABASE_URL", "postgresql:///hamgara"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "hamgara.domain.ledger",
    "hamgara.domain.people",
    "hamgara.domain.organisations",
    "hamgara.domain.publication",
    "hamgara.domain.demands",
    "hamgara.domain.imports",
    "hamgara.domain.commitments",
    "hamgara.domain.oversight",
    "hamgara.domain.moderation",
    "hamgara.domain.indicators",
    "hamgara.domain.search",
    "hamgara.channels",
    "hamgara.web",
]
MIDDLEWARE = [
    "hamgara.web.record.log_files.LogFiles",
    "hamgara.web.page_cache.PageCache",
    "django.middleware.security.SecurityMiddleware",
    "hamgara.web.middleware.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hamgara.web.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "hamgara.web.middleware.SizeOfWhatIsSent",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "hamgara.web.middleware.DomainAnswers",
]
ROOT_URLCONF = "hamgara.urls"
WSGI_APPLICATION = "hamgara.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [ROOT / "hamgara" / "web" / "templates"],
        "OPTIONS": {
            "environment": "hamgara.web.jinja.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "hamgara.web.context.page",
            ],
        },
    },
    {  # only for allauth's own mails and fragments
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]
FORM_RENDERER = "hamgara.web.renderer.Renderer"

# Attempts to sign in are counted, and used codes known, by all web processes together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "people_shared_cache",
        "KEY_FUNCTION": "hamgara.integrations.cache_keys.sealed",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

LANGUAGE_CODE = "fa"
LANGUAGES = [("fa", _("Persian")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_TZ = True
TIME_ZONE = "Asia/Tehran"

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS: list[Path] = []
MEDIA_ROOT = VAR / "media"
IMPORTS_ROOT = VAR / "imports"  # files full of people's data: no page leads there
# The ledger as a public log: its files, and the key that signs it, which no page ever reads.
LOG_ROOT = Path(os.environ.get("HAMGARA_LOG_FOLDER", VAR / "ledger-log"))
LOG_KEY = Path(os.environ.get("HAMGARA_LOG_KEY", VAR / "log-key"))
LOG_ORIGIN = os.environ.get("HAMGARA_LOG_ORIGIN", "")
STORAGES = {
    "default": {"BACKEND": "hamgara.integrations.kept_files.KeptFiles"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 10

SESSION_ENGINE = "hamgara.web.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "hamgara.web.errors.csrf_failure"

# People: a phone or mail code, or a one-time link; no passwords at all.
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/me/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "hamgara.web.accounts.adapter.AccountAdapter"
MFA_ADAPTER = "hamgara.web.accounts.adapter.MFAAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"phone", "email"}
# Whoever signs up gives a number (our form asks for it); people whom the office entered may have a mail address alone.
ACCOUNT_SIGNUP_FIELDS = ["phone", "email"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_PHONE_VERIFICATION_ENABLED = True
# An SMS that was lost, or a digit typed wrong, must not be the end of the way.
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PHONE_VERIFICATION_SUPPORTS_CHANGE = True
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses are shown to be one's own at /me/mail/
ACCOUNT_RATE_LIMITS = {"manage_email": "10/h/user"}  # codes to addresses that may be anybody's
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_FORMS = {
    "login": "hamgara.web.accounts.forms.LoginForm",
    "signup": "hamgara.web.accounts.forms.SignupForm",
    "request_login_code": "hamgara.web.accounts.forms.RequestLoginCodeForm",
    "confirm_login_code": "hamgara.web.accounts.forms.ConfirmLoginCodeForm",
    "verify_phone": "hamgara.web.accounts.forms.VerifyPhoneForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Hamgara"
MFA_TOTP_TOLERANCE = 1  # a code typed while it changes still serves
MFA_FORMS = {
    "authenticate": "hamgara.web.accounts.forms.AuthenticateForm",
    "activate_totp": "hamgara.web.accounts.forms.ActivateTOTPForm",
}

# Outside systems: where no gateway is named, messages wait on the outbox page.
EMAIL_BACKEND = "hamgara.channels.mail.OutboxBackend"
MAIL_GATEWAY = os.environ.get("HAMGARA_MAIL_URL", "")
SMS_GATEWAY = os.environ.get("HAMGARA_SMS_URL", "")
SMS_TOKEN = os.environ.get("HAMGARA_SMS_TOKEN", "")
DEFAULT_FROM_EMAIL = os.environ.get("HAMGARA_MAIL_FROM", "hamgara@localhost")
MAP_TILES = os.environ.get("HAMGARA_MAP_TILES", "")

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_ON_APP_READY = None
SILENCED_SYSTEM_CHECKS = [
    "account.W001",  # people whom the office entered sign in by mail; whoever signs up gives a number
]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "logging.Formatter" if DEBUG else "hamgara.integrations.logs.Line",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"hamgara": {"level": "INFO"}, "procrastinate": {"level": "WARNING"}},
}
