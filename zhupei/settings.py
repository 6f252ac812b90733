"""Every setting of zhupei, in one file, from the environment.

With no environment at all this runs a complete site from one folder: SQLite and
local files under ``./data``. A province sets the variables of docs/operate/settings.md
and nothing else.
"""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

PACKAGE = Path(__file__).resolve().parent
MIB = 1024 * 1024  # bytes


def env(name: str, default: str | None = None) -> str:
    """Read ``ZHUPEI_<name>``, or the file named by ``ZHUPEI_<name>_FILE`` (secrets)."""
    if path := os.environ.get(f"ZHUPEI_{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    value = os.environ.get(f"ZHUPEI_{name}", default)
    if value is None:
        raise ImproperlyConfigured(f"请设置环境变量 ZHUPEI_{name}（说明见 docs/operate/settings.md）")
    return value


def env_flag(name: str, *, default: bool) -> bool:
    value = env(name, "on" if default else "off")
    if value not in ("on", "off"):
        raise ImproperlyConfigured(f"ZHUPEI_{name}={value!r}：只能是 on 或 off")
    return value == "on"


def env_chosen(name: str, default: str, choices: tuple[str, ...]) -> list[str]:
    """Some of ``choices``, separated by commas, in their own order."""
    given = [word.strip() for word in env(name, default).split(",") if word.strip()]
    if not given or set(given) - set(choices):
        raise ImproperlyConfigured(
            f"ZHUPEI_{name}={','.join(given)!r}：只能是 {','.join(choices)} 中的一项或几项"
        )
    return [word for word in choices if word in given]


def written_by_init(name: str) -> str:
    """A secret that ``zhupei init`` left in the data folder; empty before that."""
    path = DATA / name
    return path.read_text(encoding="utf-8").strip() if path.is_file() else ""


# --- Where we are --------------------------------------------------------------------
DATA = Path(env("DATA", "data")).resolve()
SITE_URL = env("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
IS_HTTPS = SITE_URL.startswith("https://")
IS_DEMO = (DATA / "demo").exists()  # the demo marks its folder, so that every page can say so
DEBUG = env_flag("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", written_by_init("secret_key"))
KEYS_FILE = Path(os.environ.get("ZHUPEI_KEYS_FILE", DATA / "keys.json"))
ALLOWED_HOSTS = [urlsplit(SITE_URL).hostname or "127.0.0.1"]
if IS_DEMO or ALLOWED_HOSTS[0] in ("127.0.0.1", "localhost"):  # on this computer both are the same site
    ALLOWED_HOSTS = list({*ALLOWED_HOSTS, "127.0.0.1", "localhost"})
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# Number of reverse proxies in front; the visitor's address is that many places from the
# right in X-Forwarded-For. 0: nobody is in front, the header is not believed.
TRUSTED_PROXIES = int(env("TRUSTED_PROXIES", "0"))

if IS_HTTPS and DEBUG:
    raise ImproperlyConfigured("https 站点不能打开 ZHUPEI_DEBUG")

# --- The province's own words ----------------------------------------------------------
PLATFORM_NAME = env("PLATFORM_NAME", "湖北省住培公共服务平台")
# "标签:号码" pairs, separated by commas
SERVICE_PHONES = env("SERVICE_PHONES", "技术咨询:027-5555-0142,业务咨询:027-5555-0143,全省统一:400-555-0199")
SERVICE_HOURS = env("SERVICE_HOURS", "工作日 8:30–17:30")
CHROME_URL = env("CHROME_URL", "https://www.google.cn/chrome/")
TRACKS = env_chosen("TRACKS", "西医", ("西医", "中医", "助理全科"))  # the doors of the portal that are open

# --- Database: SQLite until ZHUPEI_DB_HOST is given -----------------------------------
DATABASES: dict[str, dict[str, object]] = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA / "zhupei.sqlite3",
        # IMMEDIATE: a write transaction takes its lock at the start, so two reviewers
        # queue for a moment instead of one of them failing with "database is locked".
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,  # seconds
            "init_command": (
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA mmap_size = 134217728;"
            ),
        },
    }
}
if host := env("DB_HOST", ""):
    DATABASES["default"] = {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": host,
        "PORT": env("DB_PORT", "5432"),
        "NAME": env("DB_NAME", "zhupei"),
        "USER": env("DB_USER", "zhupei"),
        "PASSWORD": env("DB_PASSWORD"),
        "CONN_MAX_AGE": 60,  # seconds
        "CONN_HEALTH_CHECKS": True,  # a restarted server costs nobody a request
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"  # only audit.Event, which needs an order

# --- What runs ---------------------------------------------------------------------------
INSTALLED_APPS = [
    # ours, in dependency order: each may import only those above it
    "zhupei.audit",
    "zhupei.accounts",
    "zhupei.web",
    "zhupei.notifications",
    "zhupei.organisations",
    "zhupei.worker",
    "zhupei.files",
    "zhupei.training",
    "zhupei.completion",
    "zhupei.handoff",
    "zhupei.support",
    "zhupei.administration",
    "zhupei.home",
    "zhupei.demo",
    # Django's and others'
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "csp",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "zhupei.files.uploading.leave_no_temporary_file",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "zhupei.web.middleware.refuse_nul",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "zhupei.accounts.middleware.end_idle_sessions",
    "zhupei.web.middleware.keep_what_was_typed",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",  # closed by default
    "zhupei.accounts.middleware.ask_for_a_password_first",
    "zhupei.web.middleware.keep_pages_private",
    "zhupei.web.middleware.explain_wrong_method",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "zhupei.urls"
WSGI_APPLICATION = "zhupei.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "zhupei.home.context.frame",
            ],
            "builtins": [
                "django.templatetags.static",
                "django_htmx.templatetags.django_htmx",
                "template_partials.templatetags.partials",
                "zhupei.web.templatetags.zhupei",
            ],
        },
    }
]

# --- Who is it? ----------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["zhupei.accounts.backends.PersonBackend"]
PASSWORD_HASHERS = ["zhupei.accounts.hashers.Argon2id"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "zhupei.accounts.validators.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "zhupei.accounts.validators.NotAboutYourself"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/home/"
SESSION_COOKIE_AGE = 12 * 3600  # seconds
SESSION_IDLE = 30 * 60  # seconds without a request
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "session"
SESSION_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrf"
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
KEPT_COOKIE_NAME = "__Host-kept" if IS_HTTPS else "kept"  # where web.kept keeps what was typed
CSRF_FAILURE_VIEW = "zhupei.web.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# --- Headers --------------------------------------------------------------------------------
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Files ----------------------------------------------------------------------------------
FILES = DATA / "files"
FILE_UPLOAD_HANDLERS = ["zhupei.files.uploading.LimitedUploadHandler"]
FILE_UPLOAD_MAX_FILE = 20 * MIB  # of one picture, as it arrives
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 1 * MIB  # of all typed fields of a request
DATA_UPLOAD_MAX_NUMBER_FILES = 20
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Background tasks: rows of the same database, enqueued in the transaction that needs them --
TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "OPTIONS": {"id_function": "uuid_utils.compat.uuid7"},
    }
}
# A worker that has not reported for so long is gone, and its task is given to another.
WORKER_LEASE = timedelta(seconds=int(env("WORKER_LEASE", "60")))

# --- Language and time ------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
FORM_RENDERER = "zhupei.web.forms.Renderer"

# --- Logs: to standard output; ids only, and a filter for what slips through -----------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"masked": {"()": "zhupei.web.logs.MaskNumbers"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["masked"], "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
