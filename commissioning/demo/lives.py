"""Where the example's people have lived, what it cost, and who paid: ten years each, by chance that repeats itself."""

import datetime as dt
import random
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from commissioning.core.periods import day_before
from commissioning.demo import organisations as orgs
from commissioning.demo.dataset import Dataset, chance_for
from commissioning.demo.names import FAR, STREETS

# What fees rose by each April, roughly with the National Living Wage: by the year of the April.
UPLIFTS = {
    2017: "1.021", 2018: "1.028", 2019: "1.032", 2020: "1.041", 2021: "1.020", 2022: "1.046", 2023: "1.072",
    2024: "1.066", 2025: "1.052", 2026: "1.034",
}  # fmt: skip
# Funded nursing care, £ a week, standard rate, from each April (national rates).
NURSING = {
    2016: "156.25", 2017: "155.05", 2018: "158.16", 2019: "180.31", 2020: "183.92", 2021: "187.60", 2022: "209.19",
    2023: "219.71", 2024: "235.88", 2025: "254.06", 2026: "267.68",
}  # fmt: skip
CARE_HOMES = ("residential_care", "nursing_care")


@dataclass(frozen=True)
class Stay:
    """One placement of a life: the weekly price is in the money of its first day."""

    reference: str
    setting: str
    provider: str
    start: dt.date
    end: dt.date | None
    weekly: Decimal
    end_reason: str = ""
    step_down: bool = False


@dataclass
class Life:
    """One invented person's ten years, from which their outcomes are invented too."""

    reference: str
    kind: str
    chance: random.Random
    stays: list[Stay] = field(default_factory=list)
    moved_on: dt.date | None = None
    programme_start: dt.date | None = None
    died_on: dt.date | None = None

    def stay_on(self, day: dt.date) -> Stay | None:
        return next((each for each in self.stays if each.start <= day and (each.end is None or each.end >= day)), None)


def pounds(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def price_on(day: dt.date, base: Decimal) -> Decimal:
    """A price of autumn 2016 in the money of a day."""
    price = base
    for year, factor in UPLIFTS.items():
        if dt.date(year, 4, 1) <= day:
            price = price * Decimal(factor)
    return pounds(price)


def live(reference: str, kind: str, today: dt.date) -> Life:
    """A life of one kind: `care_home`, `moved`, `hospital`, `transition`, `family`."""
    life = Life(reference, kind, chance_for(f"life {reference}"))
    {
        "care_home": _in_care_home,
        "moved": _moved,
        "hospital": _from_hospital,
        "transition": _transition,
        "family": _family,
    }[kind](life, today)
    return life


def _provider(life: Life, setting: str) -> str:
    wanted = [each.code for each in orgs.providers() if setting in each.settings]
    return life.chance.choice(wanted)


def _base(life: Life, low: int, high: int) -> Decimal:
    return pounds(Decimal(life.chance.randint(low * 100, high * 100)) / 100)


def _stay(
    life: Life,
    setting: str,
    start: dt.date,
    end: dt.date | None,
    weekly: Decimal,
    end_reason: str = "",
    *,
    provider: str = "",
    step_down: bool = False,
) -> None:
    reference = f"{life.reference}-{len(life.stays) + 1}"
    code = provider or _provider(life, setting)
    life.stays.append(Stay(reference, setting, code, start, end, weekly, end_reason, step_down))


def _started(life: Life) -> dt.date:
    return dt.date(2016, 11, 1) - dt.timedelta(days=life.chance.randint(0, 1500))


def _in_care_home(life: Life, today: dt.date) -> None:
    setting = "nursing_care" if life.chance.random() < 0.2 else "residential_care"
    start, base = _started(life), _base(life, 335, 530)
    if life.chance.random() < 0.12:
        life.died_on = today - dt.timedelta(days=life.chance.randint(90, 1500))
        _stay(life, setting, start, life.died_on, price_on(start, base), "died")
        return
    if life.chance.random() < 0.2:
        left = today - dt.timedelta(days=life.chance.randint(300, 2400))
        reason = life.chance.choice(("provider_notice", "breakdown", "planned_move"))
        _stay(life, setting, start, left, price_on(start, base), reason)
        start = left + dt.timedelta(days=1)
    _stay(life, setting, start, None, price_on(start, base))
    if life.chance.random() < 0.55:
        life.programme_start = dt.date(2025, life.chance.randint(4, 12), 1)


def _moved(life: Life, today: dt.date) -> None:
    start, base = _started(life), _base(life, 480, 840)
    moved = today - dt.timedelta(days=life.chance.randint(40, 2300))
    _stay(life, life.chance.choice(CARE_HOMES), start, day_before(moved), price_on(start, base), "planned_move")
    home = life.chance.choice(("supported_living", "own_tenancy", "own_tenancy", "shared_lives"))
    cheaper = Decimal(life.chance.randint(70, 104)) / 100
    newest = orgs.MEADOW if moved >= dt.date(today.year, 1, 1) else ""
    _stay(life, home, moved, None, pounds(price_on(moved, base) * cheaper), provider=newest, step_down=True)
    life.moved_on = moved
    life.programme_start = moved - dt.timedelta(days=life.chance.randint(30, 150))


def _from_hospital(life: Life, today: dt.date) -> None:
    admitted = today - dt.timedelta(days=life.chance.randint(1100, 3300))
    home_before = admitted - dt.timedelta(days=900)
    base = _base(life, 700, 980)
    _stay(
        life, "residential_care", home_before, day_before(admitted), price_on(home_before, base), "hospital_admission"
    )
    still_there = life.chance.random() < 0.3
    left = None if still_there else admitted + dt.timedelta(days=life.chance.randint(200, 900))
    setting = life.chance.choice(("assessment_treatment_unit", "secure_hospital", "other_hospital"))
    price = Decimal(life.chance.randint(3300, 4100))
    reason = "" if still_there else "planned_move"
    _stay(life, setting, admitted, day_before(left) if left else None, price, reason, provider=orgs.HOSPITAL)
    if left:
        share = Decimal(life.chance.randint(42, 66)) / 100
        _stay(life, "own_tenancy", left, None, pounds(price * share), step_down=True)
        life.moved_on, life.programme_start = left, left - dt.timedelta(days=120)


def _transition(life: Life, today: dt.date) -> None:
    start = today - dt.timedelta(days=life.chance.randint(60, 900))
    setting = life.chance.choice(("family_home", "shared_lives", "supported_living"))
    provider = orgs.HOMEWARD if setting == "family_home" else ""
    _stay(life, setting, start, None, price_on(start, _base(life, 260, 520)), provider=provider)


def _family(life: Life, today: dt.date) -> None:
    start = _started(life)
    setting = life.chance.choice(("family_home", "shared_lives", "shared_lives"))
    provider = orgs.HOMEWARD if setting == "family_home" else ""
    _stay(life, setting, start, None, price_on(start, _base(life, 150, 330)), provider=provider)
    if life.chance.random() < 0.5:
        days = start + dt.timedelta(days=life.chance.randint(30, 900))
        _stay(life, "day_support", days, None, price_on(days, _base(life, 60, 120)))


def add_life(data: Dataset, life: Life) -> None:
    """Placements, prices, shares and baseline of a life."""
    for stay in life.stays:
        _add_placement(data, life, stay)
        _add_prices(data, life, stay)
        _add_shares(data, life, stay)
    _add_set_up(data, life)
    _add_baseline(data, life)


def _add_placement(data: Dataset, life: Life, stay: Stay) -> None:
    at_home = stay.setting in ("own_tenancy", "supported_living")
    far = stay.setting.endswith("hospital") or (stay.setting == "residential_care" and life.chance.random() < 0.15)
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
        landlord=life.chance.choice(orgs.LANDLORDS) if at_home else None,
        postcode=life.chance.choice(FAR if far else STREETS),
        out_of_area=far,
        double_running=False,
    )


