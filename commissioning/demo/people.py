"""Who the example's people are, those around them, their plans and goals."""

import datetime as dt

from commissioning.demo import names
from commissioning.demo import organisations as orgs
from commissioning.demo.dataset import Dataset, chance_for, nhs_number
from commissioning.demo.lives import Life
from commissioning.demo.stories import JO, JO_GOALS, MAN, T

KNOWN = {
    JO: ("Jo", "Example", dt.date(2002, 3, 14), "both"),
    T: ("T", "Example", dt.date(1996, 11, 2), "learning_disability"),
    MAN: ("Malcolm", "Hometown", dt.date(1985, 6, 20), "learning_disability"),
}
JO_SPEAKS = (
    "Short sentences. One thing at a time.\nWait. Count to ten before you ask again.\n"
    "I use Makaton for feelings, and a photo timetable on my tablet.\n"
    "Do not phone me. Come and see me, or send a photo."
)


def add_person(data: Dataset, life: Life, number: int) -> None:
    chance = chance_for(f"person {life.reference}")
    given, family = chance.choice(names.GIVEN), chance.choice(names.FAMILY)
    young = life.kind == "transition"
    age = chance.randint(18, 21) if young else chance.randint(24, 74)
    born = dt.date(data.today.year - age, chance.randint(1, 12), chance.randint(1, 28))
    diagnosis = chance.choices(("learning_disability", "both", "autism", "under_assessment"), (58, 27, 13, 2))[0]
    if life.reference in KNOWN:
        given, family, born, diagnosis = KNOWN[life.reference]
    speaks = "\n".join(chance.sample(names.SPEAK, chance.randint(2, 4)))
    data.add(
        "people",
        person_ref=life.reference,
        nhs_number=nhs_number(4000 + number * 37),
        given_name=given,
        family_name=family,
        preferred_name=given,
        date_of_birth=born,
        diagnosis=diagnosis,
        council=orgs.COUNCIL,
        icb=orgs.ICB,
        home_postcode=chance.choice(names.STREETS),
        cohorts=";".join(_cohorts(life, data.today, challenging=chance.random() < 0.35)),
        programme_start=life.programme_start,
        died_on=life.died_on,
        communication=JO_SPEAKS if life.reference == JO else speaks,
        communication_checked_on=data.today - dt.timedelta(days=chance.randint(20, 330)),
    )
    _add_responsibilities(data, life)
    _add_circle(data, life, family)
    _add_plans(data, life)
    _add_goals(data, life)


def _cohorts(life: Life, today: dt.date, *, challenging: bool) -> list[str]:
    stay = life.stay_on(today)
    found = []
    if stay and stay.setting in ("residential_care", "nursing_care"):
        found.append("care_home")
    if stay and stay.setting.endswith(("hospital", "treatment_unit")):
        found += ["hospital", "out_of_area"]
    if life.kind == "transition":
        found.append("transition")
    if challenging or life.kind in ("hospital", "story"):
        found.append("challenging_behaviour")
    return found


def _add_responsibilities(data: Dataset, life: Life) -> None:
    start = life.stays[0].start
    basis = "s117" if life.kind == "hospital" else "ordinary_residence"
    data.add(
        "responsibilities",
        person_ref=life.reference,
        role="council",
        organisation=orgs.COUNCIL,
        basis=basis,
        start=start,
        end=None,
    )
    data.add(
        "responsibilities",
        person_ref=life.reference,
        role="icb",
        organisation=orgs.ICB,
        basis="gp_registration",
        start=max(start, dt.date(2022, 7, 1)),
        end=None,
    )


def _add_circle(data: Dataset, life: Life, family: str) -> None:
    chance = chance_for(f"circle {life.reference}")
    others = [
        (
            f"{chance.choice(names.GIVEN)} {family}",
            "family",
            chance.choice(("mother", "father", "sister", "brother", "aunt")),
        ),
        (f"{chance.choice(names.GIVEN)} {chance.choice(names.FAMILY)}", "worker", "key worker"),
    ]
    if chance.random() < 0.5:
        others.append((f"{chance.choice(names.GIVEN)} {chance.choice(names.FAMILY)}", "advocate", "Speak Estuary"))
    if chance.random() < 0.4:
        others.append(
            (f"Dr {chance.choice(names.GIVEN)} {chance.choice(names.FAMILY)}", "clinician", "clinical psychologist")
        )
    if chance.random() < 0.4:
        others.append((f"{chance.choice(names.GIVEN)} {chance.choice(names.FAMILY)}", "friend", "friend from college"))
    for name, part, relationship in others:
        data.add(
            "circle",
            person_ref=life.reference,
            name=name,
            part=part,
            relationship=relationship,
            contact=None,
            ended_on=None,
        )


def _add_plans(data: Dataset, life: Life) -> None:
    """Two versions for most; a few have only a draft, and some reviews are late."""
    chance = chance_for(f"plan {life.reference}")
    only_draft = chance.random() < 0.06
    agreed = data.today - dt.timedelta(days=chance.randint(30, 400))
    versions = [("draft", None)] if only_draft else [("replaced", agreed - dt.timedelta(days=370)), ("agreed", agreed)]
    for number, (status, agreed_on) in enumerate(versions, start=1):
        review = agreed_on + dt.timedelta(days=365) if agreed_on else None
        data.add(
            "plans",
            person_ref=life.reference,
            number=number,
            status=status,
            what_matters="\n".join(chance.sample(names.MATTERS, 3)),
            how_to_support="\n".join(chance.sample(names.SUPPORT, 3)),
            good_day=chance.choice(names.GOOD_DAYS),
            bad_day=chance.choice(names.BAD_DAYS),
            person_involvement="took_part" if agreed_on else None,
            person_involvement_how="At home, in two short meetings, with photos" if agreed_on else None,
            family_involvement="took_part" if agreed_on else None,
            family_involvement_how="Family came to the second meeting" if agreed_on else None,
            agreed_on=agreed_on,
            review_by=review,
        )


def _add_goals(data: Dataset, life: Life) -> None:
    chance = chance_for(f"goals {life.reference}")
    if life.reference == JO:
        goals = JO_GOALS
    else:
        chosen = chance.sample(names.GOALS, chance.randint(2, 4))
        scores = [chance.choices((-2, -1, 0, 1, 2), (5, 15, 35, 30, 15))[0] for _ in chosen]
        goals = tuple(
            (domain, words, "achieved" if score > 0 and chance.random() < 0.6 else "working_on", score)
            for (domain, words), score in zip(chosen, scores, strict=True)
        )
    for number, (domain, words, status, score) in enumerate(goals, start=1):
        agreed = data.today - dt.timedelta(days=chance.randint(200, 500))
        data.add(
            "goals",
            goal_ref=f"{life.reference}-G{number}",
            person_ref=life.reference,
            agreed_on=agreed,
            words=words,
            domain=domain,
            status=status,
            progress=score,
            reviewed_on=data.today - dt.timedelta(days=chance.randint(5, 120)),
        )
