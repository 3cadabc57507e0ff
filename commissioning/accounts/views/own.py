"""One's own account: choosing a role, and how one signs in."""

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from commissioning.accounts.forms import RoleChoiceForm
from commissioning.accounts.middleware import CHOSEN_MEMBERSHIP, current_memberships
from commissioning.accounts.routes import ActorRequest

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
        request.session[CHOSEN_MEMBERSHIP] = int(form.cleaned_data["membership"])
        chosen = next(each for each in memberships if each.pk == request.session[CHOSEN_MEMBERSHIP])
        messages.success(request, f"You now work as {chosen.get_role_display().lower()} in {chosen.partnership}.")
        return redirect("home")
    return render(
        request, "accounts/choose_role.html", {"form": form, "heading": "Change role", "none": not memberships}
    )
