"""Agreed measures, monthly checklists, incidents."""

from collections.abc import Iterator
from decimal import Decimal

from commissioning.interchange.cells import (
    AnswerValue,
    Choice,
    Day,
    MonthDay,
    Number,
    Reference,
    Text,
    YesNo,
)
from commissioning.interchange.tables.people import OWNER, VERSION
from commissioning.interchange.tables.spec import Column, Table, Values, organisation, person, placement
from outcomes.models import Answer, Checklist, Framework, Incident, Measure, View

BOUND = Number(Decimal("-9999999.99"), Decimal("9999999.99"), 2)


def minimum_below_maximum(values: Values) -> Iterator[tuple[str, str]]:
    lowest, highest = values.get("minimum"), values.get("maximum")
    if lowest is not None and highest is not None and highest < lowest:
        yield "maximum", "This is below minimum. Correct one of the two."


MEASURES = Table(
    file="measures.csv",
    about="Frameworks of outcome measures that partners agreed, in versions, a row for each measure.",
    key=("framework", "version", "measure"),
    models=(Measure, Framework),
    columns=(
        Column("framework", Reference(), required=True),
        Column("version", Reference(20), required=True),
        Column("measure", Reference(), required=True, stored="code"),
        Column("title", Text(200), required=True),
        Column("domain", Text(60), required=True),
        Column("kind", Choice(Measure.Kind.values), required=True),
        Column("better", Choice(Measure.Better.values)),
        Column("minimum", BOUND),
        Column("maximum", BOUND),
        Column("aspect", Choice(Measure.Aspect.values)),
        Column("in_force_from", Day()),
        Column("help", Text(300), extra=True),
        Column("question", Text(300), extra=True),
        Column("unit", Text(40), extra=True),
        Column("low_words", Text(60), extra=True),
        Column("high_words", Text(60), extra=True),
        Column("position", Number(Decimal(0), Decimal(32767)), extra=True),
        Column("framework_title", Text(200), extra=True),
    ),
    checks=(minimum_below_maximum,),
    left_out={"partnership": OWNER},
)

SENT = (Checklist.Status.SUBMITTED, Checklist.Status.SENT_BACK, Checklist.Status.ACCEPTED)

CHECKLISTS = Table(
    file="checklists.csv",
    about="Monthly checklists that were sent, a row for each answer. Drafts stay where they are written.",
    key=("person_ref", "provider", "month", "framework", "version", "measure", "view"),
    models=(Answer, Checklist),
    columns=(
        Column("person_ref", person(), required=True),
        Column("provider", organisation(), required=True),
        Column("month", MonthDay(), required=True),
        Column("framework", Reference()),
        Column("version", Reference(20)),
        Column("measure", Reference(), required=True),
        Column("view", Choice(View.values), required=True),
        Column("value", AnswerValue(2000), required=True),
        Column("evidence", Text(2000)),
        Column("submitted_on", Day()),
        Column("status", Choice(SENT), extra=True),
    ),
    left_out={
        "number": "Follows from value.",
        "submitted_by": "Names a user's account.",
        "saved_at": "Says whose words a draft last holds.",
        "saved_by": "Names a user's account.",
        "version": VERSION,
    },
)

INCIDENTS = Table(
    file="incidents.csv",
    about="Things that went wrong for people, with whether a restrictive practice was used.",
    key=("incident_ref",),
    models=(Incident,),
    columns=(
        Column("incident_ref", Reference(), required=True, stored="reference"),
        Column("person_ref", person(), required=True, stored="person"),
        Column("placement_ref", placement(), stored="placement"),
        Column("occurred_on", Day(), required=True),
        Column("kind", Choice(Incident.Kind.values), required=True),
        Column("severity", Number(Decimal(1), Decimal(4)), required=True),
        Column("restrictive_practice", YesNo()),
        Column("note", Text()),
    ),
    left_out={"version": VERSION, "partnership": OWNER},
)
