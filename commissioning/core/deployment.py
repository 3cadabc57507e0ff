"""What production refuses to start with: settings that would send letters nowhere, trust a stranger or be guessed."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host

TAG = "deployment"
LEAST_SECRET_LENGTH = 50
LEAST_SECRET_VARIETY = 10
SENDS_NOTHING = ("console", "dummy", "locmem", "filebased")


def _secret_key() -> Iterator[str]:
    key = settings.SECRET_KEY
    if len(key) < LEAST_SECRET_LENGTH or len(set(key)) < LEAST_SECRET_VARIETY or key.startswith("only-for-the-example"):
        yield "SECRET_KEY can be guessed. Use at least 50 random characters."


def _hosts() -> Iterator[str]:
    for host in settings.ALLOWED_HOSTS:
        if host.strip() == "*":
            yield "ALLOWED_HOSTS lets in every name. Name the addresses people type."


def _site_address() -> Iterator[str]:
    parts = urlsplit(settings.SITE_ADDRESS)
    if parts.scheme != "https":
        yield "SITE_ADDRESS must begin with https://, since links in letters do."
    elif not validate_host(parts.netloc.partition(":")[0], settings.ALLOWED_HOSTS):
        yield "SITE_ADDRESS is not one of ALLOWED_HOSTS, so that links in letters would be refused."


def _trusted_origins() -> Iterator[str]:
    for origin in settings.CSRF_TRUSTED_ORIGINS:
        if not origin.startswith("https://"):
            yield f"CSRF_TRUSTED_ORIGINS has {origin}; each must begin with https://."


def _email() -> Iterator[str]:
    if any(f".{kind}." in settings.EMAIL_BACKEND for kind in SENDS_NOTHING):
        yield "EMAIL_URL is not set: invitations and notices would only be written to the log."


def _proxies() -> Iterator[str]:
    if settings.SECURE_PROXY_SSL_HEADER and settings.TRUSTED_PROXIES < 1:
        yield (
            "TRUSTED_PROXIES is not set, though a proxy is trusted to say that a request came by HTTPS. "
            "Wrong passwords would all be counted as coming from one address."
        )


def _protection() -> Iterator[str]:
    if not settings.SECOND_STEP_REQUIRED:
        yield "SECOND_STEP_REQUIRED is off."
    if settings.DEBUG:
        yield "DEBUG is on."
    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        if not name.startswith("__Host-"):
            yield f"The cookie {name} is not bound to this host."


RULES: tuple[Callable[[], Iterator[str]], ...] = (
    _secret_key,
    _hosts,
    _site_address,
    _trusted_origins,
    _email,
    _proxies,
    _protection,
)


@register(TAG)
def production_is_set_up(**_kwargs: object) -> list[CheckMessage]:
    """One error for each wrong setting; nothing outside production."""
    if not settings.PRODUCTION:
        return []
    return [
        Error(words, hint="See docs/deployment.md.", id=f"deployment.E{number:03}")
        for number, rule in enumerate(RULES, start=1)
        for words in rule()
    ]


def refuse_to_serve_wrongly() -> None:
    """For the web process, which runs no checks by itself. Raises ImproperlyConfigured."""
    found = run_checks(tags=[TAG])
    if found:
        raise ImproperlyConfigured(" ".join(str(each.msg) for each in found))
