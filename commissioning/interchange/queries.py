"""Reads of uploads and of the dataset for the pages."""

from dataclasses import dataclass

from django.http import Http404

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Role
from commissioning.core.tables import write_csv
from commissioning.interchange.models import Upload
from commissioning.interchange.tables import TABLES
from people.models import Person

RECENT = 10


@dataclass(frozen=True)
class FileExplained:
    """A file of the dataset as its page explains it: columns are (name, required, what may stand there)."""

    file: str
    about: str
    columns: tuple[tuple[str, bool, str], ...]


def explained_files() -> list[FileExplained]:
    return [
        FileExplained(
            table.file,
            table.about,
            tuple((column.name, column.required, column.kind.explain()) for column in table.columns),
        )
        for table in TABLES
    ]


def upload_for(actor: Actor, number: int) -> Upload:
    """An upload of the actor's partnership; Http404 for another's."""
    upload = Upload.objects.visible_to(actor).select_related("by").defer("contents").filter(pk=number).first()
    if upload is None:
        raise Http404
    return upload


def recent_uploads(actor: Actor) -> list[Upload]:
    """The latest uploads of the partnership, newest first."""
    return list(Upload.objects.visible_to(actor).select_related("by").defer("contents", "faults", "changes")[:RECENT])


def commissioner_of(upload: Upload) -> Actor | None:
    """Whoever uploaded it, as a commissioner of the partnership; None if they no longer are."""
    from django.utils import timezone

    memberships = Membership.objects.current(timezone.localdate()).filter(
        user=upload.by, partnership=upload.partnership, role=Role.COMMISSIONER
    )
    membership = memberships.select_related("user", "partnership").first()
    return Actor.of(membership) if membership else None


def people_shown(actor: Actor, upload: Upload) -> list[int]:
    """The people whose values the preview shows."""
    examples = [each for change in upload.changes for each in [*change["new"], *change["changed"]]]
    shown = {each["person"] for each in examples} - {""}
    return list(Person.objects.visible_to(actor).filter(reference__in=shown).values_list("pk", flat=True))


def everybody(actor: Actor) -> list[int]:
    """The people whom a download of everything shows."""
    return list(Person.objects.visible_to(actor).values_list("pk", flat=True))


def faults_csv(upload: Upload) -> str:
    """The faults of an upload as a file, to work through beside the data."""
    header = ["file", "row", "column", "value", "what_to_do"]
    rows = [
        [fault["file"], str(fault["row"] or ""), fault["column"], fault["value"], fault["message"]]
        for fault in upload.faults
    ]
    return write_csv(header, rows)
