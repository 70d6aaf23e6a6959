"""Settings, read from the environment (NAMRO_*, DATABASE_URL).

One installation lives in one folder, NAMRO_HOME: database, store, files, secret key.
"""

import os
import secrets
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF

ROOMS = [
    "frame",
    "org",
    "plans",
    "facts",
    "reporting",
    "results",
    "oversight",
    "exchange",
    "papers",
    "dashboard",
]

NAMRO_HOME = Path(os.environ.get("NAMRO_HOME", "var")).resolve()
NAMRO_STORE = NAMRO_HOME / "store"
NAMRO_FILES = NAMRO_HOME / "files"
NAMRO_NAME = os.environ.get("NAMRO_NAME", "Năm Rõ")
NAMRO_PLACE = os.environ.get("NAMRO_PLACE", "Đảng ủy UBND tỉnh Lai Châu")
# The address letters and calendars link to, as seen by the people who get them.
NAMRO_ADDRESS = os.environ.get("NAMRO_ADDRESS", "")
NAMRO_MAX_UPLOAD = int(os.environ.get("NAMRO_MAX_UPLOAD_MB", "60")) * 1024 * 1024


def _secret_key() -> str:
    """From the environment, else made once and kept in the installation's folder."""
    if given := os.environ.get("NAMRO_SECRET_KEY"):
        return given
    kept = NAMRO_HOME / "secret.key"
    if not kept.exists():
        NAMRO_HOME.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(50))
    return kept.read_text().strip()


SECRET_KEY = _secret_key()
DEBUG = os.environ.get("NAMRO_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("NAMRO_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
NAMRO_HTTPS = os.environ.get("NAMRO_HTTPS") == "1"
# Addresses of the gateways in front, as the site sees them; their X-Forwarded-For is believed.
NAMRO_PROXIES = frozenset(a for a in os.environ.get("NAMRO_PROXIES", "").split(",") if a)
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("NAMRO_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "axes",
    "csp",
    *(f"namro.web.{room}" for room in ROOMS),
]

MIDDLEWARE = [
    "namro.web.frame.proxies.ProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "namro.web.frame.compressed.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "namro.web.frame.entered.PlainTextMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "namro.web.org.middleware.IdleMiddleware",
    "namro.web.org.middleware.PasswordChangeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "namro.web.org.middleware.PlainRefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "namro.web.config.urls"
WSGI_APPLICATION = "namro.web.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "namro.web.config.menu.frame",
            ],
            "builtins": ["namro.web.frame.templatetags.writing"],
        },
    }
]

DATABASES = {
    "default": dj_database_url.config(
        default=f"sqlite:///{NAMRO_HOME / 'namro.sqlite3'}", conn_max_age=60
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # IMMEDIATE: a writer waits for its turn at the start, never fails half-way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
            "PRAGMA mmap_size=134217728; PRAGMA cache_size=-20000; PRAGMA foreign_keys=ON"
        ),
    }

AUTH_USER_MODEL = "org.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "namro.web.org.backends.PostsBackend",
]
LOGIN_URL = "org:login"
LOGIN_REDIRECT_URL = "dashboard:home"
LOGOUT_REDIRECT_URL = "org:login"
CSRF_FAILURE_VIEW = "namro.web.frame.refusals.stale_form"
# TCVN 14423:2026: 14 characters of all four classes where there is no second factor.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "namro.web.org.passwords.UnlikeThePersonValidator"},
    {"NAME": "namro.web.org.passwords.UncommonValidator"},
    {
        "NAME": "namro.web.org.passwords.LengthValidator",
        "OPTIONS": {"min_length": 14},
    },
    {"NAME": "namro.web.org.passwords.FourClassesValidator"},
]
# Lock after five failed sign-ins of an account from an address; session lock after 15 idle minutes.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "org/locked.html"
AXES_VERBOSE = False
AXES_ENABLE_ACCESS_FAILURE_LOG = True
SESSION_ENGINE = "namro.web.frame.sessions"
SESSION_COOKIE_AGE = int(os.environ.get("NAMRO_IDLE_MINUTES", "15")) * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = NAMRO_HTTPS
SECURE_SSL_REDIRECT = NAMRO_HTTPS
SECURE_HSTS_SECONDS = 31536000 if NAMRO_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if NAMRO_HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
    }
}

LANGUAGE_CODE = "vi"
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/tinh/"
STATIC_ROOT = NAMRO_HOME / "static"
_collected = (STATIC_ROOT / "staticfiles.json").exists() and not DEBUG
WHITENOISE_USE_FINDERS = not _collected
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _collected or os.environ.get("NAMRO_COLLECT")
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 300  # a document of 200 pictures; more is refused in words
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

EMAIL_BACKEND = os.environ.get(
    "NAMRO_EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = NAMRO_HOME / "outbox"
EMAIL_HOST = os.environ.get("NAMRO_EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("NAMRO_EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("NAMRO_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("NAMRO_EMAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("NAMRO_EMAIL_TLS") == "1"
DEFAULT_FROM_EMAIL = os.environ.get("NAMRO_EMAIL_FROM", "namro@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "namro": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
