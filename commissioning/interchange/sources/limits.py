"""What is refused before it is opened: zip bombs, damaged and locked files (a spreadsheet is a zip too)."""

import io
import zipfile

from commissioning.core.errors import Refused

MOST_MEMBERS = 200
MOST_EXPANDED_BYTES = 200 * 1024 * 1024


def check_archive(contents: bytes) -> None:
    """Raises Refused for what is not a zip, is locked, or would expand beyond measure."""
    try:
        members = zipfile.ZipFile(io.BytesIO(contents)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Refused("This file is damaged or not what its name says. Save it again and upload it.") from error
    if len(members) > MOST_MEMBERS:
        raise Refused(
            f"This holds {len(members):,} files; at most {MOST_MEMBERS} are read. Keep only the dataset’s files."
        )
    if sum(member.file_size for member in members) > MOST_EXPANDED_BYTES:
        raise Refused("This expands to more than 200 MB and was not opened. Split it into several uploads.")
    if any(member.flag_bits & 1 for member in members):
        raise Refused("This file is protected by a password. Save it without one.")
