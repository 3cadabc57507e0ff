"""Letters to the partnership's people that the mail server has not taken, as an administrator sees them."""

import datetime as dt
from dataclasses import dataclass

from commissioning.accounts.letters import SUBJECTS
from commissioning.accounts.models import Membership
from commissioning.core import jobs

INVITATION = "accounts.send_invitation"
# What each kind of letter is called. Its job names an invitation, a membership or, about an account itself, a user.
LETTERS = {
    INVITATION: "The invitation",
    "accounts.send_password_link": "The link to set a new password",
    "accounts.send_notice": "A notice",
    "outcomes.send_reminder": "A reminder of checklists",
    "reports.send_notice": "The notice of a new report",
}


@dataclass(frozen=True)
class Unsent:
    """One letter: `tries` so far, what was `said` at the last, and when it is tried next; None once it was given up.

    `to` is a name, on pages about more than one person.
    """

    job_id: int
    what: str
    tries: int
    said: str
    again_at: dt.datetime | None
    to: str = ""

    @property
    def is_given_up(self) -> bool:
        return self.again_at is None


def unsent_to(memberships: list[Membership], *, has_come: bool, among: list[jobs.Trouble]) -> tuple[Unsent, ...]:
    """The letters to somebody, of these of everybody's. Letters about an account itself only once they have come: until
    then nobody here knows whether there is one.
    """
    own = {each.pk for each in memberships}
    invitations = {each.invitation.pk for each in memberships if hasattr(each, "invitation")}
    user_id = memberships[0].user_id
    return tuple(
        unsent(each)
        for each in among
        if each.arguments.get("membership_id") in own
        or each.arguments.get("invitation_id") in invitations
        or (has_come and each.arguments.get("user_id") == user_id)
    )


def troubles() -> list[jobs.Trouble]:
    """Everybody's letters that were not taken so far; for `unsent_to`, which knows whose they are."""
    return jobs.troubled(LETTERS)


def unsent(trouble: jobs.Trouble, to: str = "") -> Unsent:
    return Unsent(trouble.job_id, _called(trouble), trouble.tries, trouble.said, trouble.again_at, to)


def _called(trouble: jobs.Trouble) -> str:
    reason = str(trouble.arguments.get("reason", ""))
    return f"{LETTERS[trouble.name]}: “{SUBJECTS[reason]}”" if reason in SUBJECTS else LETTERS[trouble.name]
