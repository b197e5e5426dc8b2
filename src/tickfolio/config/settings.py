"""Django's settings, all of them, read from the environment. A reader that finds nonsense names the variable and stops.

`TICKFOLIO_MODE` decides what is allowed:

* ``demo`` (the default): a replay of market history for whoever opens the page on this machine;
* ``production``: nothing is guessed, and what is missing or unsafe is refused at start;
* ``test``: for the test suite.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from tickfolio.config.databases import database
from tickfolio.config.feeds import access_of, named_feeds
from tickfolio.config.mail import mailers, sender
from tickfolio.errors import InvalidValue
from tickfolio.feeds.registry import FEED_NAMES
from tickfolio.feeds.replay.config import parse_start, replay_speed
from tickfolio.runtime.data_dir import data_dir
from tickfolio.runtime.product_threads import use_one

SOURCE = Path(__file__).resolve().parent.parent
MODES = ("demo", "production", "test")

use_one()


# ---------- Readers ----------


def read_text(name: str, default: str) -> str:
    """The variable `name`, trimmed, or `default` where it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def read_choice(name: str, default: str, *, choices: tuple[str, ...]) -> str:
    """One of `choices`."""
    value = read_text(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name}: expected one of {', '.join(choices)}, was {value!r}.")
    return value


def read_switch(name: str, *, default: bool) -> bool:
    """``on`` or ``off``."""
    return read_choice(name, "on" if default else "off", choices=("on", "off")) == "on"


def read_list(name: str, default: str = "") -> list[str]:
    """Values between commas."""
    return [value.strip() for value in read_text(name, default).split(",") if value.strip()]


def read_number(name: str, default: int, *, limit: int) -> int:
    """A whole number from 0 to `limit`."""
    value = read_text(name, str(default))
    if not re.fullmatch(r"\d{1,19}", value) or int(value) > limit:
        raise ImproperlyConfigured(f"{name}: expected a whole number from 0 to {limit}, was {value!r}.")
    return int(value)


def read_secret(name: str, *, file: Path) -> str:
    """The variable `name`, or what the first start wrote into `file`; empty where there is neither."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    try:
        return file.read_text(encoding="utf-8").strip() if file.is_file() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(
            f"{name}: expected a secret key in {file}, found: {type(error).__name__}. "
            "Make the file readable, or remove it to have a new one made."
        ) from error


def read_redis(name: str) -> str:
    """``redis://host:port/0``, ``rediss://`` or ``unix://``; empty where it is unset. A refusal repeats nothing of it."""
    url = read_text(name, "")
    try:
        parts = urlsplit(url)
        is_good = not url or (parts.scheme in ("redis", "rediss", "unix") and parts.port != 0)
    except ValueError:
        is_good = False
    if not is_good:
        raise ImproperlyConfigured(
            f"{name}: expected redis://host:port/0, rediss://host:port/0 or unix:///path, was something else."
        )
    return url


def read_replay(name: str, default: str, *, check: Callable[[str], object]) -> str:
    """A choice of the replay, as it is spelt, that `check` accepts."""
    value = read_text(name, default)
    try:
        if value:
            check(value)
    except InvalidValue as error:
        # Readers begin with what was expected; the message goes on from the variable's name.
        raise ImproperlyConfigured(f"{name}: {str(error)[:1].lower()}{str(error)[1:]}") from error
    return value


def read_probes(name: str) -> tuple[str, int] | None:
    """``host:port`` at which a process without pages answers to probes; None where it is unset."""
    value = read_text(name, "")
    host, _, port = value.rpartition(":")
    if value and not (host.strip("[]") and re.fullmatch(r"\d{1,5}", port) and int(port) <= 65535):
        raise ImproperlyConfigured(f"{name}: expected host:port, such as 127.0.0.1:9101, was {value!r}.")
    return (host.strip("[]"), int(port)) if value else None


def read_token(name: str) -> str:
    """What programs prove themselves with; empty where it is unset. A refusal repeats nothing of it."""
    token = read_text(name, "")
    if token and not re.fullmatch(r"[\x21-\x7e]{20,200}", token):
        raise ImproperlyConfigured(
            f"{name}: expected 20 to 200 letters, digits and signs without blanks, was {len(token)} characters "
            "or something else among them."
        )
    return token


