"""One's own account: choosing a role, and how one signs in."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render

from commissioning.accounts import actions, second_step, sessions
from commissioning.accounts.forms import RoleChoiceForm
from commissioning.accounts.middleware import CHOSEN_MEMBERSHIP, current_memberships
from commissioning.accounts.routes import ActorRequest
from commissioning.core.errors import Refused

PASSKEY = Authenticator.Type.WEBAUTHN


def account(request: ActorRequest) -> HttpResponse:
    context = {
        "roles": current_memberships(request.user),
        "has_app": is_mfa_enabled(request.user, [Authenticator.Type.TOTP]),
        "has_passkey": is_mfa_enabled(request.user, [PASSKEY]),
    }
    return render(request, "accounts/account.html", context)


def choose_role(request: ActorRequest) -> HttpResponse:
    """Work in another of one's roles; kept for this session."""
    memberships = current_memberships(request.user)
    now = str(request.actor.membership.pk) if request.actor and request.actor.membership else ""
    form = RoleChoiceForm(request.POST or None, memberships=memberships, initial={"membership": now})
    if form.is_valid():
        sessions.renew_key(request)
        request.session[CHOSEN_MEMBERSHIP] = int(form.cleaned_data["membership"])
        chosen = next(each for each in memberships if each.pk == request.session[CHOSEN_MEMBERSHIP])
        messages.success(request, f"You now work as {chosen.get_role_display().lower()} in {chosen.partnership}.")
        return redirect("home")
    return render(
        request, "accounts/choose_role.html", {"form": form, "heading": "Change role", "none": not memberships}
    )


def second_step_page(request: ActorRequest) -> HttpResponse:
    """Where somebody is led who has yet to set up a second step, or to keep their recovery codes."""
    if not second_step.has_factor(request.user):
        return render(request, "accounts/second_step.html")
    if not second_step.has_kept_codes(request.user):
        return redirect("mfa_view_recovery_codes")
    return redirect("mfa_index")


def recovery_codes_kept(request: ActorRequest) -> HttpResponse:
    try:
        actions.keep_recovery_codes(user=request.user)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("mfa_generate_recovery_codes")
    messages.success(request, "Your account is protected by a second step.")
    return redirect("home")


def sign_out_everywhere(request: ActorRequest) -> HttpResponse:
    actions.sign_out_everywhere(user=request.user)
    logout(request)
    messages.success(request, "You are signed out everywhere.")
    return redirect("account_login")
