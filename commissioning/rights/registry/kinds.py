"""The words in which a table says what of it belongs to a person's copy."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from django.apps import apps
from django.db import models


class Kind(Enum):
    """What a column holds, and what is suggested for a copy; a human decides wherever it is not the person's own."""

    OWN = "about the person alone"
    KNOWN = "names of people whom the person knows or who work for them; suggested: given"
    OTHERS = "somebody else’s details; suggested: left out"
    PRICE = "a price that a provider may hold to be a trade secret; suggested: given"
    WORDS = "free text, which a human reads for other people in it"


@dataclass(frozen=True)
class Column:
    """A column that is given; `label` is what the copy calls it (else the field's own name)."""

    name: str
    kind: Kind
    label: str = ""

    @property
    def is_decided(self) -> bool:
        """Whether somebody decides for the whole column."""
        return self.kind in {Kind.KNOWN, Kind.OTHERS, Kind.PRICE}

    @property
    def is_suggested(self) -> bool:
        return self.kind is not Kind.OTHERS


@dataclass(frozen=True)
class OwnTable:
    """A table of a person's data. `link` is the column that leads to the person or to `parent`, another such table."""

    label: str
    section: str
    title: str
    link: str
    parent: str
    columns: tuple[Column, ...]
    left_out: Mapping[str, str]
    is_history_shown: bool = True

    @property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.label)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def file(self) -> str:
        return self.model._meta.model_name or ""


def table(
    label: str,
    section: str,
    title: str,
    *,
    link: str = "person",
    parent: str = "people.Person",
    own: str = "",
    known: str = "",
    others: str = "",
    price: str = "",
    words: str = "",
    left_out: Mapping[str, str],
    labels: Mapping[str, str] | None = None,
    is_history_shown: bool = True,
) -> OwnTable:
    """A table's columns by kind, each a list of names with spaces between; `left_out` is the same with a reason."""
    said = labels or {}
    kinds = ((Kind.OWN, own), (Kind.KNOWN, known), (Kind.OTHERS, others), (Kind.PRICE, price), (Kind.WORDS, words))
    columns = {name: Column(name, kind, said.get(name, "")) for kind, names in kinds for name in names.split()}
    order = [field.name for field in apps.get_model(label)._meta.concrete_fields] if apps.models_ready else []
    ordered = tuple(columns[name] for name in [*order, *columns] if name in columns)
    reasons = {name: reason for names, reason in left_out.items() for name in names.split()}
    return OwnTable(label, section, title, link, parent, tuple(dict.fromkeys(ordered)), reasons, is_history_shown)


def is_event(model: type[models.Model]) -> bool:
    """Whether it is a table of history that triggers write."""
    return hasattr(model, "pgh_tracked_model")


def tracked_by(model: type[models.Model]) -> type[models.Model]:
    """The table whose history an event table keeps."""
    found: type[models.Model] = model.pgh_tracked_model  # type: ignore[attr-defined]  # set by the history library
    return found


# What the history adds to the columns of the table it keeps; each is in the copy's history, or says why not.
EVENT_COLUMNS: Mapping[str, str] = {
    "pgh_created_at": "given: when",
    "pgh_label": "given: added, changed or removed",
    "pgh_context": "given: who made the change, where that was kept",
    "pgh_id": "left out: a number that the database counts by",
    "pgh_obj": "left out: a number that the database counts by; the copy counts records by itself",
}
