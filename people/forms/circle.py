"""The forms of a person's circle, clinicians and responsibilities."""

from typing import Any

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation, OrganisationKind
from commissioning.core.editing import EditForm
from commissioning.core.forms import ChoicesField, DayField, Form, RecordField, TextField
from people.models import CircleMember, Responsibility
from people.queries import clinician_choices


class CircleForm(EditForm):
    """Somebody in a circle of support."""

    name = TextField(label="Name", max_length=200)
    part = ChoicesField(label="Part in the person’s life", choices=CircleMember.Part.choices)
    relationship = TextField(
        label="How they know the person",
        max_length=200,
        required=False,
        help_text="Like: mother, 20 minutes away; or: advocate, Speak Estuary",
    )
    contact = TextField(label="How to reach them", max_length=200, required=False)


def initial_of_member(member: CircleMember) -> dict[str, Any]:
    """The form's values of somebody in a circle as they stand now."""
    return {name: getattr(member, name) for name in ("name", "part", "relationship", "contact")}


class EndedOnForm(EditForm):
    """The last day somebody was in a circle."""

    submit_text = "End"
    ended_on = DayField(label="Last day in the circle")


class ClinicianForm(Form):
    """A clinician who is to advise on a person's support."""

    submit_text = "Add the clinician"
    user = RecordField(label="Clinician", help_text="They will see this person’s record, without prices")
    start = DayField(label="First day")

    def __init__(self, *args: Any, actor: Actor, on: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.fields["user"]
        if isinstance(user, RecordField):
            user.queryset = clinician_choices(actor, on)


class EndForm(EditForm):
    """The last day of something."""

    submit_text = "End"
    end = DayField(label="Last day")


class ResponsibilityForm(EditForm):
    """A council or NHS board that is responsible for a person, from a day to a day."""

    organisation = RecordField(label="Council or NHS board")
    basis = ChoicesField(
        label="Why they are responsible",
        choices=Responsibility.Basis.choices,
        hints={"s117": "Aftercare after detention under the Mental Health Act; never charged to the person"},
    )
    start = DayField(label="First day")
    end = DayField(label="Last day", required=False, help_text="Leave empty while they are responsible")

    def __init__(self, *args: Any, actor: Actor, row: Responsibility | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisation = self.fields["organisation"]
        if row is not None:
            del self.fields["organisation"]
        elif isinstance(organisation, RecordField):
            organisation.queryset = Organisation.objects.of(actor.partnership).filter(
                kind__in=[OrganisationKind.COUNCIL, OrganisationKind.ICB]
            )
