"""Every column of every table is given to the person, or says why not."""

from typing import Any

import pytest
from django.apps import apps
from django.db import models

from commissioning.rights.registry import ELSEWHERE, TABLES, is_event, tracked_by
from commissioning.rights.registry.kinds import EVENT_COLUMNS
from commissioning.tests.figures import Say

# A proxy is another name for a table that is here already.
ALL = [model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy]


def columns_of(model: type[models.Model]) -> set[str]:
    return {field.name for field in model._meta.concrete_fields}


def unclassified(model: type[models.Model]) -> set[str]:
    """Columns that are neither given nor left out with a reason; those of an event table follow its table's."""
    label, columns = model._meta.label, columns_of(model)
    if is_event(model):
        return columns - set(EVENT_COLUMNS) - classified(tracked_by(model))
    return columns - classified(model) if label in TABLES or label in ELSEWHERE else columns


def classified(model: type[models.Model]) -> set[str]:
    label = (model._meta.concrete_model or model)._meta.label
    if label in TABLES:
        return set(TABLES[label].names) | set(TABLES[label].left_out)
    return set(ELSEWHERE[label].columns) if label in ELSEWHERE else set()


@pytest.mark.parametrize("model", ALL, ids=lambda model: model._meta.label)
def test_it_knows_of_every_column_whether_the_person_gets_it(model: type[models.Model]) -> None:
    assert not unclassified(model), (
        f"{model._meta.label}: say in commissioning/rights/registry whether a person’s copy holds "
        f"{sorted(unclassified(model))}, and if not, why"
    )


def test_it_names_no_column_that_is_not_there_and_none_twice() -> None:
    for label, table in TABLES.items():
        given, kept = set(table.names), set(table.left_out)
        assert not given & kept, label
        assert given | kept == columns_of(table.model), label
        assert label not in ELSEWHERE
        assert all(len(reason) > 20 for reason in table.left_out.values())
    for label, elsewhere in ELSEWHERE.items():
        assert set(elsewhere.columns) == columns_of(apps.get_model(label)), label
        assert len(elsewhere.reason) > 20


def test_it_sees_a_column_that_nobody_classified(monkeypatch: pytest.MonkeyPatch) -> None:
    """Taking one column out of either list fails the first test, also through its table of history."""
    goal: Any = apps.get_model("people.Goal")
    without = [column for column in TABLES["people.Goal"].columns if column.name != "words"]
    monkeypatch.setitem(TABLES, "people.Goal", type(TABLES["people.Goal"])(**{
        **TABLES["people.Goal"].__dict__, "columns": tuple(without)
    }))  # fmt: skip
    assert unclassified(goal) == {"words"}
    assert unclassified(goal.pgh_event_model) == {"words"}
    monkeypatch.delitem(TABLES, "people.Goal")
    assert unclassified(goal) == columns_of(goal)


def test_every_table_that_leads_to_a_person_is_given(figure: Say) -> None:
    """Whatever points at a person, or at something of theirs, is in the copy or repeats it; counted by column."""
    led = {"people.Person"}
    while found := {
        model._meta.label
        for model in ALL
        if model._meta.label not in led and not is_event(model) and _points_at(model, led)
    }:
        led |= found
    making = {f"rights.{name}" for name in ("AccessExport", "ColumnDecision", "TextDecision", "Erasure")}
    assert led - making <= set(TABLES), led - making - set(TABLES)
    total = sum(len(columns_of(model)) for model in ALL)
    open_ = sum(len(unclassified(model)) for model in ALL)
    given = sum(len(set(_given(model)) & columns_of(model)) for model in ALL)
    figure(
        "columns classified for a person’s copy / total (exported, exempt with reason)",
        f"{total - open_:,} / {total:,} ({given:,}, {total - given:,})",
    )
    assert open_ == 0 and total > 500 and given > 150


def _points_at(model: type[models.Model], labels: set[str]) -> bool:
    related = {field.related_model for field in model._meta.concrete_fields if field.is_relation}
    return any(isinstance(other, type) and other._meta.label in labels for other in related)


def _given(model: type[models.Model]) -> set[str]:
    if is_event(model):
        label = tracked_by(model)._meta.label
        if label not in TABLES or not TABLES[label].is_history_shown:
            return set()
        return set(TABLES[label].names) | {name for name, said in EVENT_COLUMNS.items() if said.startswith("given")}
    label = model._meta.label
    return set(TABLES[label].names) if label in TABLES else set()
