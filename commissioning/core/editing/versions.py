"""What a form was opened at: a fingerprint of the rows it changes, whoever and whatever wrote them since.

It is made from the columns themselves, so a bulk update, an import or plain SQL moves it as surely as a form does, and
it spans several rows (a placement with its prices and shares) as easily as one.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models
from django.utils.crypto import salted_hmac

from commissioning.core.errors import Stale
from commissioning.core.models import Versioned

M = TypeVar("M", bound=models.Model)

CHANGED = "Somebody else saved this while you were working on it. Nothing of yours was saved yet."
GONE = "Somebody else took this away while you were working on it. Nothing of yours was saved."


def version_of(*records: models.Model) -> str:
    """The fingerprint of rows as they stand in memory; read them afresh first. Their order does not matter."""
    return fingerprint("\n".join(sorted(f"{key_of(each)} {row_text(each)}" for each in records)))


def check(version: str | None, *records: models.Model) -> None:
    """Raises Stale unless rows, read under a lock, stand as when the form was opened.

    None where there was no form: the caller itself read what it changes, in this transaction.
    """
    if version is not None and Opened.read(version).version != version_of(*records):
        raise Stale(CHANGED)


def lock(record: M, version: str | None) -> M:
    """The record as it stands now, locked, with the next number of its version set where it has one. Raises Stale."""
    found = type(record)._default_manager.select_for_update(of=("self",)).filter(pk=record.pk).first()
    if found is None:
        raise Stale(GONE)
    check(version, found)
    if isinstance(found, Versioned):
        found.version += 1
    return found


@dataclass(frozen=True)
class Opened:
    """What a form knew when it was opened: the rows' fingerprint, one of each row, and one of each value it showed."""

    version: str
    values: Mapping[str, str]
    rows: Mapping[str, str]

    @classmethod
    def at(cls, values: Mapping[str, Any], records: Iterable[models.Model]) -> "Opened":
        records = list(records)
        return cls(
            version_of(*records),
            {name: fingerprint(plain(value))[:6] for name, value in values.items()},
            {key_of(each): fingerprint(row_text(each))[:10] for each in records},
        )

    @classmethod
    def read(cls, text: str) -> "Opened":
        """From the form, or a bare `version_of`. What nobody wrote matches nothing."""
        try:
            found = json.loads(text)
            return cls(str(found["v"]), dict(found["f"]), dict(found["r"]))
        except (ValueError, KeyError, TypeError):
            return cls(text, {}, {})

    def __str__(self) -> str:
        return json.dumps({"v": self.version, "f": self.values, "r": self.rows}, separators=(",", ":"))

    def had(self, name: str, value: Any) -> bool:
        """Whether a value is what the form showed when it was opened."""
        return self.values.get(name) == fingerprint(plain(value))[:6]


def fingerprint(text: str) -> str:
    """Keyed, so that a value the form does not show cannot be found by trying."""
    return salted_hmac("commissioning.core.editing", text, algorithm="sha256").hexdigest()[:24]


def key_of(record: models.Model) -> str:
    return f"{record._meta.label_lower}:{record.pk}"


def columns(model: type[models.Model]) -> list["models.Field[Any, Any]"]:
    """What counts as a change: the columns whose history is kept, or all where none is.

    Not the time of a saving, which moves though nobody changed a thing.
    """
    events: dict[str, Any] = getattr(model, "pgh_event_models", {})
    kept = {field.name for event in events.values() for field in event._meta.concrete_fields}
    fields = [field for field in model._meta.concrete_fields if not getattr(field, "auto_now", False)]
    return [field for field in fields if not kept or field.name in kept]


def row_text(record: models.Model, model: type[models.Model] | None = None) -> str:
    """Every column of a row, or of an event that keeps one, in one text."""
    return json.dumps([_stored(field, getattr(record, field.attname)) for field in columns(model or type(record))])


def _stored(field: "models.Field[Any, Any]", value: Any) -> str:
    """As the database gives it back: a sum with its places, a date that came as text."""
    value = field.to_python(value)
    if isinstance(value, Decimal) and isinstance(field, models.DecimalField):
        return f"{value:.{field.decimal_places}f}"
    return plain(value)


def plain(value: Any) -> str:
    """Nothing is nothing, however a field says so; the order of ticked boxes and zeros at the end do not matter."""
    if value is None:
        return ""
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, list | tuple | set | models.QuerySet):
        return json.dumps(sorted(plain(each) for each in value)) if value else ""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").strip()
