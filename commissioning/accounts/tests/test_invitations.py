"""From the letter to the first page: a link that works once, for a week, and tells an administrator nothing."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts import actions, letters, queries
from commissioning.accounts.actors import Actor
from commissioning.accounts.models import AccountAct, Invitation, Membership, Role, User
from commissioning.accounts.tasks import send_invitation
from commissioning.core.errors import Refused
from commissioning.core.models import Job
from commissioning.tests.fixtures import make_member, signed_in
from commissioning.tests.forms import opened

PASSWORD = "goat kettle tuesday"
TYPED = {"name": "Priya Nair", "password1": PASSWORD, "password2": PASSWORD}
INVITED = {"name": "Somebody Typed", "role": "commissioner"} | {
    "starts_on_day": "1", "starts_on_month": "11", "starts_on_year": "2026"
}  # fmt: skip


def version(browser: Client, membership: Membership) -> dict[str, str]:
    """What the account's page carries."""
    return {"version": opened(browser, reverse("user", args=[membership.pk]))}


def invite(by: Membership, email: str = "priya@example.org", name: str = "Priya Nair") -> Membership:
    return actions.invite(
        name=name, email=email, role=Role.COMMISSIONER, organisation=None, starts_on=dt.date(2026, 11, 1), ends_on=None,
        by=Actor.of(by),
    )  # fmt: skip


def letter_for(membership: Membership) -> str:
    """The path of the link in the newest letter, written by the worker's task."""
    send_invitation(membership.invitation.pk)
    (link,) = re.findall(r"http://127.0.0.1:8000(/account/invitation/\S+)", str(mail.outbox[-1].body))
    return str(link)


def test_it_names_the_partnership_and_the_role_and_nothing_personal(adam: Membership) -> None:
    letter_for(invite(adam))
    letter = mail.outbox[0]
    assert (letter.to, letter.subject) == (["priya@example.org"], "You are invited to As One")
    assert "Estuary invites you to As One as commissioner" in letter.body
    assert "within 7 days" in letter.body
    assert "Priya" not in letter.body


def test_it_comes_in_with_one_link_and_straight_on(adam: Membership, client: Client) -> None:
    membership = invite(adam)
    link = letter_for(membership)
    page = client.get(link)
    assert 'value="Priya Nair"' in page.content.decode()
    home = client.post(link, TYPED | {"name": "Priya N. Nair"}, follow=True)
    assert home.status_code == 200 and home.redirect_chain[-1][0] == "/"
    membership.user.refresh_from_db()
    assert membership.user.name == "Priya N. Nair"
    assert membership.user.check_password(PASSWORD)
    again = Client().get(link)
    assert again.status_code == 404 and "This link no longer works" in again.content.decode()


def test_looking_at_the_link_does_not_use_it_up(adam: Membership) -> None:
    """Mail programs open links to look for harm."""
    link = letter_for(invite(adam))
    assert [Client().get(link).status_code for _ in range(3)] == [200, 200, 200]


def test_it_says_what_is_wrong_with_a_password_and_lets_nobody_in(adam: Membership, client: Client) -> None:
    membership = invite(adam)
    link = letter_for(membership)
    html = client.post(link, TYPED | {"password1": "short", "password2": "short"}).content.decode()
    assert "at least 12 characters" in html
    assert client.get(reverse("account")).status_code == 302
    membership.user.refresh_from_db()
    assert not membership.user.has_usable_password()


def test_it_runs_out_after_a_week(adam: Membership, client: Client) -> None:
    membership = invite(adam)
    link = letter_for(membership)
    invitation = Invitation.objects.get()
    assert invitation.runs_out_at and invitation.sent_at
    assert invitation.runs_out_at - invitation.sent_at == dt.timedelta(days=7)
    Invitation.objects.update(runs_out_at=timezone.now() - dt.timedelta(seconds=1))
    assert client.post(link, TYPED).status_code == 404
    membership.user.refresh_from_db()
    assert not membership.user.has_usable_password()
    assert "Invitation has run out" in signed_in(adam).get(reverse("users")).content.decode()


def test_a_newer_letter_ends_the_earlier_link(adam: Membership, client: Client) -> None:
    membership = invite(adam)
    first = letter_for(membership)
    actions.send_link_again(membership=membership, by=Actor.of(adam))
    assert Job.objects.filter(name="accounts.send_invitation").count() == 2
    second = letter_for(membership)
    assert first != second
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)


def test_it_is_withdrawn_and_given_again(adam: Membership, client: Client) -> None:
    membership = invite(adam)
    link = letter_for(membership)
    browser = signed_in(adam)
    browser.post(reverse("user_close", args=[membership.pk]), version(browser, membership))
    assert client.post(link, TYPED).status_code == 404
    assert "Invitation withdrawn" in browser.get(reverse("user", args=[membership.pk])).content.decode()
    sent = len(mail.outbox)
    send_invitation(membership.invitation.pk)
    assert len(mail.outbox) == sent, "a letter that was waiting is not sent after all"
    browser.post(reverse("user_open", args=[membership.pk]), version(browser, membership))
    membership.invitation.refresh_from_db()
    assert client.get(letter_for(membership)).status_code == 200
    kinds = AccountAct.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["invited", "withdrawn", "opened"]