def _aprils(start: dt.date, end: dt.date | None, today: dt.date) -> list[dt.date]:
    last = min(end or today, today)
    return [dt.date(year, 4, 1) for year in range(start.year, last.year + 1) if start < dt.date(year, 4, 1) <= last]


def _add_prices(data: Dataset, life: Life, stay: Stay) -> None:
    """Prices from day to day: an uplift each April, and a step down a year after a move where life went well."""
    starts = [stay.start, *_aprils(stay.start, stay.end, data.today)]
    step_day = stay.start + dt.timedelta(days=life.chance.randint(270, 420))
    if stay.step_down and step_day <= data.today and step_day not in starts:
        starts = sorted([*starts, step_day])
    night = stay.setting in ("own_tenancy", "supported_living") and stay.weekly > 700
    weekly, number = stay.weekly, 0
    for place, start in enumerate(starts):
        reason = "new"
        if place:
            stepping = start == step_day
            weekly *= Decimal("0.88") if stepping else Decimal(UPLIFTS.get(start.year, "1.03"))
            reason = "step_down" if stepping else "uplift"
        end = day_before(starts[place + 1]) if place + 1 < len(starts) else stay.end
        number = _add_lines_from(data, life, stay, weekly, start, end, reason, number, night=night)
    _add_income(data, life, stay, number)


def _add_lines_from(
    data: Dataset,
    life: Life,
    stay: Stay,
    weekly: Decimal,
    start: dt.date,
    end: dt.date | None,
    reason: str,
    number: int,
    *,
    night: bool,
) -> int:
    if stay.setting == "day_support":
        return _add_line(data, stay, number, "day_activity", "session", weekly / 3, start, end, reason, units="3")
    if not night:
        basis, factor = ("four_weekly", 4) if life.reference.endswith(("3", "7")) else ("weekly", 1)
        return _add_line(data, stay, number, "core_support", basis, weekly * factor, start, end, reason)
    kind = "waking_night" if stay.weekly > 1400 else "sleep_in"
    nightly = weekly * Decimal("0.24") / 7
    hourly = weekly * Decimal("0.26") / 14
    number = _add_line(data, stay, number, "core_support", "weekly", weekly * Decimal("0.5"), start, end, reason)
    number = _add_line(data, stay, number, kind, "nightly", nightly, start, end, reason, units="7")
    return _add_line(data, stay, number, "one_to_one", "hourly", hourly, start, end, reason, units="14")


