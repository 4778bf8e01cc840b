"""Django's settings, read from the environment and the site's folder.

What lives here: settings. What may not: anything that needs Django to be set up.

===========================  ========================================================================
PARLEY_SITE                  folder of the site (database, pictures, key, rules.toml); default ``parley-site``
DATABASE_URL                 e.g. ``postgres://user@host/name``; default: ``site.sqlite3`` in the folder
PARLEY_HOSTS                 host names served, with commas; default ``localhost,127.0.0.1,[::1]``
PARLEY_URL                   the site's address as readers see it, for links in mail and feeds
PARLEY_SECRET_KEY            the key for signatures; default: made once and kept in the folder (mode 600)
PARLEY_SECRET_KEY_FALLBACKS  former keys, with commas; what they signed still holds
PARLEY_TRUSTED_HOPS          how many proxies in front append to X-Forwarded-For; default 0: it is ignored
PARLEY_DEBUG                 ``1``: Django's debug pages; refused unless all hosts are this machine
EMAIL_URL                    e.g. ``smtp+tls://user:password@host:587``; default: mail is kept in the folder
PARLEY_MAIL_FROM             the sender of mail
PARLEY_WEBHOOKS      ``private``: webhooks may lead to addresses that are not public
PARLEY_OIDC                  ``name;issuer;client id;client secret`` of an OpenID Connect provider
===========================  ========================================================================
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from parley.site.web.environment import (
    database_settings,
    debug_allowed,
    hosts_served,
    mail_settings,
    oidc_settings,
    own_address,
    secret_key,
    sqlite_options,
    trusted_hops,
)
from parley.site.web.rules import read_rules

PARLEY_SITE = Path(os.environ.get("PARLEY_SITE", "parley-site")).absolute()
PARLEY_RULES = read_rules(PARLEY_SITE / "rules.toml")
PARLEY_TRUSTED_HOPS = trusted_hops(os.environ.get("PARLEY_TRUSTED_HOPS", "0"))
PARLEY_WEBHOOKS_PRIVATE = os.environ.get("PARLEY_WEBHOOKS", "") == "private"
PARLEY_URL = own_address(os.environ.get("PARLEY_URL", "http://localhost:8000"))
SECURE = urlsplit(PARLEY_URL).scheme == "https"

ALLOWED_HOSTS = hosts_served(os.environ.get("PARLEY_HOSTS", "localhost,127.0.0.1,[::1]"))
DEBUG = debug_allowed(os.environ.get("PARLEY_DEBUG", ""), ALLOWED_HOSTS)
SECRET_KEY = secret_key(os.environ.get("PARLEY_SECRET_KEY"), PARLEY_SITE)
SECRET_KEY_FALLBACKS = [each for each in os.environ.get("PARLEY_SECRET_KEY_FALLBACKS", "").split(",") if each]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "parley.site.web",
]
MIDDLEWARE = [
    "parley.site.web.middleware.log.RequestLog",
    "parley.site.web.middleware.headers.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "parley.site.web.middleware.client.ClientAddress",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "parley.site.web.middleware.language.ReadersLanguage",
    "django.middleware.common.CommonMiddleware",
    "parley.site.web.middleware.origin.SameOrigin",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "parley.site.web.middleware.accounts.LiveAccount",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "parley.site.web.urls"
WSGI_APPLICATION = "parley.site.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "APP_DIRS": False,
        "NAME": "pages",
        "OPTIONS": {
            "environment": "parley.site.web.pages.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "parley.site.web.languages.site",
            ],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "NAME": "administration",
        "DIRS": [Path(__file__).parent / "templates"],
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

DATABASES = {
    "default": database_settings(os.environ.get("DATABASE_URL") or "sqlite:///site.sqlite3"),
}
if not os.environ.get("DATABASE_URL"):  # as it is: in an address some letters of a folder mean something else
    DATABASES["default"]["NAME"] = str(PARLEY_SITE / "site.sqlite3")
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["ENGINE"] = "parley.site.web.sqlite"
    DATABASES["default"]["OPTIONS"] = sqlite_options()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "web.Account"
AUTHENTICATION_BACKENDS = ["parley.site.web.accounts.backend.OneAccount"]
PASSWORD_HASHERS = ["parley.site.web.hashing.BoundedArgon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = PARLEY_RULES.session_idle_days * 24 * 3600
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [PARLEY_URL]
CSRF_FAILURE_VIEW = "parley.site.web.views.faults.csrf"
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
if SECURE and PARLEY_TRUSTED_HOPS > 0:
    # Set by ClientAddress from a trusted hop alone.
    SECURE_PROXY_SSL_HEADER = (
        "HTTP_X_PARLEY_PROTO",
        "https",
    )
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "français"), ("es", "español")]
LOCALE_PATHS = [Path(__file__).resolve().parent.parent / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [Path(__file__).resolve().parent.parent / "static"]
STATIC_ROOT = PARLEY_SITE / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "parley.site.web.static.StaticFiles"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = PARLEY_SITE / "media"
APPEND_SLASH = True

globals().update(mail_settings(os.environ.get("EMAIL_URL", ""), PARLEY_SITE))
DEFAULT_FROM_EMAIL = os.environ.get("PARLEY_MAIL_FROM", "parley@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/account/"
ACCOUNT_ADAPTER = "parley.site.web.accounts.adapter.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "name"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*"]
ACCOUNT_FORMS = {
    "login": "parley.site.web.accounts.forms.SignInForm",
    "signup": "parley.site.web.accounts.forms.SignUpForm",
    "reset_password": "parley.site.web.accounts.forms.ResetForm",
    "request_login_code": "parley.site.web.accounts.forms.CodeForm",
    "confirm_email_verification_code": "parley.site.web.accounts.forms.ConfirmForm",
    "add_email": "parley.site.web.accounts.forms.AddressForm",
    "change_password": "parley.site.web.accounts.forms.PasswordForm",
    "set_password": "parley.site.web.accounts.forms.FirstPasswordForm",
    "reset_password_from_key": "parley.site.web.accounts.forms.NewPasswordForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # whoever's password, address or second factor changes is told
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True  # the same work, and the same mail's delay, whether there is an account
ACCOUNT_CHANGE_EMAIL = True  # an account has one address; a new one replaces it once it is confirmed
ACCOUNT_MAX_EMAIL_ADDRESSES = 2
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 900
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 900
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # the session at hand stays, all others end (their hash is another)
ACCOUNT_RATE_LIMITS = False  # our own buckets hold across processes and restarts
SOCIALACCOUNT_ADAPTER = "parley.site.web.accounts.social.SocialAdapter"
SOCIALACCOUNT_FORMS = {"signup": "parley.site.web.accounts.forms.SocialSignUpForm"}
SOCIALACCOUNT_PROVIDERS = oidc_settings(os.environ.get("PARLEY_OIDC", ""))
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_AUTO_SIGNUP = False  # everybody chooses a name
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # an address alone never opens an account
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = False
SOCIALACCOUNT_STORE_TOKENS = False
MFA_ADAPTER = "parley.site.web.accounts.second.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "parley.site.web.accounts.second.CodeForm",
    "reauthenticate": "parley.site.web.accounts.second.AgainForm",
    "activate_totp": "parley.site.web.accounts.second.SetUpForm",
}

LOGGING_CONFIG = None  # set by ``parley.site.web.logs`` when a process starts
