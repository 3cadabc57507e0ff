"""People, who is responsible for them, those around them, their plans and goals."""

from collections.abc import Iterator
from decimal import Decimal

from commissioning.interchange.cells import (
    Choice,
    Choices,
    Day,
    NHSNumber,
    Number,
    Postcode,
    Reference,
    Text,
    YesNo,
)
from commissioning.interchange.tables.spec import (
    Column,
    Table,
    Values,
    ends_after,
    link,
    organisation,
    person,
    placement,
    shrinks,
)
from people.models import (
    CircleMember,
    Cohort,
    Diagnosis,
    Goal,
    Person,
    Placement,
    Plan,
    Responsibility,
    Setting,
    Suspension,
)

VERSION = "Counts edits, so that two people do not overwrite each other."
OWNER = "The partnership is named when loading or dumping."


def died_after_birth(values: Values) -> Iterator[tuple[str, str]]:
    born, died = values.get("date_of_birth"), values.get("died_on")
    if born and died and died < born:
        yield "died_on", f"This is before date_of_birth ({born.isoformat()}). Correct one of the two dates."


PEOPLE = Table(
    file="people.csv",
    about="The people whose support the partnership buys.",
    key=("person_ref",),
    models=(Person,),
    columns=(
        Column("person_ref", Reference(), required=True, stored="reference"),
        Column("nhs_number", NHSNumber()),
        Column("given_name", Text(100), required=True),
        Column("family_name", Text(100), required=True),
        Column("preferred_name", Text(100)),
        Column("date_of_birth", Day(), required=True),
        Column("diagnosis", Choice(Diagnosis.values), required=True),
        Column("council", organisation(), required=True),
        Column("icb", organisation(), required=True),
        Column("home_postcode", Postcode()),
        Column("cohorts", Choices(Cohort.values)),
        Column("programme_start", Day()),
        Column("died_on", Day()),
        Column("communication", Text(), extra=True),
        Column("communication_checked_on", Day(), extra=True),
    ),
    checks=(died_after_birth,),
    left_out={"version": VERSION, "partnership": OWNER},
)

RESPONSIBILITIES = Table(
    file="responsibilities.csv",
    about="Which council or NHS board is responsible for a person, on what basis, from when to when.",
    key=("person_ref", "role", "organisation", "start"),
    models=(Responsibility,),
    owner="person__partnership",
    columns=(
        Column("person_ref", person(), required=True, stored="person"),
        Column("role", Choice(Responsibility.Body.values), required=True),
        Column("organisation", organisation(), required=True),
        Column("basis", Choice(Responsibility.Basis.values), required=True),
        Column("start", Day(), required=True),
        Column("end", Day()),
    ),
    checks=(ends_after(),),
)

CIRCLE = Table(
    file="circle.csv",
    about="A person's circle of support: family, friends, advocate, workers.",
    key=("person_ref", "name", "part"),
    models=(CircleMember,),
    owner="person__partnership",
    columns=(
        Column("person_ref", person(), required=True, stored="person"),
        Column("name", Text(200), required=True),
        Column("part", Choice(CircleMember.Part.values), required=True),
        Column("relationship", Text(200)),
        Column("contact", Text(200)),
        Column("ended_on", Day()),
    ),
)

TOOK_PART = (
    "person_involvement",
    "person_involvement_how",
    "family_involvement",
    "family_involvement_how",
    "agreed_on",
)


def agreed_plans_say_who_took_part(values: Values) -> Iterator[tuple[str, str]]:
    """S9: a plan is not agreed without a record of how the person and their family or advocate took part."""
    if values.get("status") in (None, "", Plan.Status.DRAFT):
        return
    for column in TOOK_PART:
        if not values.get(column):
            yield (
                column,
                "An agreed plan says how the person, and family or an advocate, took part, and when. Fill it in.",
            )


def replaced_plans_first(_before: Values, after: Values) -> bool:
    """A plan is replaced before the next one is agreed."""
    return bool(after["status"] == Plan.Status.REPLACED)


PLANS = Table(
    file="plans.csv",
    about="Person-centred plans, a row for each version.",
    key=("person_ref", "number"),
    models=(Plan,),
    owner="person__partnership",
    columns=(
        Column("person_ref", person(), required=True, stored="person"),
        Column("number", Number(Decimal(1), Decimal(32767)), required=True),
        Column("status", Choice(Plan.Status.values), required=True),
        Column("what_matters", Text()),
        Column("how_to_support", Text()),
        Column("good_day", Text()),
        Column("bad_day", Text()),
        Column("person_involvement", Choice(Plan.Involvement.values)),
        Column("person_involvement_how", Text()),
        Column("family_involvement", Choice(Plan.Involvement.values)),
        Column("family_involvement_how", Text()),
        Column("agreed_on", Day()),
        Column("review_by", Day()),
    ),
    checks=(agreed_plans_say_who_took_part,),
    first=replaced_plans_first,
    left_out={"version": VERSION},
)

GOALS = Table(
    file="goals.csv",
    about="What people want, in their own words, with progress from −2 to +2.",
    key=("goal_ref",),
    models=(Goal,),
    columns=(
        Column("goal_ref", Reference(), required=True, stored="reference"),
        Column("person_ref", person(), required=True, stored="person"),
        Column("agreed_on", Day(), required=True),
        Column("words", Text(500), required=True),
        Column("domain", Text(60), required=True),
        Column("status", Choice(Goal.Status.values), required=True),
        Column("progress", Number(Decimal(-2), Decimal(2))),
        Column("reviewed_on", Day()),
    ),
    left_out={"version": VERSION, "partnership": OWNER},
)

PLACEMENTS = Table(
    file="placements.csv",
    about="Where each person lives or is supported, by whom, from when to when.",
    key=("placement_ref",),
    models=(Placement,),
    columns=(
        Column("placement_ref", Reference(), required=True, stored="reference"),
        Column("person_ref", person(), required=True, stored="person"),
        Column("provider", organisation(), required=True),
        Column("contract_ref", link("contracts.csv", "contract"), stored="contract"),
        Column("setting", Choice(Setting.values), required=True),
        Column("start", Day(), required=True),
        Column("end", Day()),
        Column("end_reason", Choice(Placement.EndReason.values)),
        Column("landlord", organisation()),
        Column("postcode", Postcode()),
        Column("out_of_area", YesNo()),
        Column("double_running", YesNo()),
        Column("shared_on", Day(), extra=True),
    ),
    checks=(ends_after(),),
    first=shrinks,
    left_out={"version": VERSION, "partnership": OWNER},
)

SUSPENSIONS = Table(
    file="suspensions.csv",
    about="Days on which support stops while the home is kept open, with the percentage still paid.",
    key=("placement_ref", "start"),
    models=(Suspension,),
    owner="placement__partnership",
    columns=(
        Column("placement_ref", placement(), required=True, stored="placement"),
        Column("start", Day(), required=True),
        Column("end", Day()),
        Column("reason", Choice(Suspension.Reason.values), required=True),
        Column("percent_paid", Number(Decimal(0), Decimal(100), 4), required=True),
        Column("note", Text(500)),
    ),
    checks=(ends_after(),),
    first=shrinks,
)
