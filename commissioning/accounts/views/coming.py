"""Coming in by an invitation: the invited person's name and first password, then straight on."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from commissioning.accounts import actions, queries
from commissioning.accounts.forms import InvitationForm
from commissioning.accounts.letters import sha256_of
from commissioning.accounts.models import Invitation
from commissioning.core.errors import Refused


def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    found = queries.invitation_with(secret)
    if found is None:
        return render(request, "accounts/invitation_over.html", status=404)
    if found.membership.user.has_usable_password():
        return render(request, "accounts/invitation_known.html", {"membership": found.membership})
    if request.method == "POST" and not ratelimit.consume(request, app="allauth.account", action="invitation"):
        too_many: HttpResponse = ratelimit.respond_429(request)
        return too_many
    form = InvitationForm(request.POST or None, user=found.membership.user, initial={"name": found.name})
    if form.is_valid():
        return _come_in(request, found, form, secret)
    context = {"form": form, "membership": found.membership, "invitation": found}
    return render(request, "accounts/invitation.html", context)


def _come_in(request: HttpRequest, found: Invitation, form: InvitationForm, secret: str) -> HttpResponse:
    chosen = {"name": form.cleaned_data["name"], "password": form.cleaned_data["password1"]}
    try:
        user = actions.accept_invitation(invitation=found, secret_sha256=sha256_of(secret), **chosen)
    except Refused:
        return render(request, "accounts/invitation_over.html", status=404)
    record_authentication(request, user, method="password", reauthenticated=True)
    response: HttpResponse = perform_login(request, Login(user=user))
    return response
