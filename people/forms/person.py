"""The form of a person's record."""

from typing import Any

from django import forms

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation, OrganisationKind
from commissioning.core.editing import EditForm
from commissioning.core.errors import Refused, RefusedMany
from commissioning.core.forms import (
    CheckboxesField,
    CheckboxField,
    ChoicesField,
    DayField,
    NHSNumberField,
    PostcodeField,
    RecordField,
    TextField,
    WordsField,
)
from people.actions import PersonDetails
from people.models import Cohort, Diagnosis, Person

ANOTHER = "another_person"


class PersonForm(EditForm):
    """A person's record: a new one, with its reference, or one that is there, with its version."""

    reference = TextField(
        label="Reference",
        max_length=40,
        width=20,
        help_text="Your partnership’s own number for the person, like EP-0126",
    )
    given_name = TextField(label="First name", max_length=100)
    family_name = TextField(label="Family name", max_length=100)
    preferred_name = TextField(
        label="Likes to be called", max_length=100, required=False, help_text="If it is not the first name"
    )
    date_of_birth = DayField(label="Date of birth")
    nhs_number = NHSNumberField(required=False)
    another_person = CheckboxField(label="This is somebody else with the same name and date of birth", required=False)
    diagnosis = ChoicesField(label="Diagnosis", choices=Diagnosis.choices)
    communication = WordsField(
        label="How to communicate with the person",
        required=False,
        rows=6,
        help_text="A line for each thing, in the person’s own words where they gave them. It stands first on every "
        "page about them.",
    )
    communication_checked_on = DayField(label="Day it was checked with the person", required=False)
    council = RecordField(label="Council responsible now")
    icb = RecordField(label="NHS board responsible now")
    home_postcode = PostcodeField(
        label="Home postcode",
        required=False,
        help_text="Where the person calls home, even while they live away from it",
    )
    cohorts = CheckboxesField(label="Cohorts", choices=Cohort.choices, required=False)
    programme_start = DayField(
        label="Start of the programme",
        required=False,
        help_text="From this day change is measured against the baseline",
    )
    died_on = DayField(
        label="Date of death",
        required=False,
        help_text="Placements end that day. Prices run on for the days that their contract pays after a death.",
    )

    def __init__(self, *args: Any, actor: Actor, person: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = Organisation.objects.of(actor.partnership)
        self._record("council").queryset = bodies.filter(kind=OrganisationKind.COUNCIL)
        self._record("icb").queryset = bodies.filter(kind=OrganisationKind.ICB)
        number = self.fields["nhs_number"]
        if isinstance(number, NHSNumberField):
            known = person is not None and person.nhs_number.startswith("999")
            number.fictional = known or actor.partnership.is_fictional
        if person:
            del self.fields["reference"]
        else:
            del self.fields["died_on"]
            self._choose_the_only()
        if not self.data.get(ANOTHER):
            self.fields[ANOTHER].widget = forms.HiddenInput()

    def _choose_the_only(self) -> None:
        """Where the partnership has one council and one board, there is nothing to choose."""
        for name in ("council", "icb"):
            offered = self._record(name).queryset
            bodies = list(offered[:2]) if offered is not None else []
            if len(bodies) == 1:
                self.initial.setdefault(name, bodies[0])

    def refuse(self, refused: Refused) -> None:
        """A record that looks like the same person brings the box to tick if it is not."""
        refusals = list(refused) if isinstance(refused, RefusedMany) else [refused]
        if any(one.field == ANOTHER for one in refusals):
            self.fields[ANOTHER].widget = forms.CheckboxInput()
        super().refuse(refused)

    @property
    def details(self) -> PersonDetails:
        """What was entered."""
        values: dict[str, Any] = {
            name: self.cleaned_data[name] for name in PersonDetails.__dataclass_fields__ if name in self.cleaned_data
        }
        return PersonDetails(**{**values, "cohorts": tuple(values["cohorts"] or ())})

    def _record(self, name: str) -> RecordField:
        field = self.fields[name]
        assert isinstance(field, RecordField)  # noqa: S101  narrows the type
        return field


def initial_of(person: Person) -> dict[str, Any]:
    """The form's values of the record as it stands now."""
    return {name: getattr(person, name) for name in PersonDetails.__dataclass_fields__}
