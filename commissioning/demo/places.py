"""The example's places bought together, and the prices that go by a calendar."""

import datetime as dt
from collections.abc import Sequence

from commissioning.core.periods import day_before
from commissioning.demo import organisations as orgs
from commissioning.demo.dataset import Dataset
from commissioning.demo.lives import Life, Stay
from finance.bank_holidays import bank_holidays

HOLIDAYS, TERMS = "BANK-HOLIDAYS", "TERMS"
BOUGHT_FROM, DEARER_FROM = dt.date(2026, 1, 1), dt.date(2026, 4, 1)
FILLED = 3
# Estuary's schools: a day is a day of term unless it is a holiday between these.
SCHOOL_TERMS = (
    ("2025-09-02", "2025-10-24"), ("2025-11-03", "2025-12-19"), ("2026-01-05", "2026-02-13"),
    ("2026-02-23", "2026-03-27"), ("2026-04-13", "2026-05-22"), ("2026-06-01", "2026-07-21"),
    ("2026-09-02", "2026-10-23"), ("2026-11-02", "2026-12-18"), ("2027-01-04", "2027-02-12"),
    ("2027-02-22", "2027-03-25"), ("2027-04-12", "2027-05-28"), ("2027-06-07", "2027-07-20"),
)  # fmt: skip


def add_places(data: Dataset, lives: Sequence[Life]) -> None:
    """Calendars; places for four of which some are void; somebody paid more on bank holidays, somebody's sessions."""
    _add_calendars(data)
    families = _there(lives, orgs.HOMEWARD, "family_home")
    _add_block(data, orgs.EVENINGS, "shared_hours", families[:FILLED])
    _add_block(data, orgs.FLATS, "waking_night", _there(lives, orgs.MEADOW, "own_tenancy", "supported_living")[:FILLED])
    _add_line(data, families[FILLED], "BH", "core_support", "Bank holidays", "daily", "62.50", "7", HOLIDAYS)
    school = next(stay for life in lives if life.kind == "transition" for stay in life.stays if stay.end is None)
    _add_line(data, school, "TERM", "day_activity", "After school", "session", "48.00", "2", TERMS)


def _add_calendars(data: Dataset) -> None:
    for day in bank_holidays():
        data.add(
            "calendars", calendar=HOLIDAYS, name="Bank holidays in England", kind="bank_holidays", start=day, end=day
        )
    for start, end in SCHOOL_TERMS:
        days = {"start": dt.date.fromisoformat(start), "end": dt.date.fromisoformat(end)}
        data.add("calendars", calendar=TERMS, name="School terms in Estuary", kind="term_time", **days)


def _add_block(data: Dataset, contract: str, kind: str, stays: Sequence[Stay]) -> None:
    """£2,000.00 a week for four, since April; the council and the NHS board pay for all of it, filled or void."""
    filled = {stay.reference for stay in stays}
    for row in data.files["placements"]:
        if row["placement_ref"] in filled:
            row["contract_ref"] = contract
    prices = ((BOUGHT_FROM, day_before(DEARER_FROM), "1934.24", "new"), (DEARER_FROM, None, "2000.00", "uplift"))
    for number, (start, end, amount, reason) in enumerate(prices, start=1):
        line = f"{contract}-{number}"
        data.add(
            "cost_lines",
            line_ref=line,
            contract_ref=contract,
            capacity=FILLED + 1,
            kind=kind,
            label="",
            basis="weekly",
            amount=amount,
            units_per_week="",
            start=start,
            end=end,
            reason=reason,
        )
        for funder, percent in ((orgs.COUNCIL, "60"), (orgs.ICB, "40")):
            share = {"line_ref": line, "funder": funder, "route": "joint", "percent": percent}
            data.add("funding", placement_ref=None, **share, start=start, end=end)


def _there(lives: Sequence[Life], provider: str, *settings: str) -> list[Stay]:
    """A provider's placements of these settings that go on, the first to begin first."""
    stays = (stay for life in lives for stay in life.stays if stay.provider == provider and stay.end is None)
    return sorted((stay for stay in stays if stay.setting in settings), key=lambda stay: (stay.start, stay.reference))


def _add_line(
    data: Dataset, stay: Stay, number: str, kind: str, label: str, basis: str, amount: str, units: str, calendar: str
) -> None:
    data.add(
        "cost_lines",
        line_ref=f"{stay.reference}-{number}",
        placement_ref=stay.reference,
        kind=kind,
        label=label,
        basis=basis,
        amount=amount,
        units_per_week=units,
        start=max(stay.start, BOUGHT_FROM),
        end=None,
        reason="new",
        calendar=calendar,
    )
