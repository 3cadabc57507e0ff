"""The addresses of django-allauth that As One uses. Left out: signing oneself up and changing one's own e-mail address,
since an administrator makes the accounts.
"""

from allauth.account.urls import urlpatterns as account_urls
from django.urls import URLPattern, URLResolver, include, path

WANTED = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "account_signup",  # shows that it is closed
        "account_reauthenticate",
        "account_change_password",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
    }
)

urlpatterns: list[URLPattern | URLResolver] = [
    *(pattern for pattern in account_urls if isinstance(pattern, URLPattern) and pattern.name in WANTED),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
