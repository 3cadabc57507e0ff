"""Addresses of accounts: one's own, the administrator's, and the pages anybody may read."""

from django.urls import URLPattern

from commissioning.accounts.models import Role
from commissioning.accounts.routes import Access, route
from commissioning.accounts.views import administration, coming, own, reading

ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
BOTH = ("GET", "POST")

urlpatterns: list[URLPattern] = [
    route("account/", own.account, name="account", roles=Access.SIGNED_IN),
    route("account/role/", own.choose_role, name="choose_role", roles=Access.SIGNED_IN, methods=BOTH),
    route("account/second-step/", own.second_step_page, name="second_step", roles=Access.SIGNED_IN),
    route(
        "account/second-step/codes-kept/",
        own.recovery_codes_kept,
        name="recovery_codes_kept",
        roles=Access.SIGNED_IN,
        methods=("POST",),
    ),
    route(
        "account/sign-out-everywhere/",
        own.sign_out_everywhere,
        name="sign_out_everywhere",
        roles=Access.SIGNED_IN,
        methods=("POST",),
    ),
    route(
        "account/invitation/<slug:secret>/", coming.invitation, name="invitation", roles=Access.ANYBODY, methods=BOTH
    ),
    route("help/", reading.help_page, name="help", roles=Access.ANYBODY),
    route("accessibility/", reading.accessibility, name="accessibility", roles=Access.ANYBODY),
    route("privacy/", reading.privacy, name="privacy", roles=Access.ANYBODY),
    route("what-is-new/", reading.whats_new, name="whats_new", roles=Access.ANYBODY),
    route("users/", administration.users, name="users", roles=ADMINISTRATORS),
    route("users/invite/", administration.user_invite, name="user_invite", roles=ADMINISTRATORS, methods=BOTH),
    route("users/<int:number>/", administration.user, name="user", roles=ADMINISTRATORS),
    route(
        "users/<int:number>/close/",
        administration.user_close,
        name="user_close",
        roles=ADMINISTRATORS,
        methods=("POST",),
    ),
    route(
        "users/<int:number>/open/", administration.user_open, name="user_open", roles=ADMINISTRATORS, methods=("POST",)
    ),
    route(
        "users/<int:number>/link/", administration.user_link, name="user_link", roles=ADMINISTRATORS, methods=("POST",)
    ),
    route(
        "users/<int:number>/letters/",
        administration.user_letters,
        name="user_letters",
        roles=ADMINISTRATORS,
        methods=("POST",),
    ),
    route(
        "users/<int:number>/second-step/",
        administration.user_second_step,
        name="user_second_step",
        roles=ADMINISTRATORS,
        methods=BOTH,
    ),
    route(
        "users/<int:number>/roles/new/",
        administration.membership_add,
        name="membership_add",
        roles=ADMINISTRATORS,
        methods=BOTH,
    ),
    route(
        "users/roles/<int:membership_id>/",
        administration.membership_edit,
        name="membership_edit",
        roles=ADMINISTRATORS,
        methods=BOTH,
    ),
    route(
        "users/roles/<int:membership_id>/end/",
        administration.membership_end,
        name="membership_end",
        roles=ADMINISTRATORS,
        methods=BOTH,
    ),
    route(
        "settings/",
        administration.partnership_settings,
        name="partnership_settings",
        roles=ADMINISTRATORS,
        methods=BOTH,
    ),
    route(
        "settings/organisations/new/",
        administration.organisation_add,
        name="organisation_add",
        roles=ADMINISTRATORS,
        methods=BOTH,
    ),
    route(
        "settings/organisations/<ref:code>/",
        administration.organisation_code,
        name="organisation_code",
        roles=ADMINISTRATORS,
        methods=BOTH,
    ),
]
