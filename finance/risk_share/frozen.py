"""Inputs and statements as plain values, to be kept as they were when partners approved them."""

import datetime as dt
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from finance.risk_share.figures import (
    Inputs,
    Partner,
    Row,
    Rule,
    SpendLine,
    Statement,
    Step,
    Surplus,
    Transfer,
)

Frozen = dict[str, Any]


def frozen_inputs(inputs: Inputs) -> Frozen:
    """Whole pence as numbers; days, percentages and rules as text."""
    return {name: _plain(value) for name, value in asdict(inputs).items()}


def thawed_inputs(kept: Frozen) -> Inputs:
    """What `frozen_inputs` kept."""
    partners = tuple(Partner(**{**each, "percent": _decimal(each["percent"])}) for each in kept["partners"])
    lines = tuple(
        SpendLine(**{**each, "percents": tuple(Decimal(percent) for percent in each["percents"])})
        for each in kept["lines"]
    )
    transfers = tuple(
        Transfer(**{**each, "moved_on": dt.date.fromisoformat(each["moved_on"])}) for each in kept["transfers"]
    )
    return Inputs(
        **{
            **kept,
            "rule": Rule(kept["rule"]),
            "first": dt.date.fromisoformat(kept["first"]),
            "last": dt.date.fromisoformat(kept["last"]),
            "partners": partners,
            "lines": lines,
            "transfers": transfers,
            "given": tuple(Step(**each) for each in kept["given"]),
            "threshold_percent": Decimal(kept["threshold_percent"]),
            "surplus": Surplus(kept["surplus"]),
        }
    )


def frozen_statement(statement: Statement) -> Frozen:
    return asdict(statement)


def thawed_statement(kept: Frozen) -> Statement:
    """What `frozen_statement` kept: the working as it was approved, not worked out again."""
    return Statement(
        kept["variance_pence"],
        tuple(Step(**each) for each in kept["steps"]),
        tuple(Row(**each) for each in kept["rows"]),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Rule | Surplus):
        return value.value
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
