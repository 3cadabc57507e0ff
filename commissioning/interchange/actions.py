"""Loading and dumping a partnership's dataset, from the command line, the worker and other apps."""

from pathlib import Path

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Partnership
from commissioning.accounts.permissions import require_commissioner
from commissioning.interchange.dumping import dump_files
from commissioning.interchange.faults import Report
from commissioning.interchange.loading import Load, Outcome, Progress, in_silence
from commissioning.interchange.sources import read_folder, read_upload


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
    files = dump_files(partnership)
    folder.mkdir(parents=True, exist_ok=True)
    for name, contents in files.items():
        (folder / name).write_bytes(contents)
    return len(files)
