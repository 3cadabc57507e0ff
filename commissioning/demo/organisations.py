"""Organisations and contracts of the example partnership."""

import datetime as dt
from dataclasses import dataclass

from commissioning.demo.dataset import Dataset, chance_for
from commissioning.demo.names import PROVIDERS

COUNCIL, ICB, HOSPITAL = "COUNCIL", "ICB", "NHSTRUST"
FAR_HOUSE, MEADOW, FAMILY, HOMEWARD = "FARHOUSE", "MEADOW", "FAMILY", "HOMEWARD"
# Places that are bought together: their contracts, beside those of `contract_of`.
FLATS, EVENINGS = "C-FLATS", "C-EVENINGS"
ROOFTOP, KEYSTONE = "ROOFTOP", "KEYSTONE"
LANDLORDS = (ROOFTOP, KEYSTONE)

CARE_HOME_WORDS = ("Care Home", "Lodge", "Nursing", "Court", "House", "Gate", "Rest")


@dataclass(frozen=True)
class ExampleProvider:
    """A support provider with the settings it offers."""

    code: str
    name: str
    settings: tuple[str, ...]


def providers() -> list[ExampleProvider]:
    return [ExampleProvider(_code(name), name, _settings(name)) for name in PROVIDERS]


def _code(name: str) -> str:
    return "".join(word[:4].upper() for word in name.split()[:2])


def _settings(name: str) -> tuple[str, ...]:
    if "Nursing" in name:
        return ("nursing_care",)
    if "Shared Lives" in name:
        return ("shared_lives",)
    if "Days" in name:
        return ("day_support",)
    if any(word in name for word in CARE_HOME_WORDS):
        return ("residential_care",)
    return ("supported_living", "own_tenancy")


def add_organisations(data: Dataset) -> None:
    fixed = (
        (COUNCIL, "Estuary Council", "council", dt.date(2009, 4, 1)),
        (ICB, "NHS Estuary and Wolds", "icb", dt.date(2022, 7, 1)),
        (HOSPITAL, "Wolds Hospitals NHS Trust", "nhs_provider", None),
        (FAR_HOUSE, "Far House", "support_provider", None),
        (MEADOW, "Meadow Farm Support", "support_provider", None),
        (HOMEWARD, "Homeward Support", "support_provider", None),
        (FAMILY, "Support employed by T’s mother", "other", None),
        (ROOFTOP, "Rooftop Homes", "housing_provider", None),
        (KEYSTONE, "Keystone Housing", "housing_provider", None),
        ("SPEAK", "Speak Estuary", "advocacy", None),
    )
    for code, name, kind, valid_from in fixed:
        data.add("organisations", code=code, name=name, kind=kind, valid_from=valid_from)
    for each in providers():
        data.add("organisations", code=each.code, name=each.name, kind="support_provider", valid_from=None)


def contract_of(provider: str) -> str:
    return f"C-{provider}"


def add_contracts(data: Dataset) -> None:
    """One contract for each provider; some end soon, so that notice is due."""
    soon = [data.today + dt.timedelta(days=days) for days in (26, 58, 87)]
    for place, each in enumerate(providers()):
        chance = chance_for(f"contract {each.code}")
        kind = "spot" if each.settings[0] in ("residential_care", "nursing_care") else "framework_call_off"
        _add_contract(
            data,
            each.code,
            f"{'Placements' if kind == 'spot' else 'Support'} with {each.name}",
            "block" if each.settings == ("day_support",) else kind,
            dt.date(2015, 4, 1),
            soon[place // 7] if place % 7 == 3 and place // 7 < len(soon) else None,
            chance.choice((4, 8, 12)),
        )
    _add_contract(data, FAR_HOUSE, "Secure residential placement", "spot", dt.date(2012, 4, 1), None, 4)
    _add_contract(data, HOSPITAL, "In-patient assessment and treatment", "spot", dt.date(2012, 4, 1), None, 4)
    _add_contract(data, MEADOW, "Support in a self-contained flat", "framework_call_off", dt.date(2026, 1, 1), None, 12)
    for provider, title, reference in (
        (MEADOW, "Four flats with one team at night", FLATS),
        (HOMEWARD, "One team for four families, evenings and weekends", EVENINGS),
    ):
        _add_contract(data, provider, title, "block", dt.date(2026, 1, 1), None, 12, reference=reference)
    _add_contract(data, FAMILY, "Direct payment managed by T’s mother", "direct_payment", dt.date(2015, 1, 1), None, 4)
    _add_contract(
        data, HOMEWARD, "Flexible support in his own tenancy", "framework_call_off", dt.date(2016, 4, 1), None, 12
    )


def _add_contract(
    data: Dataset,
    provider: str,
    title: str,
    kind: str,
    start: dt.date,
    end: dt.date | None,
    notice: int,
    *,
    reference: str = "",
) -> None:
    chance = chance_for(f"terms {reference or provider}")
    terms = {
        term: chance.random() < likely
        for term, likely in (
            ("behaviour_support", 0.8),
            ("clinical_advice", 0.9),
            ("no_agency_staff", 0.4),
            ("training_funded", 0.6),
            ("supervision_funded", 0.7),
            ("senior_manager_involved", 0.6),
        )
    }
    framework = "FW-2024" if kind == "framework_call_off" else None
    data.add(
        "contracts",
        contract_ref=reference or contract_of(provider),
        provider=provider,
        title=title,
        kind=kind,
        framework_ref=framework,
        start=start,
        end=end,
        notice_weeks=notice,
        **terms,
    )
