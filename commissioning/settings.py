"""Settings, read from the environment.

`COMMISSIONING_MODE` is `production` unless something says otherwise, and production refuses to start while a
secret, a host or the database is missing. `./run` sets `demonstration`, the tests set `test`.
"""

import os
from email.utils import getaddresses
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

MODE = env.str("COMMISSIONING_MODE", default="production")
if MODE not in {"production", "demonstration", "test"}:
    raise ImproperlyConfigured(f"COMMISSIONING_MODE is {MODE!r}; use production, demonstration or test.")
PRODUCTION = MODE == "production"
DEMONSTRATION = MODE == "demonstration"
DEBUG = False


def _required(name: str, fallback: str) -> str:
    """A setting that production must be given; elsewhere the fallback serves."""
    value: str = env.str(name, default="")
    if value:
        return value
    if PRODUCTION:
        raise ImproperlyConfigured(
            f"{name} is not set. Production needs SECRET_KEY, ALLOWED_HOSTS and DATABASE_URL; "
            "see docs/deployment.md, or start the example with ./run."
        )
    return fallback


def _default_data_folder() -> Path:
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/commissioning")
    return BASE_DIR / "var"


DATA_DIR = Path(env.str("COMMISSIONING_DATA", default="") or _default_data_folder())

SECRET_KEY = _required("SECRET_KEY", "only-for-the-example-and-the-tests-" + "0" * 32)
# Earlier ones, while what they sealed (second factors) is still about.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = [host for host in _required("ALLOWED_HOSTS", "127.0.0.1,localhost,testserver").split(",") if host]
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_ADDRESS = env.str("SITE_ADDRESS", default="http://127.0.0.1:8000").rstrip("/")

# --- Database -------------------------------------------------------------------------------------------------------

DATABASE_URL = _required("DATABASE_URL", "postgres:///commissioning")
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
DATABASES["default"].update(ATOMIC_REQUESTS=True, CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
# A named cursor cannot carry the scope with its statement, nor live behind a pool of transactions.
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
if "postgresql" not in DATABASES["default"]["ENGINE"]:
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database.")
# The role that owns the tables and migrates; without it the one role migrates and then drops to a lesser one.
_OWNER_URL = env.str("DATABASE_OWNER_URL", default="")
DATABASE_OWNER = env.db_url_config(_OWNER_URL) if _OWNER_URL and _OWNER_URL != DATABASE_URL else {}
# Seconds that a transaction may wait for a lock, that one statement may take, and that it may stand idle: for a page
# that somebody waits for, and for background work and commands (see core.limits).
DATABASE_LIMITS = {
    "page": {
        "lock_timeout": env.int("PAGE_LOCK_SECONDS", default=5),
        "statement_timeout": env.int("PAGE_STATEMENT_SECONDS", default=30),
        "idle_in_transaction_session_timeout": 60,
    },
    "work": {"lock_timeout": 60, "statement_timeout": 30 * 60, "idle_in_transaction_session_timeout": 30 * 60},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Applications ---------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "pgtrigger",
    "pghistory",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_forms_gds",
    "csp",
    "django_filters",
    "commissioning.core",
    "commissioning.audit",
    "commissioning.accounts",
    "commissioning.backup",
    "providers",
    "people",
    "outcomes",
    "finance",
    "commissioning.overview",
    "commissioning.interchange",
    "commissioning.reports",
    "commissioning.rights",
    "commissioning.demo",
]

MIDDLEWARE = [
    # Headers first, so that they are on what the others turn away too.
    "commissioning.core.middleware.PrivatePages",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "commissioning.core.middleware.SecondTry",
    "commissioning.accounts.middleware.NothingInSight",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "commissioning.accounts.sign_in_log.SignInLog",
    "commissioning.accounts.middleware.CurrentActor",
    "commissioning.accounts.uploads.UploadLimits",
    "commissioning.accounts.middleware.SecondStepFirst",
    "commissioning.audit.middleware.History",
    "commissioning.accounts.middleware.DeclaredRoutesOnly",
    "commissioning.core.middleware.Answered",
]

ROOT_URLCONF = "commissioning.urls"
WSGI_APPLICATION = "commissioning.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "commissioning.accounts.context_processors.actor",
            ],
            "builtins": [
                "commissioning.core.templatetags.ui",
                "commissioning.core.templatetags.govuk",
                "commissioning.accounts.templatetags.navigation",
                "crispy_forms.templatetags.crispy_forms_tags",
            ],
        },
    }
]
FORM_RENDERER = "commissioning.core.forms.Renderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("gds",)
CRISPY_TEMPLATE_PACK = "gds"

# --- Language and time ----------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

# --- Static files ---------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # A manifest breaks the tests' live server, which serves files that were never collected.
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE == "test"
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = MODE == "test"
WHITENOISE_AUTOREFRESH = MODE == "test"