def test_two_who_use_one_link_at_once_do_not_both_get_in(adam: Membership) -> None:
    membership = invite(adam)
    secret = letter_for(membership).rstrip("/").rsplit("/", 1)[1]
    invitation = queries.invitation_with(secret)
    assert invitation
    chosen = {"invitation": invitation, "secret_sha256": letters.sha256_of(secret), "name": "Priya"}
    actions.accept_invitation(**chosen, password=PASSWORD)  # type: ignore[arg-type]
    with pytest.raises(Refused):
        actions.accept_invitation(**chosen, password="another one entirely")  # type: ignore[arg-type]
    membership.user.refresh_from_db()
    assert membership.user.check_password(PASSWORD)


def test_a_forgotten_password_is_no_way_round_an_invitation(adam: Membership, client: Client) -> None:
    membership = invite(adam)
    client.post(reverse("account_reset_password"), {"email": membership.user.email})
    letters.send_password_link(membership.user)
    assert mail.outbox == []


def test_the_secret_is_kept_nowhere(adam: Membership) -> None:
    membership = invite(adam)
    secret = letter_for(membership).rstrip("/").rsplit("/", 1)[1]
    assert secret not in str(list(Invitation.objects.values()) + list(Job.objects.values()))


class TestSomebodyWithAnAccountElsewhere:
    """The administrator sees the same as for somebody new, until they come."""

    def pages(self, adam: Membership, email: str) -> list[str]:
        browser = signed_in(adam)
        answer = browser.post(reverse("user_invite"), INVITED | {"email": email}, follow=True)
        membership = Membership.objects.get(user__email=email, partnership=adam.partnership)
        number = str(membership.pk)
        browser.post(reverse("user_link", args=[membership.pk]))
        pages = [answer, browser.get(reverse("users")), browser.get(reverse("user", args=[membership.pk]))]
        pages += [browser.get(reverse("membership_edit", args=[membership.pk])), browser.get(reverse("home"))]
        pages.append(
            browser.post(reverse("user_close", args=[membership.pk]), version(browser, membership), follow=True)
        )
        texts = [page.content.decode().replace(email, "EMAIL").replace(f"/{number}/", "/N/") for page in pages]
        return [
            re.sub(r'csrfmiddlewaretoken" value="\w+|name="version" value="[^"]+|Send.{0,40}sent', "", text)
            for text in texts
        ]

    def test_it_looks_like_somebody_new(self, adam: Membership, charlie: Membership) -> None:
        signed_in(charlie)
        before = User.objects.get(pk=charlie.user.pk).last_login
        assert before is not None
        known = self.pages(adam, charlie.user.email)
        Membership.objects.get(user=charlie.user, partnership=adam.partnership).delete()
        AccountAct.objects.all()
        new = self.pages(adam, "nobody@example.org")
        for one, other in zip(known, new, strict=True):
            assert one == other
        assert "Charlie" not in "".join(known)

    def test_it_comes_in_by_signing_in_and_keeps_its_own_name(self, adam: Membership, charlie: Membership) -> None:
        membership = invite(adam, charlie.user.email, "Typed Otherwise")
        page = Client().get(letter_for(membership)).content.decode()
        assert "You have an account already" in page
        assert "Typed Otherwise" in signed_in(adam).get(reverse("users")).content.decode()
        signed_in(charlie)
        html = signed_in(adam).get(reverse("users")).content.decode()
        assert "Charlie Outsider" in html and "Typed Otherwise" not in html

    def test_closing_it_here_leaves_it_open_there(self, adam: Membership, charlie: Membership) -> None:
        membership = invite(adam, charlie.user.email)
        browser = signed_in(charlie)
        actions.close_account(user=membership.user, by=Actor.of(adam))
        assert browser.get("/").status_code == 302
        charlie.user.refresh_from_db()
        again = signed_in(charlie)
        assert again.get(reverse("people")).status_code == 200
        account = again.get(reverse("account")).content.decode()
        assert "Elsewhere" in account and "Estuary" not in account


def test_a_role_given_before_they_come_needs_no_second_letter(adam: Membership) -> None:
    membership = invite(adam)
    actions.give_role(
        user=membership.user, role=Role.AUDITOR, organisation=None, starts_on=dt.date(2026, 11, 1), ends_on=None,
        by=Actor.of(adam),
    )  # fmt: skip
    assert Job.objects.count() == 1
    assert "Invited" in signed_in(adam).get(reverse("user", args=[membership.pk])).content.decode()


def test_a_refused_invitation_leaves_nothing(adam: Membership) -> None:
    with pytest.raises(Refused):
        actions.invite(
            name="X", email="x@example.org", role=Role.PROVIDER_STAFF, organisation=None,
            starts_on=dt.date(2026, 11, 1), ends_on=None, by=Actor.of(adam),
        )  # fmt: skip
    assert not User.objects.filter(email="x@example.org").exists()
    assert not (Invitation.objects.exists() or Job.objects.exists() or AccountAct.objects.exists())


def test_somebody_closed_by_one_partnership_can_be_invited_by_another(adam: Membership, charlie: Membership) -> None:
    other = make_member(charlie.partnership, Role.ADMINISTRATOR, "Olga Other")
    actions.close_account(user=charlie.user, by=Actor.of(other))
    assert not User.objects.get(pk=charlie.user.pk).is_active
    invite(adam, charlie.user.email)
    account = signed_in(charlie).get(reverse("account")).content.decode()
    assert "Estuary" in account and "Elsewhere" not in account
