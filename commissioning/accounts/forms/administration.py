"""Forms of the administrator: people who sign in, their roles, and the partnership's settings."""

from typing import Any

from django.utils import timezone

from commissioning.accounts.models import Organisation, OrganisationKind, Partnership, Role, WeeksPerYear
from commissioning.core.editing import EditForm
from commissioning.core.forms import ChoicesField, DayField, EmailField, Form, RecordField, TextField

ROLE_HINTS = {
    Role.COMMISSIONER: "Everyone in the partnership; logs and changes people, plans, placements, costs and contracts",
    Role.FINANCE_OFFICER: "Costs and funding; people by reference only",
    Role.CLINICIAN: "The people they advise, without prices",
    Role.PROVIDER_MANAGER: "The people their organisation supports; sends each month’s checklists",
    Role.PROVIDER_STAFF: "The people their organisation supports; drafts checklists",
    Role.BOARD_MEMBER: "Published reports",
    Role.AUDITOR: "Everything, read only, with who looked at whom",
    Role.ADMINISTRATOR: "Accounts and settings; no personal records",
}


class MembershipForm(Form):
    """A role in the administrator's partnership, from a day."""

    submit_text = "Give this role"

    role = ChoicesField(label="Role", choices=Role.choices, hints={str(key): text for key, text in ROLE_HINTS.items()})
    organisation = RecordField(
        label="Organisation",
        required=False,
        empty="None: the partnership itself",
        help_text="Provider managers and staff need the provider they work for.",
    )
    starts_on = DayField(label="First day")
    ends_on = DayField(label="Last day", required=False, help_text="Leave empty if it is not known.")

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"starts_on": timezone.localdate()})
        super().__init__(*args, **kwargs)
        self.offer("organisation", Organisation.objects.of(partnership))


class InviteForm(MembershipForm):
    """Somebody new, or somebody who has an account already, with the role they get."""

    submit_text = "Send the invitation"

    name = TextField(label="Name", max_length=200)
    email = EmailField(
        label="Email address", help_text="The invitation goes here, with a link that works once, within 7 days."
    )
    field_order = ["name", "email"]


class MembershipDatesForm(EditForm):
    """The days a role is held."""

    starts_on = DayField(label="First day")
    ends_on = DayField(label="Last day", required=False, help_text="Leave empty if it is not known.")


class EndMembershipForm(EditForm):
    submit_text = "End this role"

    ends_on = DayField(label="Last day")


class AccountForm(EditForm):
    """Nothing to fill in: closing an account, or opening it again, as it stood when the page was opened."""


class ResetSecondStepForm(Form):
    """Why a colleague's second step is taken off."""

    submit_text = "Take off their second step"

    reason = TextField(
        label="How do you know that it is them who asked?",
        missing="Enter how you know that it is them who asked",
        max_length=300,
        help_text="For example: she came to my desk; I called him back on the number we hold. This is kept.",
    )


class PartnershipForm(EditForm):
    """The partnership's name and how a week becomes a year."""

    name = TextField(label="Name of the partnership", max_length=200)
    weeks_per_year = ChoicesField(
        label="Weeks in a year",
        choices=WeeksPerYear.choices,
        help_text="How a weekly cost becomes a cost over a year, on every page and report.",
    )


class OrganisationForm(Form):
    """An organisation the partnership works with, and the partnership's own code for it."""

    name = TextField(label="Name", max_length=200)
    kind = ChoicesField(label="Kind", choices=OrganisationKind.choices)
    code = TextField(label="Your code for it", max_length=40, width=20, help_text="As in your own files, like NELC")
    ods_code = TextField(label="ODS code", max_length=10, width=10, required=False, help_text="For NHS organisations")
    gss_code = TextField(label="GSS code", max_length=9, width=10, required=False, help_text="For councils")


class CodeForm(EditForm):
    """The partnership's own code for an organisation."""

    code = TextField(label="Your code for it", max_length=40, width=20)
