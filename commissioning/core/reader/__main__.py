"""`python -I commissioning/core/reader ASKED`, where ASKED is JSON (see `asked.py`)."""

import sys
import types
from pathlib import Path

if __name__ == "__main__":
    # A bare package in place of the real one, whose start would bring in Celery and with it the settings.
    package = types.ModuleType("commissioning")
    package.__path__ = [str(Path(__file__).resolve().parents[2])]
    sys.modules["commissioning"] = package

    from commissioning.core.reader.work import work

    work(sys.argv[1])