def _add_line(
    data: Dataset,
    stay: Stay,
    number: int,
    kind: str,
    basis: str,
    amount: Decimal,
    start: dt.date,
    end: dt.date | None,
    reason: str,
    *,
    units: str = "",
) -> int:
    data.add(
        "cost_lines",
        line_ref=f"{stay.reference}-{number + 1}",
        placement_ref=stay.reference,
        kind=kind,
        label="",
        basis=basis,
        amount=str(pounds(amount)),
        units_per_week=units,
        start=start,
        end=end,
        reason=reason,
    )
    return number + 1


def _add_income(data: Dataset, life: Life, stay: Stay, number: int) -> None:
    """What the person pays in a care home, and the nursing contribution in a nursing home."""
    if stay.setting in CARE_HOMES:
        amount = -_base(life, 88, 140)
        number = _add_line(data, stay, number, "client_contribution", "weekly", amount, stay.start, stay.end, "new")
    if stay.setting != "nursing_care":
        return
    years = [year for year in NURSING if stay.end is None or dt.date(year, 4, 1) <= stay.end]
    for year in years:
        start = max(stay.start, dt.date(year, 4, 1))
        end = min(stay.end or dt.date.max, dt.date(year + 1, 3, 31)) if year < max(NURSING) else stay.end
        if end is not None and end < start:
            continue
        line = f"{stay.reference}-{number + 1}"
        number = _add_line(
            data, stay, number, "nursing_contribution", "weekly", Decimal(NURSING[year]), start, end, "uplift"
        )
        _add_share(data, stay, orgs.ICB, "fnc", "100", start, end, line=line)


def _add_share(
    data: Dataset,
    stay: Stay,
    funder: str,
    route: str,
    percent: str,
    start: dt.date,
    end: dt.date | None,
    *,
    line: str = "",
) -> None:
    data.add(
        "funding",
        placement_ref=stay.reference,
        line_ref=line,
        funder=funder,
        route=route,
        percent=percent,
        start=start,
        end=end,
    )


def _add_shares(data: Dataset, life: Life, stay: Stay) -> None:
    start = stay.start - dt.timedelta(days=60)
    if stay.setting.endswith(("hospital", "treatment_unit")):
        _add_share(data, stay, orgs.ICB, "nhs_inpatient", "100", start, stay.end)
        return
    draw = life.chance.random()
    if life.kind == "hospital" or draw < 0.1:
        _add_share(data, stay, orgs.COUNCIL, "s117", "50", start, stay.end)
        _add_share(data, stay, orgs.ICB, "s117", "50", start, stay.end)
    elif draw < 0.2:
        _add_share(data, stay, orgs.ICB, "chc", "100", start, stay.end)
    elif draw < 0.5:
        council = life.chance.choice((60, 65, 72.5))
        _add_share(data, stay, orgs.COUNCIL, "joint", str(council), start, stay.end)
        if not (life.reference.endswith("9") and stay.end is None):  # some still wait for the board's panel
            _add_share(data, stay, orgs.ICB, "joint", str(100 - council), start, stay.end)
    else:
        _add_share(data, stay, orgs.COUNCIL, "care_act", "100", start, stay.end)


def _add_set_up(data: Dataset, life: Life) -> None:
    """What moving cost once: adaptations, handover, furniture."""
    if life.moved_on is None:
        return
    stay = life.stays[-1]
    amount = Decimal(life.chance.randint(1200, 9800))
    day = life.moved_on - dt.timedelta(days=life.chance.randint(5, 40))
    data.add(
        "cost_lines",
        line_ref=f"{stay.reference}-SETUP",
        placement_ref=stay.reference,
        kind="set_up",
        label="",
        basis="one_off",
        amount=str(pounds(amount)),
        units_per_week="",
        start=day,
        end=day,
        reason="new",
    )


def _add_baseline(data: Dataset, life: Life) -> None:
    """The weekly price when the programme began, from the prices in force that day."""
    if life.programme_start is None:
        return
    total = Decimal(0)
    stays = {each.reference for each in life.stays if each.setting != "day_support"}
    per_week = {"weekly": Decimal(1), "four_weekly": Decimal("0.25")}
    as_at = day_before(life.programme_start)
    for line in data.files["cost_lines"]:
        if line["placement_ref"] not in stays or line["basis"] == "one_off":
            continue
        if line["start"] <= as_at.isoformat() and (not line["end"] or line["end"] >= as_at.isoformat()):
            factor = per_week.get(line["basis"]) or Decimal(line["units_per_week"])
            total += Decimal(line["amount"]) * factor
    stay = life.stay_on(as_at)
    in_hospital = stay is not None and stay.setting.endswith(("hospital", "treatment_unit"))
    data.add(
        "baselines",
        person_ref=life.reference,
        weekly_cost=str(pounds(total)),
        as_at=as_at,
        source="In-patient price before the move home" if in_hospital else "Price in force before the programme began",
        scope="all_in" if in_hospital else "support_only",
    )
