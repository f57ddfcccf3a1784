"""Django settings, read from the environment at the top and strict about every value.

With no environment at all it is the demonstration: SQLite under `var/`, a secret made once and kept there, synthetic
residents and demo sign-ins. `ENDEAVOUR_MODE=production` refuses to start with any of those (see `core/checks.py`).
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONCE
from django.core.exceptions import ImproperlyConfigured

from endeavour.paths import var_dir


def _env(name: str, default: str = "") -> str:
    """The value of `name`, or of the file that `name_FILE` points to: secrets belong in files."""
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE names {path}, which cannot be read: {error}") from error
    return os.environ.get(name, default)


def _choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = _env(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} is '{value}'. Set it to one of: {', '.join(allowed)}.")
    return value


def _database(url: str) -> dict[str, object]:
    """Django's settings for a database URL: `sqlite:///path` or `postgresql://user@host:port/name`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]),
            # The default (deferred) transaction takes its write lock late, and two that meet both fail with
            # 'database is locked' at once; IMMEDIATE takes it first and waits its turn.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000; "
                "PRAGMA foreign_keys=ON; PRAGMA cache_size=-32000;",
            },
            "TEST": {"NAME": os.environ.get("ENDEAVOUR_TEST_SQLITE") or None},
        }
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "TEST": {"NAME": os.environ.get("ENDEAVOUR_TEST_POSTGRES", "test_endeavour")},
        }
    raise ImproperlyConfigured(
        f"DATABASE_URL starts with '{parts.scheme}'. Use sqlite:///PATH or postgresql://USER@HOST:5432/NAME."
    )


def _secret_key(mode: str) -> str:
    if key := _env("SECRET_KEY"):
        return key
    if mode == "production":
        raise ImproperlyConfigured("Set SECRET_KEY (or SECRET_KEY_FILE) to 50 or more random characters.")
    kept = var_dir() / "secret-key"
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT, 0o600), "w") as handle:
            handle.write(secrets.token_urlsafe(50))
    return kept.read_text(encoding="utf-8") or secrets.token_urlsafe(50)


MODE = _choice("ENDEAVOUR_MODE", "demo", ("demo", "production"))
PRODUCTION = MODE == "production"
DEMO = MODE == "demo"
PACK = _env("ENDEAVOUR_PACK", "mse")
ENGINE = _choice("ENDEAVOUR_ENGINE", "duckdb", ("duckdb", "spark"))
PUBLIC_URL = _env("ENDEAVOUR_PUBLIC_URL", "http://localhost:8000")

DEBUG = False
SECRET_KEY = _secret_key(MODE)
ALLOWED_HOSTS = _env("ENDEAVOUR_HOSTS", "" if PRODUCTION else "localhost,127.0.0.1,[::1],testserver").split(
    ","
)
DATABASES = {"default": _database(_env("DATABASE_URL") or f"sqlite:///{var_dir() / 'endeavour.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "endeavour.core",
    "endeavour.strategy",
    "endeavour.governance",
    "endeavour.population",
    "endeavour.frontdoor",
    "endeavour.website",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "endeavour.website.pages_kept.KeptPagesMiddleware",
    "endeavour.frontdoor.middleware.EmergencyCardMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "endeavour.population.middleware.AskAgainMiddleware",
    "endeavour.website.middleware.UserErrorMiddleware",
]
ROOT_URLCONF = "endeavour.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "endeavour.website.context.shell",
            ],
            "builtins": ["endeavour.website.templatetags.nhs"],
        },
    }
]

AUTH_USER_MODEL = "core.Person"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/desk"
LOGOUT_REDIRECT_URL = "/"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(_env("ENDEAVOUR_STATIC", str(var_dir() / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "endeavour.website.storage.StaticFiles"},
}
WHITENOISE_USE_FINDERS = DEMO
WHITENOISE_MANIFEST_STRICT = False
MEDIA_ROOT = var_dir() / "papers"

EMAIL_BACKEND = _env("ENDEAVOUR_EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = var_dir() / "mail"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'", NONCE],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 60 * 60
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# No request's address bar, form or person is logged: only method, path without its query, and status.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["stderr"],
        "level": _choice("ENDEAVOUR_LOG", "WARNING", ("DEBUG", "INFO", "WARNING", "ERROR")),
    },
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
