"""Pictures for the documentation, taken by the tests that show the thing.

They are written into `docs/pictures` when COMMISSIONING_PICTURES is set, so that an ordinary run leaves the checkout
as it was; `test_docs.py` fails where a document names a picture that no test takes, or that is missing.
"""

import os
import subprocess
from pathlib import Path

from playwright.sync_api import Page

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "pictures"


class Pictures:
    """`pictures.take(page, "log-a-placement")`."""

    def __init__(self) -> None:
        self.wanted = bool(os.environ.get("COMMISSIONING_PICTURES"))

    def take(self, page: Page, name: str, *, full_page: bool = True) -> None:
        if self.wanted:
            FOLDER.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=FOLDER / f"{name}.png", full_page=full_page, animations="disabled")

    def take_pages(self, pdf: Path, name: str, *, most: int = 4) -> None:
        """The first pages of a document, `name-1.png` and on."""
        if self.wanted:
            FOLDER.mkdir(parents=True, exist_ok=True)
            command = ["pdftoppm", "-png", "-r", "70", "-l", str(most), str(pdf), str(FOLDER / name)]
            subprocess.run(command, check=True)
