"""The one settings file. Everything that differs between places comes from the environment (hocvuso/base/env.py)."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.csp import CSP

from hocvuso.base.env import database, read_settings
from hocvuso.base.secrets import derive, master_secret

ROOT = Path(__file__).resolve().parent.parent
ENV = read_settings()
DATA = ENV["HOCVUSO_DATA"]
MASTER_SECRET, SECRET_IS_KEPT = master_secret(ENV["HOCVUSO_SECRET"], DATA)
SECRET_KEY = derive(MASTER_SECRET, "django").hex()
DEBUG = ENV["HOCVUSO_DEBUG"]
BASE_URL = ENV["HOCVUSO_BASE_URL"] or f"http://{ENV['HOCVUSO_HOST']}:{ENV['HOCVUSO_PORT']}"
SECURE = BASE_URL.startswith("https://")
ALLOWED_HOSTS = [urlsplit(BASE_URL).hostname or "", "127.0.0.1", "localhost", *ENV["HOCVUSO_ALLOWED_HOSTS"]]
CSRF_FAILURE_VIEW = "hocvuso.web.kit.faults.csrf"
CSRF_TRUSTED_ORIGINS = [BASE_URL]

ROOMS = [
    "base", "jobs", "units", "people", "documents", "reminders", "privacy", "indicators", "indices", "skills",
    "library", "authoring", "records", "assess", "learning", "credentials", "resources", "helpdesk", "plans",
    "consultations", "reports", "inspections", "interop",
]  # fmt: skip
SUBJECTS = [  # of pages, as `<who>.<subject>`: folders of hocvuso/web; addresses are looked for in this order
    "learn.lessons", "learn.my_learning", "learn.returning", "learn.exams", "learn.help",
    "public.catalogue", "public.frameworks", "public.verification", "public.opendata",
    "public.privacy", "public.health",
    "account.signin", "account.consents", "account.profile", "account.roles", "account.data", "account.guardian",
    "studio.editions", "studio.drafts", "commune.workspace",
    "office.my_work", "office.dashboard", "office.helpdesk", "office.plans", "office.reports", "office.reminders",
    "office.indicators", "office.indices", "office.inspections", "office.consultations", "office.schemes",
    "office.resources", "office.documents", "office.jobs", "office.guardians",
    "admin.units", "admin.imports", "admin.certificates", "admin.clients", "admin.journal",
    "admin.privacy", "admin.not_taken",
]  # fmt: skip
INSTALLED_APPS = [
    *(f"hocvuso.{room}" for room in ROOMS),
    "hocvuso.web.kit",
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "hocvuso.web.kit.middleware.AccessLog",
    "hocvuso.web.kit.middleware.Compressed",
    "hocvuso.web.kit.middleware.SafetyHeaders",
    "hocvuso.web.kit.middleware.ApiProblems",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hocvuso.web.kit.middleware.ReadersLanguage",
    "hocvuso.web.kit.middleware.Readable",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "hocvuso.web.kit.auth.LivingSessions",
    "django.contrib.messages.middleware.MessageMiddleware",
    "hocvuso.web.kit.middleware.KeptByNobody",
    "hocvuso.web.kit.middleware.BackToThePage",
    "hocvuso.web.kit.middleware.Refusals",
]
ROOT_URLCONF = "hocvuso.web.urls"
WSGI_APPLICATION = "hocvuso.web.front.application"
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["hocvuso.web.kit.auth.PersonBackend"]
LOGIN_URL = "/tai-khoan/dang-nhap/"

DATABASES = {"default": database(ENV["DATABASE_URL"], DATA)}
# Sessions live in a signed cookie: no row of their own is read or written for them. `session_salt` of the person ends
# them all, `ended_sessions` one; sessions of staff end by time (kit.auth).
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
# Over https a browser takes these two from this very host alone: none of another name, or without TLS, can plant them.
_HOST = "__Host-" if SECURE else ""
SESSION_COOKIE_NAME = f"{_HOST}hv_session"
CSRF_COOKIE_NAME = f"{_HOST}csrftoken"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 90
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "DIRS": [ROOT / "hocvuso" / "web"],  # a template is named by its path beneath
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "hocvuso.web.kit.nav.office_nav",
            ],
        },
    }
]

FORM_RENDERER = "hocvuso.web.kit.forms.Renderer"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
LANGUAGE_COOKIE_NAME = "hv_lang"

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [ROOT / "frontend" / "dist"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA / "files"}},
    "staticfiles": {"BACKEND": "hocvuso.web.kit.static.HashedFiles"},
}
BUNDLES = DATA / "bundles"
SITE = DATA / "site"
CONTENT = ROOT / "content"
REFERENCE_DATA = ROOT / "data"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PERMISSIONS_POLICY = ", ".join(
    [
        *(f"{feature}=()" for feature in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")),
        *(f"{feature}=(self)" for feature in ("publickey-credentials-create", "publickey-credentials-get")),
    ]
)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# The one inline script (theme before first paint) is allowed by its hash, not by unsafe-inline.
THEME_SNIPPET = (ROOT / "hocvuso/web/kit/theme_snippet.js").read_bytes()
THEME_HASH = "'sha256-" + b64encode(sha256(THEME_SNIPPET).digest()).decode() + "'"
SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, THEME_HASH],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "media-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
}

MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": ENV["HOCVUSO_SMTP_URL"]}}
DEFAULT_FROM_EMAIL = ENV["HOCVUSO_MAIL_FROM"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "hocvuso.base.logs.formatter", "kind": ENV["HOCVUSO_LOG"]}},
    "filters": {"routes_only": {"()": "hocvuso.base.logs.RoutesOnly"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines", "filters": ["routes_only"]}},
    "loggers": {"django": {"handlers": [], "level": "INFO"}},  # by the root's handler alone: Django's own shows paths
    "root": {"handlers": ["console"], "level": "INFO"},
}
