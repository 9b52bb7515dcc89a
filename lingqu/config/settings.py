"""Django settings: one file, read from the environment and the data folder (`config/home.py`)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from psycopg import IsolationLevel

from lingqu.config import limits
from lingqu.config.home import connection, current_home, web_port
from lingqu.config.proxies import networks

PACKAGE = Path(__file__).resolve().parent.parent
HOME = current_home()
ROLE = os.environ.get("LINGQU_DATABASE_ROLE", "app")
DEBUG = False
# Tools that only read the code (type checker, linters) import the settings in a place where no installation exists.
INSTALLED = HOME.secrets_file.exists()
SECRET_KEY = HOME.secrets()["django_secret"] if INSTALLED else "no-installation-no-sessions"
ALLOWED_HOSTS = [host.strip() for host in os.environ.get("LINGQU_HOSTS", "localhost,127.0.0.1,[::1]").split(",")]
CSRF_TRUSTED_ORIGINS = [origin.strip() for origin in os.environ.get("LINGQU_ORIGINS", "").split(",") if origin.strip()]
SECURE = bool(CSRF_TRUSTED_ORIGINS) and all(origin.startswith("https://") for origin in CSRF_TRUSTED_ORIGINS)
PROXIES = networks(os.environ.get("LINGQU_PROXIES", ""))
METRICS_TOKEN = os.environ.get("LINGQU_METRICS_TOKEN", "")
RATES = os.environ.get("LINGQU_RATES", "on") != "off"
DEMO = (HOME.path / "demo.json").exists()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "lingqu.documents",  # before allauth, whose pages we draw ourselves
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "lingqu.base",
    "lingqu.audit",
    "lingqu.organisation",
    "lingqu.notices",
    "lingqu.approvals",
    "lingqu.duties",
    "lingqu.ledger",
    "lingqu.policy",
    "lingqu.catalogue",
    "lingqu.partners",
    "lingqu.credit",
    "lingqu.inventory",
    "lingqu.orders",
    "lingqu.returns",
    "lingqu.settlement",
    "lingqu.rehearsal",
    "lingqu.desk",
    "lingqu.opening",
    "lingqu.config",
]
# A module that declares itself in `module.py` needs no line above; `config` stays the last, so that all are loaded before it is ready.
INSTALLED_APPS[-1:-1] = [
    found for folder in sorted(PACKAGE.glob("*/module.py")) if (found := f"lingqu.{folder.parent.name}") not in INSTALLED_APPS
]

MIDDLEWARE = [
    "lingqu.config.proxies.ProxyMiddleware",
    "lingqu.config.watch.middleware.WatchMiddleware",
    "lingqu.config.middleware.ContentPolicyMiddleware",
    "lingqu.config.middleware.HostMiddleware",
    "lingqu.config.sizes.SizeMiddleware",
    "lingqu.config.rates.RateMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lingqu.config.middleware.LanguageMiddleware",
    "lingqu.config.middleware.InterfaceMiddleware",
    "lingqu.config.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "lingqu.config.urls"
WSGI_APPLICATION = "lingqu.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["lingqu.base.templatetags.forms"],  # every form has a key
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lingqu.config.context.shell",
            ],
        },
    },
]

_database = os.environ.get("LINGQU_DATABASE_NAME")  # another database of the same server: tests and drills
_parts: dict[str, Any] = (
    dict(connection(HOME, "owner" if ROLE == "owner" else "app", database=_database)) if INSTALLED else {"dbname": "lingqu"}
)
SESSION = {
    "plan_cache_mode": "force_generic_plan",
    "random_page_cost": 1.1,  # what is asked is in memory or on a disk without a head
    "statement_timeout": 1_000 * (limits.JOB_STATEMENT_SECONDS if os.environ.get("LINGQU_JOBS") else limits.WEB_STATEMENT_SECONDS),
    "lock_timeout": 1_000 * limits.LOCK_SECONDS,
    "idle_in_transaction_session_timeout": 1_000 * limits.IDLE_SECONDS,
}
DATABASES = {
    "default": {
        "ENGINE": "lingqu.config.database",
        "NAME": _parts.pop("dbname"),
        "HOST": _parts.pop("host", ""),
        "PORT": _parts.pop("port", ""),
        "USER": _parts.pop("user", ""),
        "PASSWORD": _parts.pop("password", ""),
        # One connection per thread, kept open: the server has few threads, so a pool would only add a hand-over.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": _parts
        | {
            "isolation_level": IsolationLevel.READ_COMMITTED,  # pinned: the limits are proved under it, and only under it
            "application_name": "lingqu",
            "connect_timeout": 2,  # seconds; what is connected and silent is given up by lingqu.config.database
            "tcp_user_timeout": 10_000,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            # The hand-written statements (lingqu.base.database) are prepared on the server, and planned once per connection:
            # None, Django's default, forbids the one, and an array as a parameter would prevent the other.
            "prepare_threshold": 5,
            "options": " ".join(f"-c {name}={value}" for name, value in SESSION.items()) if ROLE == "app" else "",
        },
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "organisation.SignIn"
AUTHENTICATION_BACKENDS = ["lingqu.organisation.sign_in.PersonBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = []  # the rules stand in organisation/rules.py, for every way to set a password
MOST_FAILURES_PER_NAME = 10
MOST_FAILURES_PER_ADDRESS = 100
FAILURE_MINUTES = 15
SECOND_FACTOR = os.environ.get("LINGQU_SECOND_FACTOR", "off" if DEMO else "hq")  # who needs a code after the password: hq, all, off
if SECOND_FACTOR not in {"hq", "all", "off"}:
    message = "LINGQU_SECOND_FACTOR must be hq, all or off"
    raise ImproperlyConfigured(message)
SECOND_FACTOR_KEY = HOME.secrets()["second_factor_key"] if INSTALLED else "no-installation-no-codes"
# Links that people are sent begin with this: never with what a request says of the host.
PUBLIC_ADDRESS = next((origin.rstrip("/") for origin in CSRF_TRUSTED_ORIGINS if "*" not in origin), f"http://127.0.0.1:{web_port()}")
MFA_ADAPTER = "lingqu.organisation.sign_in.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
ACCOUNT_RATE_LIMITS = False  # counted by organisation/actions/tries.py: the library counts in the memory of each process
ACCOUNT_ADAPTER = "lingqu.organisation.sign_in.ClosedDoorAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

SESSION_ENGINE = "lingqu.organisation.sign_in"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "lingqu_session"
SESSION_COOKIE_AGE = 60 * 60 * 12
CSRF_COOKIE_NAME = "lingqu_csrf"
CSRF_FAILURE_VIEW = "lingqu.config.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE  # behind TLS, as the origins say (docs/start/hardening.md)
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SECURE else 0

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "lingqu_language"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME.path / "static"
COLLECTED = (STATIC_ROOT / "collected-from").exists() or bool(os.environ.get("LINGQU_COLLECT"))
WHITENOISE_USE_FINDERS = not COLLECTED
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MESSAGE_STORAGE = "lingqu.config.messages.FewMessages"
DATA_UPLOAD_MAX_MEMORY_SIZE = limits.BODY_BYTES
DATA_UPLOAD_MAX_NUMBER_FIELDS = limits.FIELDS
DATA_UPLOAD_MAX_NUMBER_FILES = limits.FILES
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "lingqu.config.watch.lines.LineFormatter"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        "jobs": {"()": "lingqu.config.watch.lines.JobLines"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "lingqu": {"level": "INFO"},
        # Every answer has a line; what went wrong in the code (500) has a second one, with its places.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},
        "procrastinate.worker": {"handlers": ["jobs"], "level": "INFO", "propagate": False},
    },
}
