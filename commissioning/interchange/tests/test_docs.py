"""`docs/interchange.md` says what the declared tables and the commands say."""

import io
import re
import shlex
from pathlib import Path

import pytest
from django.core.management import call_command

from commissioning.interchange.tables import TABLES, Table
from commissioning.interchange.tests.datasets import STORIES, load

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "interchange.md"
SHOWN = re.compile(r"^```\n\$ \./run manage (.+)\n((?:[^`].*\n)+)```$", re.MULTILINE)


def section_of(table: Table) -> str:
    """A file's part of the document: paste it there when it has changed."""
    key = ", ".join(f"`{name}`" for name in table.key) or "none, it has one row"
    rows = [
        f"| `{column.name}` | {'needed' if column.required else 'added' if column.extra else ''} "
        f"| {column.kind.explain()} |"
        for column in table.columns
    ]
    head = "| Column | | What may stand there |\n|---|---|---|"
    return "\n".join([f"### {table.file}\n\n{table.about}\nKey: {key}.\n\n{head}", *rows])


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.file)
def test_it_describes_every_file_and_column(table: Table) -> None:
    assert section_of(table) in DOCUMENT.read_text()


@pytest.mark.django_db
def test_its_worked_figures_are_what_the_commands_print() -> None:
    assert load(STORIES, "STORIES").saved
    shown = SHOWN.findall(DOCUMENT.read_text())
    assert len(shown) == 2
    for command, figures in shown:
        printed = io.StringIO()
        call_command(*shlex.split(command), stdout=printed)
        assert printed.getvalue() == figures
