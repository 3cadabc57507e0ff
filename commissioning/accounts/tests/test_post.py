"""Where the mail server is down or refuses, nothing is lost: it is tried three times, shown, and sent again."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts import actions, queries
from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Invitation, Membership, Role, User
from commissioning.core import jobs, letters
from commissioning.core.errors import Refused
from commissioning.core.models import Job, JobState
from commissioning.tests.fixtures import make_member, signed_in
from commissioning.tests.mail_server import mail_server

REFUSED = "550 No such user here"


@pytest.fixture
def invited(adam: Membership) -> Membership:
    return actions.invite(
        name="Priya Nair", email="priya@example.org", role=Role.COMMISSIONER, organisation=None,
        starts_on=dt.date(2020, 1, 1), ends_on=None, by=Actor.of(adam),
    )  # fmt: skip


def sweep() -> None:
    """The sweep, as late as it takes for everything to be due."""
    Job.objects.filter(state=JobState.DUE).update(due_at=timezone.now())
    for job_id in jobs.due_job_ids():
        jobs.run(job_id)


def shown(browser: Client, membership: Membership) -> str:
    return " ".join(browser.get(reverse("user", args=[membership.pk])).content.decode().split())


def test_an_invitation_is_tried_three_times_and_then_sent_again(
    adam: Membership, invited: Membership, settings: Any
) -> None:
    browser = signed_in(adam)
    with mail_server(settings, RCPT=REFUSED):
        sweep()
        page = shown(browser, invited)
        assert "Not sent yet" in page and "tried 1 time." in page and "It is tried again at" in page
        assert "Send it again" not in page, "it is tried by itself"
        for _ in range(4):
            sweep()
    page = shown(browser, invited)
    assert "The invitation, tried 3 times." in page
    assert f"The mail server refused the address: {REFUSED}" in page
    assert "Email not sent" in browser.get(reverse("users")).content.decode()
    assert "person could not be sent an email" in browser.get(reverse("home")).content.decode()
    with mail_server(settings) as server:
        answer = browser.post(reverse("user_letters", args=[invited.pk]), follow=True).content.decode()
        assert "on its way again" in answer and "Email not sent" not in answer
        sweep()
        (letter,) = server.letters
    link = "/account/invitation/" + "".join(letter.split("/account/invitation/")[1].split()[0])
    assert Client().get(link).status_code == 200
    assert "not sent" not in shown(browser, invited)


def test_a_link_in_a_letter_that_was_not_taken_never_worked(invited: Membership, settings: Any) -> None:
    """What was written down for the letter goes with it."""
    with mail_server(settings, DATA="554 Not today"):
        sweep()
    invitation = Invitation.objects.get()
    assert (invitation.secret_sha256, invitation.sent_at, invitation.runs_out_at) == ("", None, None)


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"RCPT": REFUSED}, f"The mail server refused the address: {REFUSED}"),
        ({"DATA": "451 Try later"}, "The mail server refused it: 451 Try later"),
        ({"MAIL": "530 Sign in first"}, "The mail server refused it: 530 Sign in first"),
        ({"DATA": ""}, "The mail server broke off"),
        ({"EHLO": "", "HELO": ""}, "The mail server broke off"),
    ],
)
def test_it_says_what_the_mail_server_said(settings: Any, answers: dict[str, str], said: str) -> None:
    with mail_server(settings, **answers), pytest.raises(letters.NotSent) as error:
        letters.send("Made up", "Made up", "priya@example.org")
    assert str(error.value) == said


def test_it_says_that_there_is_no_mail_server(invited: Membership, adam: Membership, settings: Any) -> None:
    with mail_server(settings):
        gone = settings.EMAIL_BACKEND, settings.EMAIL_PORT
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = gone
    sweep()
    assert Job.objects.get().error == "The mail server could not be reached"
    assert "The mail server could not be reached" in shown(signed_in(adam), invited)


def test_it_waits_longer_each_time(invited: Membership, settings: Any) -> None:
    waits = []
    with mail_server(settings, RCPT=REFUSED):
        for _ in range(2):
            sweep()
            waits.append(round((Job.objects.get().due_at - timezone.now()).total_seconds() / 60))
    assert waits == [1, 15]


def test_a_letter_asked_for_anew_stands_in_the_place_of_one_that_failed(
    adam: Membership, invited: Membership, settings: Any
) -> None:
    with mail_server(settings, RCPT=REFUSED):
        for _ in range(3):
            sweep()
    actions.send_link_again(membership=invited, by=Actor.of(adam))
    sweep()
    assert "not sent" not in shown(signed_in(adam), invited)
    with pytest.raises(Refused, match="Every letter has been sent"):
        account = queries.account_for(Actor.of(adam), invited.pk)
        actions.send_letters_again(account=account, by=Actor.of(adam))


def test_two_clicks_send_one_letter(adam: Membership, invited: Membership, settings: Any) -> None:
    with mail_server(settings, RCPT=REFUSED):
        for _ in range(3):
            sweep()
    browser = signed_in(adam)
    address = reverse("user_letters", args=[invited.pk])
    assert "on its way again" in browser.post(address, follow=True).content.decode()
    assert "being tried again already" in browser.post(address, follow=True).content.decode()
    with mail_server(settings) as server:
        sweep()
        assert len(server.letters) == 1


def test_a_letter_about_the_account_is_shown_only_where_it_is_known(
    adam: Membership, charlie: Membership, settings: Any
) -> None:
    """Somebody of another partnership who asked for a new password there is not found out here by an invitation."""
    here = actions.invite(
        name="Typed Name", email=charlie.user.email, role=Role.COMMISSIONER, organisation=None,
        starts_on=dt.date(2020, 1, 1), ends_on=None, by=Actor.of(adam),
    )  # fmt: skip
    sweep()
    jobs.enqueue("accounts.send_password_link", user_id=charlie.user_id)
    with mail_server(settings, RCPT=REFUSED):
        for _ in range(3):
            sweep()
    assert "not sent" not in shown(signed_in(adam), here)
    there = make_member(charlie.partnership, Role.ADMINISTRATOR, "Olga Other")
    assert "The link to set a new password, tried 3 times." in shown(signed_in(there), charlie)


def test_nobody_else_may_send_letters_again(alice: Membership, adam: Membership, invited: Membership) -> None:
    account = queries.account_for(Actor.of(adam), invited.pk)
    with pytest.raises(PermissionDenied):
        actions.send_letters_again(account=account, by=Actor.of(alice))
    assert signed_in(alice).post(reverse("user_letters", args=[invited.pk])).status_code == 403


def test_work_that_takes_its_worker_with_it_is_given_up_in_the_end(invited: Membership) -> None:
    job = Job.objects.get()
    long_ago = timezone.now() - dt.timedelta(hours=1)
    Job.objects.update(state=JobState.RUNNING, attempts=jobs.MOST_VANISHED, claimed_at=long_ago)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, jobs.VANISHED)
    assert User.objects.filter(email="priya@example.org").exists()
