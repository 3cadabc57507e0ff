"""The three people of the field's own documents: Jo, T, and a man in his home town. Rates and settings are theirs."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from commissioning.demo import organisations as orgs
from commissioning.demo.dataset import Dataset, chance_for
from commissioning.demo.lives import Life, Stay

JO, T, MAN = "EP-0126", "EP-0127", "EP-0128"
JO_MOVED = dt.date(2026, 7, 1)


@dataclass(frozen=True)
class Price:
    """One line of a story as its document gives it."""

    stay: str
    kind: str
    basis: str
    amount: str
    start: dt.date
    end: dt.date | None = None
    units: str = ""
    reason: str = "new"


def _past(reference: str, setting: str, provider: str, start: dt.date, end: dt.date, weekly: str) -> Stay:
    return Stay(reference, setting, provider, start, end, Decimal(weekly), "planned_move")


def story_lives() -> list[Life]:
    jo = Life(JO, "story", chance_for("jo"), moved_on=JO_MOVED, programme_start=dt.date(2026, 5, 18))
    jo.stays = [
        Stay(
            f"{JO}-1",
            "residential_care",
            orgs.FAR_HOUSE,
            dt.date(2020, 9, 1),
            dt.date(2026, 6, 30),
            Decimal(5500),
            "planned_move",
        ),
        Stay(f"{JO}-2", "own_tenancy", orgs.MEADOW, JO_MOVED, None, Decimal(3100)),
    ]
    t = Life(T, "story", chance_for("t"), programme_start=dt.date(2024, 1, 1))
    t.stays = [Stay(f"{T}-1", "own_tenancy", orgs.FAMILY, dt.date(2024, 1, 1), None, Decimal(3600))]
    man = Life(MAN, "story", chance_for("man"), moved_on=dt.date(2018, 4, 1), programme_start=dt.date(2018, 4, 1))
    man.stays = [
        Stay(
            f"{MAN}-1",
            "assessment_treatment_unit",
            orgs.HOSPITAL,
            dt.date(2016, 2, 1),
            dt.date(2018, 3, 31),
            Decimal(3500),
            "planned_move",
        ),
        Stay(f"{MAN}-2", "own_tenancy", orgs.HOMEWARD, dt.date(2018, 4, 1), None, Decimal(500)),
    ]
    return [jo, t, man]


PRICES = (
    Price(f"{JO}-1", "core_support", "weekly", "5500.00", dt.date(2020, 9, 1), dt.date(2026, 6, 30)),
    Price(f"{JO}-2", "set_up", "one_off", "8450.00", dt.date(2026, 5, 18), dt.date(2026, 5, 18)),
    Price(f"{JO}-2", "core_support", "weekly", "1875.21", JO_MOVED),
    Price(f"{JO}-2", "waking_night", "nightly", "174.97", JO_MOVED, units="7"),
    Price(f"{T}-1", "two_to_one", "weekly", "3600.00", dt.date(2024, 1, 1)),
    Price(f"{MAN}-1", "core_support", "weekly", "3500.00", dt.date(2016, 2, 1), dt.date(2018, 3, 31)),
    Price(f"{MAN}-2", "core_support", "weekly", "2000.00", dt.date(2018, 4, 1), dt.date(2020, 3, 31)),
    Price(
        f"{MAN}-2", "core_support", "weekly", "1150.00", dt.date(2020, 4, 1), dt.date(2022, 9, 30), reason="step_down"
    ),
    Price(f"{MAN}-2", "core_support", "hourly", "16.67", dt.date(2022, 10, 1), units="30", reason="step_down"),
    Price(f"{MAN}-2", "client_contribution", "weekly", "-42.35", dt.date(2022, 10, 1)),
)
SHARES = (
    (f"{JO}-1", orgs.ICB, "chc", "100", dt.date(2020, 9, 1), dt.date(2025, 3, 31), ""),
    (f"{JO}-1", orgs.ICB, "s117", "66.6667", dt.date(2025, 4, 1), dt.date(2026, 6, 30), ""),
    (f"{JO}-1", orgs.COUNCIL, "s117", "33.3333", dt.date(2025, 4, 1), dt.date(2026, 6, 30), ""),
    (f"{JO}-2", orgs.COUNCIL, "s117", "50", dt.date(2026, 5, 1), None, ""),
    (f"{JO}-2", orgs.ICB, "s117", "50", dt.date(2026, 5, 1), None, ""),
    (f"{JO}-2", orgs.ICB, "s117", "100", JO_MOVED, None, f"{JO}-2-3"),
    (f"{T}-1", orgs.COUNCIL, "joint", "72.5", dt.date(2024, 1, 1), None, ""),
    (f"{T}-1", orgs.ICB, "joint", "27.5", dt.date(2024, 1, 1), None, ""),
    (f"{MAN}-1", orgs.ICB, "nhs_inpatient", "100", dt.date(2016, 2, 1), dt.date(2018, 3, 31), ""),
    (f"{MAN}-2", orgs.COUNCIL, "joint", "60", dt.date(2018, 4, 1), dt.date(2022, 10, 14), ""),
    (f"{MAN}-2", orgs.ICB, "joint", "40", dt.date(2018, 4, 1), dt.date(2022, 10, 14), ""),
    (f"{MAN}-2", orgs.COUNCIL, "joint", "85", dt.date(2022, 10, 15), None, ""),
    (f"{MAN}-2", orgs.ICB, "joint", "15", dt.date(2022, 10, 15), None, ""),
    (f"{MAN}-2", orgs.COUNCIL, "care_act", "100", dt.date(2022, 10, 1), None, f"{MAN}-2-4"),
)
JO_GOALS: tuple[tuple[str, str, str, int], ...] = (
    ("Community", "I want to work outside, with animals", "achieved", 2),
    ("Relationships", "I want to see my mum every week", "achieved", 2),
    ("Home", "I want my own front door", "achieved", 1),
    ("Feeling well", "I want to feel calm at night", "working_on", 0),
)


def add_stories(data: Dataset, lives: list[Life]) -> None:
    for life in lives:
        for stay in life.stays:
            home = stay.setting == "own_tenancy"
            data.add(
                "placements",
                placement_ref=stay.reference,
                person_ref=life.reference,
                provider=stay.provider,
                contract_ref=orgs.contract_of(stay.provider),
                setting=stay.setting,
                start=stay.start,
                end=stay.end,
                end_reason=stay.end_reason,
                landlord=orgs.ROOFTOP if home and stay.provider != orgs.FAMILY else None,
                postcode="DN36 4TN" if home else "NR30 4GH",
                out_of_area=not home,
                double_running=False,
            )
    _add_prices(data)
    for placement, funder, route, percent, start, end, line in SHARES:
        data.add(
            "funding",
            placement_ref=placement,
            line_ref=line,
            funder=funder,
            route=route,
            percent=percent,
            start=start,
            end=end,
        )
    _add_baseline(data, JO, "5500.00", dt.date(2026, 6, 30), "Cost of the placement before the move", "support_only")
    _add_baseline(data, MAN, "3500.00", dt.date(2018, 3, 31), "In-patient cost before the move home", "all_in")


def _add_prices(data: Dataset) -> None:
    counts: dict[str, int] = {}
    for price in PRICES:
        counts[price.stay] = counts.get(price.stay, 0) + 1
        data.add(
            "cost_lines",
            line_ref=f"{price.stay}-{counts[price.stay]}",
            placement_ref=price.stay,
            kind=price.kind,
            label="",
            basis=price.basis,
            amount=price.amount,
            units_per_week=price.units,
            start=price.start,
            end=price.end,
            reason=price.reason,
        )


def _add_baseline(data: Dataset, person: str, weekly: str, as_at: dt.date, source: str, scope: str) -> None:
    data.add("baselines", person_ref=person, weekly_cost=weekly, as_at=as_at, source=source, scope=scope)
