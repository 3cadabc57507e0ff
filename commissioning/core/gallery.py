"""Samples for the gallery of components: every field, at rest and with its errors."""

from dataclasses import dataclass

from commissioning.core.forms import (
    CheckboxesField,
    CheckboxField,
    ChoicesField,
    DayField,
    EmailField,
    FileField,
    Form,
    MonthField,
    NHSNumberField,
    NumberField,
    PercentField,
    PostcodeField,
    PoundsField,
    SelectField,
    TextField,
    WordsField,
    YesNoField,
)

SETTINGS = [("own", "Own tenancy"), ("supported", "Supported living"), ("residential", "Residential care")]


class SampleForm(Form):
    """One of each field."""

    name = TextField(label="Name", help_text="As the person says it", max_length=60)
    email = EmailField(label="Email address")
    nhs_number = NHSNumberField()
    postcode = PostcodeField(label="Postcode of the home")
    start = DayField(label="First day")
    month = MonthField(label="Month", required=False)
    price = PoundsField(label="Price a week")
    share = PercentField(label="Share")
    times = NumberField(label="Times a week", maximum=14, suffix="times")
    provider = SelectField(label="Provider", choices=[("meadow", "Meadow Farm Support"), ("lark", "Larkrise Living")])
    setting = ChoicesField(label="Setting", choices=SETTINGS, hints={"own": "The person’s name is on the lease"})
    moved = YesNoField(label="Did the person choose to move?")
    cohorts = CheckboxesField(
        label="Cohorts", choices=[("hospital", "In hospital"), ("area", "Out of area")], required=False
    )
    matters = WordsField(label="What matters to me", max_length=400, help_text="In the person’s own words")
    letter = FileField(label="Letter", required=False, accept=".pdf")
    agreed = CheckboxField(label="The person agrees to this being written down")


class SampleWithErrors(SampleForm):
    """The same with another prefix, so that no identifier stands twice on the page."""

    prefix = "wrong"


WRONG = {
    "name": "A name that goes on and on and on, well beyond what anybody is called",
    "email": "priya.nair",
    "nhs_number": "999 000 0001",
    "postcode": "Grimsby",
    "start_day": "18",
    "start_month": "5",
    "start_year": "0206",
    "month_month": "13",
    "month_year": "2026",
    "price": "about 175",
    "share": "110",
    "times": "seven",
}


@dataclass(frozen=True)
class Figure:
    """A key figure of the gallery."""

    kind: str
    label: str
    value: str
    note: str


FIGURES = (
    Figure("life", "Sees people who matter", "5 times a month", "once in June"),
    Figure("life", "Incidents since August", "None", "4 to 9 a month before"),
    Figure("money", "Weekly cost", "£3,100", "£2,400 less than baseline"),
    Figure("money", "Over a year", "£124,800 less", "sustained if outcomes hold"),
)


@dataclass(frozen=True)
class Need:
    """Something that needs somebody, for the gallery."""

    kind: str
    count: int
    what: str
    who: str
    by: str = ""
    flag: str = ""
    url: str = "#needs"


NEEDS = (
    Need("life", 2, "reviews are late", "Ama Boateng, Carl Osei", flag="6 days"),
    Need("money", 1, "placement without all its funding", "Dev Parekh", by="9 November"),
)


def sample_forms() -> tuple[SampleForm, SampleWithErrors]:
    """A form at rest, and one with everything wrong."""
    return SampleForm(), SampleWithErrors({f"wrong-{name}": value for name, value in WRONG.items()})
