"""Whatever people can enter travels with the dataset, or says why it does not."""

import pytest
from django.apps import apps
from django.db import models

from commissioning.interchange.registry import DUMPED, EXEMPT
from commissioning.interchange.tables import TABLES

OURS = {
    "accounts",
    "audit",
    "core",
    "providers",
    "people",
    "outcomes",
    "finance",
    "interchange",
    "reports",
    "rights",
    "overview",
    "demo",
}
# A record's own number, and what ties an answer to its checklist and a measure to its framework.
TIES = {"id", "framework", "checklist", "measure", "partnership", "organisation", "code", "title"}


def editable_models() -> list[type[models.Model]]:
    """Every model of the project but the tables that triggers write."""
    found = [model for model in apps.get_models() if model._meta.app_label in OURS]
    return [model for model in found if not hasattr(model, "pgh_tracked_model")]


@pytest.mark.parametrize("model", editable_models(), ids=lambda model: model._meta.label)
def test_a_model_is_dumped_or_exempt_with_its_reason(model: type[models.Model]) -> None:
    label = model._meta.label
    assert (label in DUMPED) != (label in EXEMPT), (
        f"{label}: give it a file in interchange/tables, or a reason in EXEMPT"
    )


def test_nothing_is_exempt_that_does_not_exist() -> None:
    assert set(EXEMPT) <= {model._meta.label for model in editable_models()}
    assert all(len(reason) > 20 for reason in EXEMPT.values())


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.file)
def test_every_field_has_a_column_or_a_reason(table: object) -> None:
    columns = {
        name for each in TABLES if each is table for column in each.columns for name in (column.name, column.stored)
    }
    left_out = {name for each in TABLES if each is table for name in each.left_out}
    for model in next(each.models for each in TABLES if each is table):
        fields = {field.name for field in model._meta.concrete_fields}
        named = {f"{name}_ref" for name in fields} & columns
        missing = fields - columns - left_out - TIES - {name.removesuffix("_ref") for name in named}
        assert not missing, f"{model._meta.label}: {sorted(missing)} have no column in {table}"


def test_the_columns_that_the_format_names_are_all_there() -> None:
    assert sum(len(table.columns) for table in TABLES) > 130
    for table in TABLES:
        assert len(set(table.names)) == len(table.names)
        assert set(table.key) <= set(table.names)
        assert all(column.kind.explain() for column in table.columns)