# --- Sign-in --------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["commissioning.accounts.passwords.PasswordHasher"]
if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": "commissioning.accounts.passwords.NotGuessedFirst"},
    {"NAME": "commissioning.accounts.breached.NotBreached"},
]
# A list of SHA-1s of stolen passwords, in order (see accounts.breached).
BREACHED_PASSWORDS = Path(env.str("BREACHED_PASSWORDS")) if env.str("BREACHED_PASSWORDS", default="") else None
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = reverse_lazy("home")
ACCOUNT_ADAPTER = "commissioning.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_USER_DISPLAY = "commissioning.accounts.models.display_name"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Wrong passwords are counted three ways. From one network address against one account (“here”), so that an outsider
# locks nobody out but themselves; against one account from everywhere; and from one address against any account.
# Many people share a council's address, so those that count everybody's tries, right ones too, are wide.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed_here": "5/5m/key,20/h/key",
    "login_failed": "20/m/ip,200/h/ip,50/h/key",
    "second_step": "5/5m/key",
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "invitation": "20/m/ip",
}
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
# A reset link is for now; an invitation lasts a week (accounts.invitations).
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
_SIGN_IN_FORMS = "commissioning.accounts.forms.sign_in"
ACCOUNT_FORMS = {
    "login": f"{_SIGN_IN_FORMS}.SignInForm",
    "reset_password": f"{_SIGN_IN_FORMS}.ResetPasswordForm",
    "reset_password_from_key": f"{_SIGN_IN_FORMS}.ResetPasswordKeyForm",
    "change_password": f"{_SIGN_IN_FORMS}.ChangePasswordForm",
    "reauthenticate": f"{_SIGN_IN_FORMS}.ReauthenticateForm",
}
MFA_ADAPTER = "commissioning.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": f"{_SIGN_IN_FORMS}.SecondFactorForm",
    "reauthenticate": f"{_SIGN_IN_FORMS}.SecondFactorAgainForm",
    "activate_totp": f"{_SIGN_IN_FORMS}.ActivateAppForm",
    "add_webauthn": f"{_SIGN_IN_FORMS}.AddPasskeyForm",
    "edit_webauthn": f"{_SIGN_IN_FORMS}.NamePasskeyForm",
}
# Addresses are given by an administrator and proved by the link that sets the password.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# A passkey stands for both steps, so the device must know its owner by fingerprint, face or code.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
# A code is right for its own 30 seconds, and once (forms.sign_in).
MFA_TOTP_TOLERANCE = 0
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_TOTP_ISSUER = "As One"
if not PRODUCTION:
    MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
USERSESSIONS_ADAPTER = "commissioning.accounts.adapter.SessionsAdapter"
# Nobody sees data by a password alone. Only the example and the tests may do without.
SECOND_STEP_REQUIRED = PRODUCTION or env.bool("SECOND_STEP_REQUIRED", default=False)

# Thirty minutes idle, twelve hours in all (see accounts.middleware).
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_ABSOLUTE_AGE_SECONDS = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
# “Placement logged: …” names a person; it stays on the server until it is shown.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Wrong passwords and used codes are remembered by all web processes together, in PostgreSQL.
CACHES = {"default": {"BACKEND": "commissioning.accounts.shared_memory.SharedMemory"}}
if MODE == "test":
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# How many proxies stand before the application, each adding to X-Forwarded-For: says whose attempts are counted.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

# --- Headers --------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if PRODUCTION:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrf"

# --- Uploads and downloads --------------------------------------------------------------------------------------------

# A larger file is refused with a message before any of it is read. Each route says what it takes, and nothing is kept
# on disk under a name (see accounts.uploads, core.intake.uploads); files live in the database alone.
UPLOAD_LIMIT_BYTES = 25 * 1024 * 1024
# Lists of people and whole datasets, by one person; the example and the tests fetch every file of every page.
DOWNLOADS_EACH_HOUR = 30 if PRODUCTION else 10_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
UPLOAD_TOGETHER_BYTES = 4 * UPLOAD_LIMIT_BYTES  # a year of published spending
FILE_UPLOAD_HANDLERS = ["commissioning.core.intake.uploads.NoFiles"]

# --- People's rights ------------------------------------------------------------------------------------------------

# Kept apart from the database and its backups, so that an erasure can be done again after a restore.
ERASED_LIST = Path(env.str("ERASED_LIST", default="") or DATA_DIR / "erased.jsonl")

# --- E-mail ---------------------------------------------------------------------------------------------------------

# A mail server that does not answer must not hold a worker.
EMAIL_TIMEOUT = 30
if env.str("EMAIL_URL", default=""):
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="As One <no-reply@example.org>")
ADMINS = getaddresses([env.str("ADMINS", default="")]) if env.str("ADMINS", default="") else []

# --- Background work ------------------------------------------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
else:
    _QUEUE_DIR = DATA_DIR / "queue"
    CELERY_BROKER_URL = "filesystem://localhost/"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_QUEUE_DIR / "messages"),
        "data_folder_out": str(_QUEUE_DIR / "messages"),
        "control_folder": str(_QUEUE_DIR / "control"),
        "store_processed": False,
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ALWAYS_EAGER = False
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 50
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "outcomes-reminders": {"task": "outcomes.request_reminders", "schedule": 60.0 * 60},
    "seal-audit": {"task": "audit.seal", "schedule": 5 * 60.0},
    "forget-attempts": {"task": "accounts.forget_what_is_over", "schedule": 60.0 * 60},
    "expired-copies": {"task": "rights.expire_exports", "schedule": 60.0 * 60},
    "sweep-jobs": {"task": "core.sweep_jobs", "schedule": 60.0},
    "sweep-board-reports": {"task": "reports.sweep", "schedule": 60.0},
    "monthly-board-reports": {"task": "reports.request_monthly", "schedule": 60.0 * 60},
}

# What was typed is in no line and no notice (see core.logs). Celery leaves the log as it is here.
CELERY_WORKER_HIJACK_ROOT_LOGGER = not PRODUCTION
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "commissioning.core.logs.JsonLines"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json" if PRODUCTION else "line"},
        "notice": {"class": "commissioning.core.logs.ErrorNotice", "level": "ERROR"},
    },
    "loggers": {
        "django": {"handlers": ["notice"], "level": "INFO"},
        # Tries to sign in are kept whatever LOG_LEVEL says; the tests and the example are quiet.
        "as_one.sign_in": {"level": "INFO" if PRODUCTION else "WARNING"},
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
