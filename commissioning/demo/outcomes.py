"""What changed in the example's lives: checklists and incidents that fit where each person lived."""

import datetime as dt
import random

from commissioning.core.periods import Month
from commissioning.demo import names
from commissioning.demo import organisations as orgs
from commissioning.demo.dataset import Dataset, chance_for
from commissioning.demo.lives import Life, Stay
from commissioning.demo.stories import JO
from outcomes import framework

MONTHS_OF_CHECKLISTS = 26
MONTHS_OF_INCIDENTS = 60
OWN_HOME = ("own_tenancy", "supported_living", "shared_lives", "family_home")
# How a life stands on a scale from 1 to 5 by where it is lived.
LEVEL = {
    "own_tenancy": 3.9,
    "supported_living": 3.7,
    "shared_lives": 4.0,
    "family_home": 3.6,
    "residential_care": 2.7,
    "nursing_care": 2.5,
    "assessment_treatment_unit": 1.4,
    "secure_hospital": 1.2,
    "other_hospital": 1.5,
}


def add_framework(data: Dataset) -> None:
    for position, measure in enumerate(framework.MEASURES):
        data.add(
            "measures",
            framework=framework.CODE,
            version=framework.VERSION,
            measure=measure.code,
            title=measure.title,
            domain=measure.domain,
            kind=str(measure.kind),
            better=str(measure.better),
            minimum=None if measure.minimum is None else str(measure.minimum),
            maximum=None if measure.maximum is None else str(measure.maximum),
            aspect=str(measure.aspect),
            in_force_from=dt.date(2024, 1, 1),
            help=measure.help,
            position=position,
            framework_title=framework.TITLE,
            **{name: getattr(measure, name) for name in ("question", "unit", "low_words", "high_words")},
        )


def add_outcomes(data: Dataset, life: Life) -> None:
    _add_checklists(data, life)
    _add_incidents(data, life)


def _add_checklists(data: Dataset, life: Life) -> None:
    chance = chance_for(f"checklists {life.reference}")
    own = chance.uniform(-0.6, 0.6)
    drift = chance.uniform(-0.25, 0.5)
    for back in range(MONTHS_OF_CHECKLISTS, -1, -1):
        month = data.last_month.plus(-back)
        stay = life.stay_on(month.last)
        if stay is None or stay.setting == "day_support" or stay.setting not in LEVEL:
            continue
        missing = chance.random()
        if missing < (0.12 if back == 0 else 0.04) and life.reference != JO:
            continue
        if back == 0 and stay.provider == orgs.MEADOW and life.reference != JO:
            continue  # this month is theirs to answer in the browser
        settled = min((month.last - stay.start).days / 365, 1.0)
        level = LEVEL[stay.setting] + own + drift * settled * (1 if stay.setting in OWN_HOME else 0.3)
        _add_views(data, life, stay, month, back, level, chance)


def _add_views(
    data: Dataset, life: Life, stay: Stay, month: Month, back: int, level: float, chance: random.Random
) -> None:
    _add_checklist(data, life, stay, month, "staff", level, chance)
    number = int(life.reference[-4:])
    if back % 3 == number % 3 and number % 5 < 3:
        _add_checklist(data, life, stay, month, "person_supported", level - 0.3, chance)
    if back % 6 == number % 6 and number % 3 == 0:
        _add_checklist(data, life, stay, month, "family", level - 0.1, chance)


def _add_checklist(
    data: Dataset, life: Life, stay: Stay, month: Month, view: str, level: float, chance: random.Random
) -> None:
    sent = min(month.last + dt.timedelta(days=chance.randint(1, 9)), data.today)
    status = "accepted" if chance.random() < 0.9 else "submitted"
    process = view == "staff"
    for measure in framework.MEASURES if process else framework.LIFE:
        data.add(
            "checklists",
            person_ref=life.reference,
            provider=stay.provider,
            month=str(month),
            framework=framework.CODE,
            version=framework.VERSION,
            measure=measure.code,
            view=view,
            value=answer_for(measure.code, level, chance),
            evidence=None,
            submitted_on=sent,
            status=status,
        )


def answer_for(code: str, level: float, chance: random.Random) -> str:
    """An answer to a measure where life stands at a level from 1 to 5."""
    near = level + chance.gauss(0, 0.45)
    score = min(5, max(1, round(near)))
    answers = {
        "people": max(0, round((near - 0.7) * 1.4)),
        "community_hours": max(0, round((near - 0.8) * 6.5)),
        "good_days": min(7, max(0, round(near * 1.35))),
        "medication": max(0, round((5.2 - near) * 0.75)),
        "on_call": max(0, round((4.4 - near) * 1.1)),
        "agency_shifts": max(0, round((4.8 - near) * 3.2)),
        "staff_left": 1 if chance.random() < 0.1 * (5 - level) else 0,
        "referrals": 1 if chance.random() < 0.05 * (5 - level) else 0,
    }
    if code in answers:
        return str(answers[code])
    if code == "doing":
        return chance.choice(names.DOING)
    if code in ("learning", "health"):
        return "yes" if chance.random() < 0.2 + level * 0.15 else "no"
    return str(score)


def _add_incidents(data: Dataset, life: Life) -> None:
    chance = chance_for(f"incidents {life.reference}")
    number = 0
    for back in range(MONTHS_OF_INCIDENTS, -1, -1):
        month = data.last_month.plus(-back)
        stay = life.stay_on(month.last)
        if stay is None or stay.setting == "day_support":
            continue
        for _ in range(_how_many(life, stay, month, chance)):
            number += 1
            day = month.first + dt.timedelta(days=chance.randint(0, 27))
            if day < stay.start or (stay.end is not None and day > stay.end):
                continue
            _add_incident(data, life, stay, number, day, chance)


def _how_many(life: Life, stay: Stay, month: Month, chance: random.Random) -> int:
    if life.reference == JO:
        return chance.randint(4, 9) if stay.provider == orgs.FAR_HOUSE else int(month == Month(2026, 7))
    rate = {"story": 0.4, "hospital": 0.9, "moved": 0.22}.get(life.kind, 0.12)
    if stay.setting.endswith(("hospital", "treatment_unit")):
        rate = 2.6
    elif stay.setting in OWN_HOME and life.moved_on:
        rate *= 0.4
    return sum(chance.random() < rate / 3 for _ in range(3))


def _add_incident(data: Dataset, life: Life, stay: Stay, number: int, day: dt.date, chance: random.Random) -> None:
    kind = chance.choices(
        ("harm_to_self", "harm_to_others", "property", "absence", "medication", "safeguarding", "police", "restraint"),
        (22, 30, 18, 6, 8, 5, 4, 7),
    )[0]
    data.add(
        "incidents",
        incident_ref=f"{life.reference}-I{number:03d}",
        person_ref=life.reference,
        placement_ref=stay.reference,
        occurred_on=day,
        kind=kind,
        severity=chance.choices((1, 2, 3, 4), (34, 44, 19, 3))[0],
        restrictive_practice=kind == "restraint" or chance.random() < 0.12,
        note=chance.choice(names.INCIDENT_NOTES),
    )