def read_replay_switch(name: str, *, feeds: tuple[str, ...]) -> bool:
    """Whether this instance is a replay: not where feeds are named, which a replay has none of."""
    is_replay = read_switch(name, default=not IS_PRODUCTION and not feeds)
    if is_replay and feeds:
        raise ImproperlyConfigured(
            f"{name}: expected off, since TICKFOLIO_FEEDS names feeds and a replay has none, was on."
        )
    return is_replay


# ---------- What this process is ----------

MODE = read_choice("TICKFOLIO_MODE", "demo", choices=MODES)
IS_PRODUCTION = MODE == "production"
DATA_DIR = data_dir(read_text("TICKFOLIO_DATA", ""))
PORT = read_number("TICKFOLIO_PORT", 8000, limit=65535)

TICKFOLIO_MODE, TICKFOLIO_DATA = MODE, DATA_DIR
TICKFOLIO_FEEDS = named_feeds("TICKFOLIO_FEEDS", read_list("TICKFOLIO_FEEDS"))
TICKFOLIO_FEED_ACCESS = {feed: access_of(feed) for feed in FEED_NAMES}
TICKFOLIO_IS_REPLAY = read_replay_switch("TICKFOLIO_REPLAY", feeds=TICKFOLIO_FEEDS)
TICKFOLIO_KIND_IS_NAMED = bool(TICKFOLIO_FEEDS or read_text("TICKFOLIO_REPLAY", ""))
TICKFOLIO_ANONYMOUS_QUOTES = read_switch("TICKFOLIO_ANONYMOUS_QUOTES", default=not IS_PRODUCTION)
TICKFOLIO_REPLAY_SPEED = read_replay("TICKFOLIO_REPLAY_SPEED", "20", check=replay_speed)
TICKFOLIO_REPLAY_START = read_replay("TICKFOLIO_REPLAY_START", "", check=parse_start)
TICKFOLIO_REPLAY_NEW_RUN = read_switch("TICKFOLIO_REPLAY_NEW_RUN", default=False)
TICKFOLIO_REPLAY_SEED = read_number("TICKFOLIO_REPLAY_SEED", 1, limit=2**63)
TICKFOLIO_BARS_DAYS = read_number("TICKFOLIO_BARS_DAYS", 10, limit=3650)
TICKFOLIO_ATTACHMENTS_MIB = read_number("TICKFOLIO_ATTACHMENTS_MIB", 500, limit=100_000)
TICKFOLIO_LOG_FORMAT = read_choice(
    "TICKFOLIO_LOG_FORMAT", "json" if IS_PRODUCTION else "console", choices=("json", "console")
)
REDIS_URL = read_redis("REDIS_URL")
TICKFOLIO_PROBES = read_probes("TICKFOLIO_PROBES")
TICKFOLIO_METRICS_TOKEN = read_token("TICKFOLIO_METRICS_TOKEN")
TICKFOLIO_POSTGRESQL_BIN = read_text("TICKFOLIO_POSTGRESQL_BIN", "")

DEBUG = read_switch("TICKFOLIO_DEBUG", default=False)
SECRET_KEY_FILE = DATA_DIR / "secret_key"
SECRET_KEY = read_secret("TICKFOLIO_SECRET_KEY", file=SECRET_KEY_FILE)
if MODE == "test" and not SECRET_KEY:
    SECRET_KEY = "signs nothing but what the tests make, and production refuses it"  # noqa: S105  # no secret

# ---------- Who may ask ----------

LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = read_list("TICKFOLIO_ALLOWED_HOSTS", "" if IS_PRODUCTION else ",".join(LOOPBACK))
TICKFOLIO_ALLOWED_ORIGINS = read_list(
    "TICKFOLIO_ALLOWED_ORIGINS", "" if IS_PRODUCTION else ",".join(f"http://{host}:{PORT}" for host in LOOPBACK)
)
CSRF_TRUSTED_ORIGINS = [origin for origin in TICKFOLIO_ALLOWED_ORIGINS if origin.startswith("https://")]

