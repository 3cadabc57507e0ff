"""The administrator invites, gives and ends roles, in their own partnership alone, and sees no personal record."""

import datetime as dt
import re
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts import actions
from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation, Partnership, Role, User
from commissioning.core.errors import Refused
from commissioning.core.models import Job
from commissioning.tests.fixtures import make_member, signed_in
from commissioning.tests.forms import opened, send

START = dt.date(2026, 11, 1)
DAY = {"starts_on_day": "1", "starts_on_month": "11", "starts_on_year": "2026"}


def invite(by: Membership, **changes: object) -> Membership:
    values: dict[str, object] = {
        "name": "Priya Nair",
        "email": "Priya@example.org",
        "role": Role.COMMISSIONER,
        "organisation": None,
        "starts_on": START,
        "ends_on": None,
        **changes,
    }
    return actions.invite(**values, by=Actor.of(by))  # type: ignore[arg-type]


def test_it_invites_somebody_new_who_cannot_sign_in_until_they_set_a_password(adam: Membership) -> None:
    membership = invite(adam)
    assert membership.user.email == "priya@example.org"
    assert membership.partnership == adam.partnership
    assert not membership.user.has_usable_password()
    job = Job.objects.get(name="accounts.send_invitation")
    assert job.arguments == {"invitation_id": membership.invitation.pk}


def test_it_gives_somebody_of_another_partnership_a_role_without_a_second_account(
    adam: Membership, charlie: Membership
) -> None:
    membership = invite(adam, email=charlie.user.email, name="Somebody Else")
    assert membership.user == charlie.user
    charlie.user.refresh_from_db()
    assert charlie.user.name == "Charlie Outsider"
    assert Job.objects.get().name == "accounts.send_invitation"


def test_it_refuses_a_providers_role_without_the_provider(adam: Membership) -> None:
    with pytest.raises(Refused) as refused:
        invite(adam, role=Role.PROVIDER_STAFF)
    assert refused.value.field == "organisation"
    assert not User.objects.filter(email="priya@example.org").exists()


def test_it_refuses_an_end_before_the_start(adam: Membership) -> None:
    with pytest.raises(Refused) as refused:
        invite(adam, ends_on=dt.date(2026, 10, 31))
    assert refused.value.message == "Last day must be 1 November 2026 or later"


def test_it_refuses_a_role_held_already_and_takes_up_one_that_ended(adam: Membership, alice: Membership) -> None:
    with pytest.raises(Refused):
        invite(adam, email=alice.user.email)
    actions.end_membership(membership=alice, ends_on=dt.date(2026, 9, 30), by=Actor.of(adam))
    again = invite(adam, email=alice.user.email)
    assert (again.pk, again.starts_on, again.ends_on) == (alice.pk, START, None)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_it_lets_nobody_else_invite(alice: Membership, meadow: Organisation, role: str) -> None:
    member = make_member(alice.partnership, role, f"Other {role}", meadow)
    with pytest.raises(PermissionDenied):
        invite(member)


def test_it_keeps_the_last_administrator(adam: Membership) -> None:
    with pytest.raises(Refused):
        actions.end_membership(membership=adam, ends_on=timezone.localdate(), by=Actor.of(adam))
    make_member(adam.partnership, Role.ADMINISTRATOR, "Anna Second")
    ended = actions.end_membership(membership=adam, ends_on=timezone.localdate(), by=Actor.of(adam))
    assert ended.ends_on == timezone.localdate()


def test_it_does_not_close_ones_own_account(adam: Membership) -> None:
    with pytest.raises(Refused):
        actions.close_account(user=adam.user, by=Actor.of(adam))
    adam.refresh_from_db()
    assert adam.closed_at is None


def test_it_links_an_organisation_that_is_known_by_its_national_code(adam: Membership, elsewhere: Partnership) -> None:
    known = Organisation.objects.create(name="NHS Elsewhere", kind="icb", ods_code="QXX")
    link = actions.add_organisation(
        name="Typed differently", kind="icb", code="X", ods_code="QXX", gss_code="", by=Actor.of(adam)
    )
    assert link.organisation == known
    with pytest.raises(Refused):
        actions.add_organisation(name="Again", kind="icb", code="Y", ods_code="QXX", gss_code="", by=Actor.of(adam))


def test_it_refuses_a_code_in_use(adam: Membership) -> None:
    council, icb = adam.partnership.links.order_by("code")
    with pytest.raises(Refused):
        actions.change_code(link=council, code=icb.code, by=Actor.of(adam))
    assert actions.change_code(link=council, code=council.code, by=Actor.of(adam)).code == council.code


