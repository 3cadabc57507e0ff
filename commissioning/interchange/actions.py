"""Loading and dumping a partnership's dataset, from the command line, the worker and other apps."""

import logging
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, transaction

from commissioning.accounts import scope
from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Partnership
from commissioning.accounts.permissions import require_commissioner
from commissioning.core.errors import Refused
from commissioning.core.intake import clean_name
from commissioning.core.jobs import enqueue
from commissioning.interchange.dumping import dump_files
from commissioning.interchange.faults import Report
from commissioning.interchange.loading import Load, Outcome, Progress, in_silence
from commissioning.interchange.models import Upload
from commissioning.interchange.progress import followed_by
from commissioning.interchange.queries import commissioner_of
from commissioning.interchange.sources import check_upload as check_contents
from commissioning.interchange.sources import read_folder, read_upload, zipped

logger = logging.getLogger(__name__)

LONGEST_SHOWN = 80


def load_folder(
    *, folder: Path, partnership_code: str, by: str = "As One", dry_run: bool = False, progress: Progress = in_silence
) -> Outcome:
    """Load a folder of CSV files (or one that holds a single .xlsx) into the partnership of a code, all or nothing.

    The partnership is made where there is none. Raises Refused where there is nothing to read; faults are in the
    outcome, and with any of them nothing was saved.
    """
    report = Report()
    sheets = read_folder(folder, report)
    return Load(sheets, report, partnership_code, by, dry_run, progress).run()


def load_bytes(
    *, name: str, contents: bytes, by: Actor, dry_run: bool = False, progress: Progress = in_silence
) -> Outcome:
    """Load an uploaded zip of CSV files, or one .xlsx, into the actor's partnership, all or nothing.

    Raises PermissionDenied for those who do not commission and Refused where nothing can be read.
    """
    require_commissioner(by)
    report = Report()
    sheets = read_upload(name, contents, report)
    return Load(sheets, report, by.partnership.code, by.name, dry_run, progress).run()


def dump_folder(*, folder: Path, partnership: Partnership) -> int:
    """Write every file of the partnership's dataset into a folder, made where there is none; how many were written.

    Raises Refused where a stored record cannot be named in a file.
    """
    with scope.acting(Actor.system(partnership)):
        files = dump_files(partnership)
    folder.mkdir(parents=True, exist_ok=True)
    for name, contents in files.items():
        (folder / name).write_bytes(contents)
    return len(files)


@transaction.atomic
def begin_upload(*, files: Sequence[tuple[str, bytes]], by: Actor) -> Upload:
    """Keep what somebody uploaded, (name, bytes) each, and have a worker check it.

    One zip of CSV files, one .xlsx, or CSV files. Raises Refused on the field `dataset`, and PermissionDenied.
    """
    require_commissioner(by)
    if by.user is None:
        raise Refused("Somebody has to upload the files")
    name, contents = _as_one([(clean_name(name), contents) for name, contents in files])
    upload = Upload.objects.create(
        partnership=by.partnership, by=by.user, name=name[:200], contents=contents, progress="Waiting for a worker"
    )
    enqueue("interchange.check_upload", upload_id=upload.pk)
    return upload


def _as_one(files: Sequence[tuple[str, bytes]]) -> tuple[str, bytes]:
    if not files:
        raise Refused("Choose the files to load", field="dataset")
    if sum(len(contents) for _name, contents in files) > settings.UPLOAD_LIMIT_BYTES:
        most = settings.UPLOAD_LIMIT_BYTES // (1024 * 1024)
        raise Refused(f"The files must be at most {most} MB together; zip them, or load them in parts", field="dataset")
    endings = {Path(name).suffix.casefold() for name, _contents in files}
    if endings == {".csv"}:
        names = [name for name, _contents in files]
        if len({name.casefold() for name in names}) < len(names):
            raise Refused("Two files have the same name; choose each file once", field="dataset")
        return _checked(", ".join(names), zipped(dict(files)))
    if len(files) > 1 or not endings <= {".zip", ".xlsx"}:
        raise Refused("Choose CSV files, or one zip of them, or one Excel workbook (.xlsx)", field="dataset")
    return _checked(*files[0])


def _checked(name: str, contents: bytes) -> tuple[str, bytes]:
    """The files, once it is seen that they may be opened."""
    try:
        check_contents(name, contents)
    except Refused as refusal:
        raise Refused(f"{name[:LONGEST_SHOWN]}: {refusal.message}", field="dataset") from refusal
    return name, contents


def check_upload(*, upload_id: int) -> None:
    """The worker's rehearsal of an upload: what loading it would change, or its faults. Nothing of it is saved."""
    upload = Upload.objects.select_related("by", "partnership").get(pk=upload_id)
    if upload.state != Upload.State.CHECKING:
        return
    outcome = _outcome(upload, dry_run=True)
    if outcome is not None:
        _keep(upload, outcome, Upload.State.READY)


@transaction.atomic
def confirm_upload(*, upload: Upload, by: Actor) -> bool:
    """Have a worker load what was checked; False if that was asked before (a double click loads once).

    Raises PermissionDenied, and Refused for an upload with faults.
    """
    require_commissioner(by)
    locked = Upload.objects.select_for_update().defer("contents").get(pk=upload.pk, partnership=by.partnership)
    if locked.state in {Upload.State.LOADING, Upload.State.LOADED}:
        return False
    if locked.state != Upload.State.READY:
        raise Refused("These files are not ready to load. Upload them again")
    locked.state, locked.progress = Upload.State.LOADING, "Waiting for a worker"
    locked.save(update_fields=["state", "progress"])
    enqueue("interchange.load_upload", upload_id=upload.pk)
    return True


def load_upload(*, upload_id: int) -> None:
    """The worker's load of a confirmed upload. Data that changed since the check can still be at fault."""
    upload = Upload.objects.select_related("by", "partnership").get(pk=upload_id)
    if upload.state != Upload.State.LOADING:
        return
    outcome = _outcome(upload, dry_run=False)
    if outcome is not None:
        _keep(upload, outcome, Upload.State.LOADED)


def _outcome(upload: Upload, *, dry_run: bool) -> Outcome | None:
    """The load's outcome; None where it could not be tried, which the upload then says."""
    by = commissioner_of(upload)
    if by is None:
        _fail(upload, "Whoever uploaded this no longer commissions here.")
        return None
    try:
        contents = bytes(upload.contents)
        progress = followed_by(upload)
        return load_bytes(name=upload.name, contents=contents, by=by, dry_run=dry_run, progress=progress)
    except Refused as refusal:
        _fail(upload, refusal.message)
    except OperationalError:  # the database went away: the job is tried again
        raise
    except Exception:  # the page says that it failed; the log says why
        logger.exception("Upload %s could not be read", upload.pk)
        _fail(upload, "Something in these files stopped the load. Nothing was saved.")
    return None


def _fail(upload: Upload, why: str) -> None:
    upload.state, upload.progress, upload.contents = Upload.State.FAILED, why[:200], b""
    upload.save(update_fields=["state", "progress", "contents"])


def _keep(upload: Upload, outcome: Outcome, state: Upload.State) -> None:
    """Keeps what came of it; the files themselves only while they wait to be loaded."""
    upload.state = Upload.State.FAULTY if outcome.faults else state
    upload.faults = [fault.as_json() for fault in outcome.faults]
    upload.findings = [finding.as_json() for finding in outcome.findings]
    upload.changes = [asdict(change) for change in outcome.changes]
    upload.progress = ""
    if upload.state != Upload.State.READY:
        upload.contents = b""
    upload.save(update_fields=["state", "faults", "findings", "changes", "progress", "contents"])
