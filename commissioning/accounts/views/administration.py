"""The administrator's pages: who signs in, their roles, and the partnership's settings. No personal records."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts import actions, queries
from commissioning.accounts.forms import (
    AccountForm,
    CodeForm,
    EndMembershipForm,
    InviteForm,
    MembershipDatesForm,
    MembershipForm,
    OrganisationForm,
    PartnershipForm,
    ResetSecondStepForm,
)
from commissioning.accounts.routes import ActorRequest
from commissioning.core.editing import EditForm, answer
from commissioning.core.errors import Refused

FORM = "layouts/form.html"


def users(request: ActorRequest) -> HttpResponse:
    today = timezone.localdate()
    accounts = [(account, account.roles_on(today)) for account in queries.accounts_of(request.actor)]
    return render(request, "accounts/users.html", {"accounts": accounts})


def user_invite(request: ActorRequest) -> HttpResponse:
    form = InviteForm(request.POST or None, partnership=request.actor.partnership)
    if form.is_valid() and form.attempt(lambda: actions.invite(**form.cleaned_data, by=request.actor)):
        messages.success(request, f"{form.cleaned_data['name']} is invited. The email is on its way.")
        return redirect("users")
    return render(request, FORM, {"form": form, "heading": "Invite somebody", "trail": _trail(), **_cancel("users")})


def user(request: ActorRequest, number: int) -> HttpResponse:
    account = queries.account_for(request.actor, number)
    today = timezone.localdate()
    rows = [(each, queries.is_held(each, today)) for each in account.memberships]
    form = _account_form(request, number, "")
    return render(request, "accounts/user.html", {"account": account, "rows": rows, "trail": _trail(), "form": form})


def user_close(request: ActorRequest, number: int) -> HttpResponse:
    account = queries.account_for(request.actor, number)
    form = _account_form(request, number, "Close the account")
    if form.is_valid() and form.attempt(
        lambda: actions.close_account(user=account.user, version=form.stood_at, by=request.actor)
    ):
        messages.success(request, f"{account.name} can no longer sign in here.")
    return _after(request, form, account, f"Close {account.name}’s account")


def user_open(request: ActorRequest, number: int) -> HttpResponse:
    account = queries.account_for(request.actor, number)
    form = _account_form(request, number, "Open the account")
    if form.is_valid() and form.attempt(
        lambda: actions.open_account(user=account.user, version=form.stood_at, by=request.actor)
    ):
        messages.success(request, f"{account.name} can sign in again.")
    return _after(request, form, account, f"Open {account.name}’s account")


def _account_form(request: ActorRequest, number: int, submit_text: str) -> AccountForm:
    """Its roles in this partnership are what closing and opening change, and all that is told of it."""
    data = request.POST if request.method == "POST" else None
    form = AccountForm(data, records=lambda: queries.account_for(request.actor, number).memberships)
    form.submit_text = submit_text
    return form


def _after(request: ActorRequest, form: EditForm, account: queries.Account, heading: str) -> HttpResponse:
    """Back to the account with what was refused, or what somebody else changed in it meanwhile."""
    if form.is_stale:
        return answer(request, form, FORM, {"heading": heading, **_cancel("user", account.number)})
    for message in form.non_field_errors():
        messages.error(request, str(message))
    return redirect("user", account.number)


def user_link(request: ActorRequest, number: int) -> HttpResponse:
    account = queries.account_for(request.actor, number)
    try:
        actions.send_link_again(membership=account.memberships[0], by=request.actor)
        messages.success(request, f"A new link is on its way to {account.user.email}.")
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("user", number)


def user_letters(request: ActorRequest, number: int) -> HttpResponse:
    account = queries.account_for(request.actor, number)
    try:
        actions.send_letters_again(account=account, by=request.actor)
        messages.success(request, f"What was not sent to {account.user.email} is on its way again.")
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("user", number)


def user_second_step(request: ActorRequest, number: int) -> HttpResponse:
    account = queries.account_for(request.actor, number)
    form = ResetSecondStepForm(request.POST or None)
    if form.is_valid() and form.attempt(
        lambda: actions.reset_second_step(user=account.user, **form.cleaned_data, by=request.actor)
    ):
        messages.success(request, f"{account.name} sets up a new second step when they next sign in.")
        return redirect("user", number)
    context = {"form": form, "account": account, "trail": _trail(account), **_cancel("user", number)}
    return render(request, "accounts/user_second_step.html", {**context, "danger": True})


def membership_add(request: ActorRequest, number: int) -> HttpResponse:
    account = queries.account_for(request.actor, number)
    form = MembershipForm(request.POST or None, partnership=request.actor.partnership)
    if form.is_valid() and form.attempt(
        lambda: actions.give_role(user=account.user, **form.cleaned_data, by=request.actor)
    ):
        messages.success(request, f"{account.name} has another role.")
        return redirect("user", number)
    context = {"form": form, "heading": f"Give {account.name} another role", "trail": _trail(account)}
    return render(request, FORM, {**context, **_cancel("user", number)})


def membership_edit(request: ActorRequest, membership_id: int) -> HttpResponse:
    membership = queries.membership_for(request.actor, membership_id)
    name = queries.account_for(request.actor, membership_id).name
    form = MembershipDatesForm(
        request.POST or None,
        records=[membership],
        saved=lambda: {"starts_on": membership.starts_on, "ends_on": membership.ends_on},
    )
    if form.is_valid() and form.attempt(
        lambda: actions.change_dates(membership=membership, version=form.stood_at, **form.values, by=request.actor)
    ):
        messages.success(request, "The dates are changed.")
        return redirect("user", membership_id)
    heading = f"{name} as {membership.get_role_display().lower()}"
    return answer(request, form, FORM, {"heading": heading, **_cancel("user", membership_id)})


def membership_end(request: ActorRequest, membership_id: int) -> HttpResponse:
    membership = queries.membership_for(request.actor, membership_id)
    name = queries.account_for(request.actor, membership_id).name
    form = EndMembershipForm(request.POST or None, initial={"ends_on": timezone.localdate()}, records=[membership])
    if form.is_valid() and form.attempt(
        lambda: actions.end_membership(membership=membership, version=form.stood_at, **form.values, by=request.actor)
    ):
        messages.success(request, f"{name}’s role ends after its last day.")
        return redirect("user", membership_id)
    heading = f"End {name}’s role as {membership.get_role_display().lower()}"
    return answer(request, form, FORM, {"heading": heading, "danger": True, **_cancel("user", membership_id)})


def partnership_settings(request: ActorRequest) -> HttpResponse:
    partnership = request.actor.partnership
    form = PartnershipForm(
        request.POST or None,
        records=[partnership],
        saved=lambda: {"name": partnership.name, "weeks_per_year": partnership.weeks_per_year},
    )
    if form.is_valid() and form.attempt(
        lambda: actions.change_partnership(**form.values, version=form.stood_at, by=request.actor)
    ):
        messages.success(request, "The settings are saved.")
        return redirect("partnership_settings")
    context = {"heading": "Settings", "links": queries.links_of(request.actor)}
    return answer(request, form, "accounts/settings.html", {**context, "cancel_url": reverse("partnership_settings")})


def organisation_add(request: ActorRequest) -> HttpResponse:
    form = OrganisationForm(request.POST or None)
    if form.is_valid() and form.attempt(lambda: actions.add_organisation(**form.cleaned_data, by=request.actor)):
        messages.success(request, f"You now work with {form.cleaned_data['name']}.")
        return redirect("partnership_settings")
    return render(request, FORM, {"form": form, "heading": "Add an organisation", **_cancel("partnership_settings")})


def organisation_code(request: ActorRequest, code: str) -> HttpResponse:
    link = queries.link_for(request.actor, code)
    form = CodeForm(request.POST or None, records=[link], saved=lambda: {"code": link.code})
    if form.is_valid() and form.attempt(
        lambda: actions.change_code(link=link, version=form.stood_at, **form.values, by=request.actor)
    ):
        messages.success(request, f"The code of {link.organisation} is changed.")
        return redirect("partnership_settings")
    context = {"heading": f"Your code for {link.organisation}", **_cancel("partnership_settings")}
    return answer(request, form, FORM, context)


def _trail(account: queries.Account | None = None) -> list[tuple[str, str]]:
    trail = [("Home", reverse("home")), ("Users", reverse("users"))]
    return [*trail, (account.name, reverse("user", args=[account.number]))] if account else trail


def _cancel(url_name: str, *arguments: int) -> dict[str, str]:
    url = reverse(url_name, args=arguments)
    return {"cancel_url": url, "back_url": url}