class TestPages:
    def test_it_invites_from_the_page(self, adam: Membership) -> None:
        response = signed_in(adam).post(
            reverse("user_invite"),
            {"name": "Priya Nair", "email": "priya@example.org", "role": "commissioner", **DAY},
            follow=True,
        )
        assert "Priya Nair is invited" in response.content.decode()
        assert "Invited" in response.content.decode()

    def test_it_says_what_is_wrong_and_keeps_what_was_typed(self, adam: Membership) -> None:
        response = signed_in(adam).post(
            reverse("user_invite"), {"name": "Priya Nair", "email": "priya", "role": "provider_staff", **DAY}
        )
        html = response.content.decode()
        assert "Enter an email address in the right form" in html
        assert 'value="Priya Nair"' in html
        assert not User.objects.filter(name="Priya Nair").exists()

    def test_it_puts_an_actions_refusal_beside_its_field(self, adam: Membership) -> None:
        response = signed_in(adam).post(
            reverse("user_invite"),
            {"name": "Priya", "email": "priya@example.org", "role": "provider_staff", **DAY},
        )
        assert '<a href="#id_organisation">Choose the provider they work for</a>' in response.content.decode()

    def test_it_edits_and_ends_a_role(self, adam: Membership, sam: Membership) -> None:
        browser = signed_in(adam)
        send(
            browser,
            reverse("membership_edit", args=[sam.pk]),
            {"starts_on_day": "2", "starts_on_month": "2", "starts_on_year": "2021"},
        )
        sam.refresh_from_db()
        assert sam.starts_on == dt.date(2021, 2, 2)
        send(
            browser,
            reverse("membership_end", args=[sam.pk]),
            {"ends_on_day": "1", "ends_on_month": "3", "ends_on_year": "2026"},
        )
        sam.refresh_from_db()
        assert sam.ends_on == dt.date(2026, 3, 1)

    def test_it_closes_and_opens_an_account(self, adam: Membership, sam: Membership) -> None:
        browser, page = signed_in(adam), reverse("user", args=[sam.pk])
        browser.post(reverse("user_close", args=[sam.pk]), {"version": opened(browser, page)})
        sam.user.refresh_from_db()
        assert not sam.user.is_active
        browser.post(reverse("user_open", args=[sam.pk]), {"version": opened(browser, page)})
        sam.user.refresh_from_db()
        assert sam.user.is_active

    def test_it_changes_the_partnerships_settings(self, adam: Membership) -> None:
        browser = signed_in(adam)
        send(browser, reverse("partnership_settings"), {"name": "Estuary and Wolds", "weeks_per_year": "52.14"})
        adam.partnership.refresh_from_db()
        assert (adam.partnership.name, adam.partnership.weeks_per_year) == ("Estuary and Wolds", "52.14")

    def test_it_adds_an_organisation_and_changes_its_code(self, adam: Membership) -> None:
        browser = signed_in(adam)
        added = browser.post(
            reverse("organisation_add"), {"name": "Harbour Homes", "kind": "housing_provider", "code": "HARB"}
        )
        assert added.status_code == 302
        send(browser, reverse("organisation_code", args=["HARB"]), {"code": "HH"})
        assert adam.partnership.links.filter(code="HH", organisation__name="Harbour Homes").exists()

    @pytest.mark.parametrize("name", ["users", "user_invite", "partnership_settings", "organisation_add"])
    def test_it_is_closed_to_other_roles(self, alice: Membership, name: str) -> None:
        assert signed_in(alice).get(reverse(name)).status_code == 403

    def test_it_does_not_find_another_partnerships_users(self, adam: Membership, charlie: Membership) -> None:
        browser = signed_in(adam)
        assert browser.get(reverse("user", args=[charlie.pk])).status_code == 404
        assert browser.post(reverse("user_close", args=[charlie.pk])).status_code == 404
        assert browser.post(reverse("membership_end", args=[charlie.pk])).status_code == 404
        charlie.refresh_from_db()
        assert charlie.ends_on is None
        assert "Charlie" not in browser.get(reverse("users")).content.decode()

    def test_somebody_elsewhere_and_nobody_at_all_look_alike(self, adam: Membership, charlie: Membership) -> None:
        browser = signed_in(adam)
        for name in ("user", "user_second_step", "membership_add", "membership_edit", "membership_end"):
            pages = [browser.get(reverse(name, args=[number])) for number in (charlie.pk, 987_654_321)]
            assert [page.status_code for page in pages] == [404, 404]
            there, nowhere = (re.sub(r'n" value="\w+"', "", page.content.decode()) for page in pages)
            assert there == nowhere, name

    def test_it_does_not_find_a_code_that_is_not_used(self, adam: Membership) -> None:
        assert signed_in(adam).get(reverse("organisation_code", args=["NOWHERE"])).status_code == 404


class TestFounding:
    def test_it_begins_with_a_partnership_and_its_administrator(self, db: None) -> None:
        printed = StringIO()
        call_command(
            "add_partnership",
            "NEW",
            "New Partnership",
            administrator="first@example.org",
            administrator_name="First Person",
            stdout=printed,
        )
        membership = Membership.objects.get()
        assert (membership.role, membership.partnership.code) == (Role.ADMINISTRATOR, "NEW")
        assert "/account/invitation/" in printed.getvalue()

    def test_it_refuses_a_code_in_use_and_makes_nobody(self, estuary: Partnership) -> None:
        with pytest.raises(CommandError):
            call_command("add_partnership", "EST", "X", administrator="a@example.org", administrator_name="A")
        assert not User.objects.exists()
