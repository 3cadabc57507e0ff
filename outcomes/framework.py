"""The framework that ships with As One: a few telling questions in plain words, ours to give away.

The parts of life follow the eight quality-of-life domains that research agrees on (Schalock), under plain names; the
process measures are those the National Development Team for Inclusion found providers could show: medicines for
behaviour, calls for help out of hours, a stable staff team, referrals. Incidents have their own pages.

Community life is asked three ways, shown together and never one alone: what (activity), how much (quantity) and how
good (quality).
"""

from dataclasses import dataclass
from decimal import Decimal

from outcomes.models import Measure

CODE = "AS-ONE"
VERSION = "1"
TITLE = "As One outcomes"


@dataclass(frozen=True)
class ShippedMeasure:
    """One question as it ships; `question` speaks of the person by the name they like."""

    code: str
    title: str
    question: str
    domain: str
    kind: str
    better: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    aspect: str = ""
    unit: str = ""
    low_words: str = ""
    high_words: str = ""
    help: str = ""


# Our name for each part of life, and the research domain or domains it stands for.
DOMAINS = {
    "Home": "material well-being",
    "Relationships": "interpersonal relations",
    "Choice and control": "self-determination",
    "Community": "social inclusion",
    "Learning": "personal development",
    "Feeling well": "emotional well-being",
    "Health": "physical well-being",
    "Rights": "rights",
}


def _score(
    code: str, title: str, question: str, domain: str, low: str, high: str, *, better: str = "higher", help: str = ""
) -> ShippedMeasure:
    return ShippedMeasure(
        code=code,
        title=title,
        question=question,
        domain=domain,
        kind=Measure.Kind.SCALE,
        better=better,
        minimum=Decimal(1),
        maximum=Decimal(5),
        aspect=Measure.Aspect.QUALITY,
        low_words=low,
        high_words=high,
        help=help,
    )


def _count(
    code: str,
    title: str,
    question: str,
    domain: str,
    unit: str,
    better: str,
    *,
    most: int = 999,
    help: str = "",
) -> ShippedMeasure:
    return ShippedMeasure(
        code=code,
        title=title,
        question=question,
        domain=domain,
        kind=Measure.Kind.COUNT,
        better=better,
        minimum=Decimal(0),
        maximum=Decimal(most),
        aspect=Measure.Aspect.QUANTITY,
        unit=unit,
        help=help,
    )


LIFE = (
    _score(
        "home",
        "Home feels like their own",
        "{name}’s home feels like {name}’s own",
        "Home",
        "not at all",
        "fully",
        help="Their things, their front door, who they live with, what they can change.",
    ),
    _count(
        "people",
        "Times they saw people who matter to them",
        "How many times did {name} see people who matter to them?",
        "Relationships",
        "times",
        "higher",
        help="Family and friends, not paid staff. Calls with a picture count.",
    ),
    _score(
        "days",
        "They chose what they did each day",
        "{name} chose what they did each day",
        "Choice and control",
        "never",
        "every day",
    ),
    ShippedMeasure(
        code="doing",
        title="What they did that mattered to them",
        question="What did {name} do this month that mattered to them?",
        domain="Community",
        kind=Measure.Kind.WORDS,
        aspect=Measure.Aspect.ACTIVITY,
        help="A line or two, in their own words if you can.",
    ),
    _count(
        "community_hours",
        "Hours out in the community in a usual week",
        "How many hours is {name} out in the community in a usual week?",
        "Community",
        "hours a week",
        "higher",
        most=168,
        help="Out among other people, not only driven somewhere. To the nearest hour.",
    ),
    _score(
        "belonging",
        "They are known and welcome where they go",
        "{name} is known and welcome in the places they go",
        "Community",
        "nowhere",
        "everywhere",
    ),
    ShippedMeasure(
        code="learning",
        title="They learnt or tried something new",
        question="Did {name} learn or try something new?",
        domain="Learning",
        kind=Measure.Kind.YES_NO,
        better=Measure.Better.HIGHER,
        aspect=Measure.Aspect.ACTIVITY,
    ),
    _count(
        "good_days",
        "Good days in a usual week",
        "How many days in a usual week are good days for {name}?",
        "Feeling well",
        "days a week",
        "higher",
        most=7,
        help="A good day as their plan describes it.",
    ),
    ShippedMeasure(
        code="health",
        title="They had the health care they needed",
        question="Did {name} have all the health care they needed?",
        domain="Health",
        kind=Measure.Kind.YES_NO,
        better=Measure.Better.HIGHER,
        aspect=Measure.Aspect.QUALITY,
        help="GP, dentist, eyes, yearly health check, anything that hurt.",
    ),
    _score(
        "heard",
        "People listened and acted on what they said",
        "People listened to {name} and acted on it",
        "Rights",
        "never",
        "always",
        help="In words, signs, pictures or what they do.",
    ),
)

PROCESS = (
    _count(
        "medication",
        "Medicines given to change behaviour",
        "How many medicines does {name} take to change behaviour?",
        Measure.PROCESS,
        "medicines",
        "lower",
        most=50,
        help="Regular and as needed; each medicine once. Not those for epilepsy or pain.",
    ),
    _count(
        "on_call",
        "Calls to on-call or out-of-hours help",
        "How many times did staff call on-call or out-of-hours help?",
        Measure.PROCESS,
        "calls",
        "lower",
    ),
    _count(
        "agency_shifts",
        "Shifts covered by agency staff",
        "How many of {name}’s shifts were covered by agency staff?",
        Measure.PROCESS,
        "shifts",
        "lower",
    ),
    _count(
        "staff_left",
        "Staff who left the person’s team",
        "How many staff left {name}’s team?",
        Measure.PROCESS,
        "staff",
        "lower",
        most=99,
    ),
    _count(
        "referrals",
        "Referrals to specialist health teams",
        "How many times was {name} referred to a specialist health team because support was not working?",
        Measure.PROCESS,
        "referrals",
        "lower",
        most=99,
    ),
)

MEASURES = (*LIFE, *PROCESS)