# ---------- The application ----------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_vite",
    "channels",
    "tickfolio.config",
    "tickfolio.identity",
    "tickfolio.persistence",
    # Before allauth, whose templates it replaces.
    "tickfolio.web",
    "tickfolio.console",
    "allauth.account",
]
MIDDLEWARE = [
    "tickfolio.web.request_ids.told_apart",  # before all that log
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tickfolio.web.compressed.answer_compressed",
    "tickfolio.web.nul.address_without_nul",
    "tickfolio.web.session_cookie.newer_session_kept",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "tickfolio.web.nul.FormWithoutNul",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tickfolio.web.language.person_language",  # after those that know who asks
    "tickfolio.web.refused_methods.refused_method_told",
    "tickfolio.web.too_large.too_large_told",
    "tickfolio.web.notation.person_notation",
    "tickfolio.web.last_values.session_key_told",
    "tickfolio.web.one_reading.read_once_for_each",
]
ROOT_URLCONF = "tickfolio.config.urls"
ASGI_APPLICATION = "tickfolio.config.asgi.application"
AUTH_USER_MODEL = "identity.User"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "tickfolio.web.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "tickfolio.web.templatetags.spoken"],
        },
    }
]
DATABASES = {
    "default": database(
        "DATABASE_URL", read_text("DATABASE_URL", ""), default=DATA_DIR / "tickfolio.sqlite3", pools=MODE != "test"
    )
}
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "German")]
USE_I18N = True
LOCALE_PATHS = [SOURCE / "web" / "locale"]
FORMAT_MODULE_PATH = "tickfolio.web.formats"

# ---------- People: who may sign in, and how ----------

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "tickfolio.identity.hashers.Argon2idHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email"]},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 86_400
SESSION_COOKIE_AGE = 30 * 86_400
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "web:home"
LOGOUT_REDIRECT_URL = "web:home"
TICKFOLIO_SIGN_UP = read_switch("TICKFOLIO_SIGN_UP", default=not IS_PRODUCTION)

# Without a mail server nothing can be verified and nothing is ever sent; the operator's command gives reset links.
MAILERS = mailers("TICKFOLIO_EMAIL_URL", read_text("TICKFOLIO_EMAIL_URL", ""))
DEFAULT_FROM_EMAIL = sender(
    "TICKFOLIO_EMAIL_FROM", read_text("TICKFOLIO_EMAIL_FROM", "" if MAILERS else "tickfolio@localhost")
)
SILENCED_SYSTEM_CHECKS = [] if MAILERS else ["mail.W001"]

ACCOUNT_ADAPTER = "tickfolio.identity.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if MAILERS else "none"
ACCOUNT_EMAIL_NOTIFICATIONS = bool(MAILERS)
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 1
ACCOUNT_FORMS = {
    "login": "tickfolio.web.forms.people.SignInForm",
    "signup": "tickfolio.web.forms.people.SignUpForm",
    "change_password": "tickfolio.web.forms.people.PasswordChangeForm",
    "reset_password": "tickfolio.web.forms.people.PasswordResetForm",
    "reset_password_from_key": "tickfolio.web.forms.people.NewPasswordForm",
}
# A failed sign-in counts against its address and against the e-mail address it was tried with.
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
# Whose address counts: the one that so many proxies before this server have written down.
ALLAUTH_TRUSTED_PROXY_COUNT = read_number("TICKFOLIO_TRUSTED_PROXIES", 1 if IS_PRODUCTION else 0, limit=9)
# The counts are in the memory of this process; so many keys that nobody can push another's out with a few thousand tries.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100_000}}}

# ---------- Static files: built by Vite, named by their content ----------

STATIC_URL = "static/"
STATIC_ROOT = SOURCE / "web" / "static"
WHITENOISE_ROOT = STATIC_ROOT / "root"  # what browsers ask for at the root, such as /favicon.ico
WHITENOISE_USE_FINDERS = False
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/build/assets/.+-[\w-]{8}\.\w+$"
BUILD_MANIFEST = STATIC_ROOT / "build" / ".vite" / "manifest.json"
DJANGO_VITE = {"default": {"dev_mode": False, "manifest_path": BUILD_MANIFEST, "static_url_prefix": "build"}}


def read_build(stamp: Path) -> str:
    """The build's name: what `dev` wrote beside the built pages, so that an old page knows a new server."""
    return stamp.read_text(encoding="utf-8").strip()[:16] if stamp.is_file() else "unbuilt"


TICKFOLIO_BUILD = read_text("TICKFOLIO_BUILD", read_build(STATIC_ROOT / "build" / ".sources.sha256"))

# ---------- Security ----------

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
if IS_PRODUCTION:
    # TLS ends at the reverse proxy, which must set this header itself and drop a client's own.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    # Probes ask from inside, over plain HTTP.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^livez$", r"^readyz$", r"^metrics$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrf"

# Logs are set up by the process (runtime/logs.py), not by Django.
LOGGING_CONFIG = None
