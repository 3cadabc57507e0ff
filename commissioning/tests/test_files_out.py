"""Files that are given out: no cell runs, names are safe, and nothing of a file stays behind in a browser."""

import ast
import csv
import io

import pytest
from django.urls import reverse

from commissioning.accounts.models import Membership
from commissioning.core.downloads import CSV, download
from commissioning.core.tables import guard, is_risky, unguard, write_csv
from commissioning.interchange.cells import guarded, unguarded
from commissioning.tests.figures import Say
from commissioning.tests.fixtures import signed_in
from commissioning.tests.test_architecture import ROOT, our_files
from people.models import Person

# fmt: off
RISKY = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1+1", "\u00a0=1", "  @x", "＝1+1", "＋1", "－1+cmd",
    "＠SUM(1)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://127.0.0.1")', "'=1", "'", "''", "'plain", "\t", "-", "\n",
    "\r",
]
# fmt: on
PLAIN = ["", "Jo", "a=b", "Zoë’s home", "1-2", "a\nb", "a,b", 'say "yes"', "O'Neill", "−5"]
FILES = (
    "people_csv",
    "cost_explorer_csv",
    "cost_explorer_xlsx",
    "budgets_csv",
    "budgets_xlsx",
    "payments_csv",
    "data_zip",
    "data_xlsx",
)


@pytest.mark.parametrize("text", [*RISKY, *PLAIN])
def test_no_cell_runs_and_each_comes_back_as_it_was(text: str) -> None:
    for write, read in ((guard, unguard), (guarded, unguarded)):
        assert read(write(text)) == text
        assert write(text).startswith("'") or not is_risky(text)
        assert (write(text) != text) == is_risky(text) == (text in RISKY)


def test_numbers_stay_numbers() -> None:
    assert [guard(text) for text in ("-12.50", "12", "0")] == ["-12.50", "12", "0"]
    assert guard("-１2") == "'-１2"


def test_a_table_of_risky_cells_has_none_that_runs() -> None:
    rows = list(csv.reader(io.StringIO(write_csv(["text"], [[text] for text in RISKY]), newline="")))
    assert [unguard(cell) for (cell,) in rows[1:]] == RISKY
    assert all(cell.startswith("'") for (cell,) in rows[1:])


def test_a_return_within_a_cell_does_not_begin_a_row_that_runs() -> None:
    written = write_csv(["text"], [["x\r=1+1"]])
    assert written == 'text\n"x\r=1+1"\n'


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("people-2026-10-31.csv", 'attachment; filename="people-2026-10-31.csv"'),
        ('a"; filename="b.exe', 'attachment; filename="a_; filename=_b.exe"'),
        ("a\r\nSet-Cookie: x=1", 'attachment; filename="aSet-Cookie_ x=1"'),
        ("../../etc/passwd", 'attachment; filename="passwd"'),
        ("Zoë.csv", "attachment; filename*=utf-8''Zo%C3%AB.csv"),
        ("\u202efdp.exe", 'attachment; filename="fdp.exe"'),
    ],
)
def test_a_name_is_safe_in_the_header(name: str, said: str) -> None:
    assert download(b"x", name=name, content_type=CSV)["Content-Disposition"] == said


@pytest.mark.django_db
def test_every_file_is_saved_not_shown_and_kept_by_no_cache(alice: Membership, jo: Person, figure: Say) -> None:
    client = signed_in(alice)
    addresses = [*(reverse(name) for name in FILES), reverse("person_costs_csv", args=[jo.reference])]
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        assert response["Content-Disposition"].startswith("attachment; filename="), address
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in response["Cache-Control"]
        assert not response["Content-Type"].startswith("text/html")
    figure("files given out as attachments, nosniff and no-store", f"{len(addresses)} of {len(addresses)}")


def test_files_are_given_out_in_one_place() -> None:
    apps = ("commissioning", "people", "providers", "outcomes", "finance")
    wrong = []
    for path in our_files(*(f"{app}/**/*.py" for app in apps)):
        for node in ast.walk(ast.parse(path.read_text())):
            is_header = isinstance(node, ast.Constant) and str(node.value).lower() == "content-disposition"
            is_response = isinstance(node, ast.Name) and node.id in {"FileResponse", "StreamingHttpResponse"}
            if (is_header or is_response) and path.name != "downloads.py":
                wrong.append(f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}")
    assert wrong == []
