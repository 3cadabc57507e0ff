"""Every fault names its file, row, column and value and says what to do; nothing is saved."""

import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from commissioning.accounts.models import Organisation, Partnership
from commissioning.core.errors import Refused
from commissioning.core.intake import Limits
from commissioning.interchange.faults import Report
from commissioning.interchange.sources import read_upload
from commissioning.interchange.tests.datasets import SOUND, folder_of, load, replaced, said, with_row
from finance.models import CostLine
from people.models import Person, Placement

pytestmark = pytest.mark.django_db

PEOPLE = "person_ref,nhs_number,given_name,family_name,date_of_birth,diagnosis,council,icb\n"


CELLS = [
    ("people", "P,,A,B,0206-03-14,both,COUNCIL,ICB,", "people.csv, row 4, column date_of_birth, “0206-03-14”"),
    ("people", "P,,A,B,14/03/2002,both,COUNCIL,ICB,", "write it as 2026-10-31"),
    ("people", "P,,A,B,2101-01-01,both,COUNCIL,ICB,", "not between 1900 and 2100"),
    ("people", "P,,A,B,1899-12-31,both,COUNCIL,ICB,", "not between 1900 and 2100"),
    ("people", "P,9990000019,A,B,2000-01-01,both,COUNCIL,ICB,", "The check digit does not fit"),
    ("people", "P,999000,A,B,2000-01-01,both,COUNCIL,ICB,", "ten digits"),
    ("people", "P,9990000018,A,B,2000-01-01,both,COUNCIL,ICB,", "Row 3 (SAM) has the same NHS number"),
    ("people", "P,,A,B,2000-01-01,dyslexia,COUNCIL,ICB,", "Use one of: learning_disability, autism"),
    ("people", "P,,A,B,2000-01-01,both,NOBODY,ICB,", "“NOBODY”: This partnership has no organisation"),
    ("people", "P,,,B,2000-01-01,both,COUNCIL,ICB,", "column given_name: This must not be empty"),
    ("people", "P,,A,B\x00,2000-01-01,both,COUNCIL,ICB,", "“B\\x00”: This holds a control character"),
    ("people", "P,,A,B,2000-01-01,both,COUNCIL,ICB,nowhere", "Write a whole postcode"),
    ("people", f"{'P' * 41},,A,B,2000-01-01,both,COUNCIL,ICB,", "at most 40 characters; it has 41"),
    ("people", "JO,,Jo,Example,2002-03-14,both,COUNCIL,ICB,DN31 1HU", "column person_ref, “JO”: This is also on"),
    ("people", "P,,A,B,2000-01-01,both,COUNCIL,ICB,,more", "This row has 10 cells, the header 9"),
    ("placements", "X-1,JO,MEADOW,own_tenancy,2020-06-01,2020-05-01,no", "This is before start (2020-06-01)"),
    ("placements", "X-1,JO,MEADOW,shared_lives,2026-08-01,,no", "overlaps row 2 (JO-1): two homes on the same day"),
    ("placements", "X-1,STRANGER,MEADOW,own_tenancy,2020-06-01,,no", "has no person with this reference"),
    ("cost_lines", "B,JO-1,core_support,,weekly,1,,2027-01-01,,new", "This overlaps row 2 (JO-1-A)"),
    ("cost_lines", "B,JO-1,transport,,hourly,1,,2027-01-01,,new", "needs how many units"),
    ("cost_lines", "B,JO-1,transport,,weekly,1,3,2027-01-01,,new", "has no units in a week"),
    ("cost_lines", "B,JO-1,transport,,hourly,1,1000,2027-01-01,,new", "from 0 to 999.99"),
    ("cost_lines", "B,JO-1,transport,,weekly,10000000,,2027-01-01,,new", "at most £9,999,999.99"),
    ("cost_lines", "B,JO-1,transport,,weekly,1.005,,2027-01-01,,new", "no more than two decimal places"),
    ("cost_lines", "B,JO-1,transport,,weekly,a lot,,2027-01-01,,new", "Enter an amount in pounds"),
    ("funding", "JO-1,,ICB,chc,1,2026-09-01,", "Shares add up to 101% on 2026-09-01, with row 2"),
    ("funding", "JO-1,,ICB,chc,101,2028-01-01,", "above 0 and up to 100"),
    ("funding", "JO-1,,ICB,chc,0,2028-01-01,", "above 0 and up to 100"),
    ("funding", "SAM-1,JO-1-A,ICB,chc,5,2021-01-01,", "This line belongs to the placement JO-1"),
    ("measures", "LIFE,1,new,New,Home,scale,higher,5,1", "This is below minimum"),
    ("checklists", "JO,MEADOW,2026-08,home,staff,6,,", "a whole number from 1 to 5"),
    ("checklists", "JO,MEADOW,2026-08,home,staff,4.5,,", "a whole number from 1 to 5"),
    ("checklists", "JO,MEADOW,2026-08,hours,staff,-1,,", "a number from 0 to 168"),
    ("checklists", "JO,MEADOW,2026-08,vote,staff,maybe,,", "takes yes or no"),
    ("checklists", "JO,MEADOW,2026-8,vote,staff,yes,,", "is not a month"),
    ("checklists", "JO,MEADOW,2026-08,nope,staff,yes,,", "has no such measure"),
    ("checklists", "JO,MEADOW,2026-07,home,staff,3,,2026-08-03", "This is also on row 2. Remove row 2 or row 6"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "row", "words"), CELLS)
def test_it_says_what_is_wrong_with_a_row(tmp_path: Path, file: str, row: str, words: str) -> None:
    outcome = load(folder_of(tmp_path, **{file: with_row(f"{file}.csv", row)}))
    assert words in said(outcome)
    assert len(outcome.faults) == 1
    assert not outcome.saved and not Partnership.objects.exists() and not Person.objects.exists()


def test_it_lists_every_fault_of_every_file(tmp_path: Path) -> None:
    outcome = load(
        folder_of(
            tmp_path,
            people=with_row("people.csv", "P,1,A,B,200-01-01,both,COUNCIL,ICB,"),
            cost_lines=replaced("cost_lines.csv", "1875.21", "many"),
        )
    )
    places = [(fault.file, fault.row, fault.column) for fault in outcome.faults]
    assert places == [
        ("people.csv", 4, "nhs_number"),
        ("people.csv", 4, "date_of_birth"),
        ("cost_lines.csv", 2, "amount"),
    ]


def test_a_fault_in_a_row_is_not_said_again_of_the_rows_that_name_it(tmp_path: Path) -> None:
    outcome = load(folder_of(tmp_path, people=replaced("people.csv", "2002-03-14", "soon")))
    assert len(outcome.faults) == 1


def test_a_missing_column_stops_the_file_and_only_that_is_said(tmp_path: Path) -> None:
    outcome = load(folder_of(tmp_path, people=replaced("people.csv", "date_of_birth", "born")))
    assert said(outcome) == "people.csv, row 1, column date_of_birth: The column date_of_birth is missing. Add it."


@pytest.mark.parametrize(
    ("contents", "words"),
    [
        (f"{PEOPLE}ZO,,Zoë,B,2000-01-01,both,COUNCIL,ICB\n".encode("cp1252"), "Windows-1252"),
        (f"{PEOPLE}ZO,,Zoë,B,2000-01-01,both,COUNCIL,ICB\n".encode("utf-16"), "UTF-16"),
        (PEOPLE.replace(",", ";").encode(), "separated by commas"),
        (f'{PEOPLE}ZO,,"Zoë,B,2000-01-01,both,COUNCIL,ICB\n'.encode(), "quotation mark that is not closed"),
        (f"{PEOPLE}ZO,,Zoë\n".encode(), "column date_of_birth: This must not be empty"),
        (b"\n\nperson_ref\nJO\n", "The first row must hold the names of the columns"),
        (b"person_ref,person_ref\nJO,JO\n", "This column is here twice"),
    ],
)
def test_it_says_what_is_wrong_with_a_file(tmp_path: Path, contents: bytes, words: str) -> None:
    outcome = load(folder_of(tmp_path, people=contents))
    assert words in said(outcome)
    assert not Partnership.objects.exists()


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    """A line break within quotes and a blank line do not shift the numbers."""
    people = f'{PEOPLE}A,,"Two\nlines",B,2000-01-01,both,COUNCIL,ICB\n\nB,,A,B,x,both,COUNCIL,ICB\n'
    assert "people.csv, row 4, column date_of_birth" in said(load(folder_of(tmp_path, people=people)))


@pytest.mark.parametrize(
    ("file", "row", "words"),
    [
        ("cost_lines", "NEW,JO-1,core_support,,weekly,5,,2027-01-01,,new", "JO-1-A, which is stored already"),
        ("placements", "NEW,JO,MEADOW,own_tenancy,2027-01-01,,no", "JO-1, which is stored already"),
        ("funding", "JO-1,,ICB,chc,0.5,2027-01-01,", "Shares add up to 100.5% on 2027-01-01"),
    ],
)
def test_rows_are_checked_against_what_is_stored(tmp_path: Path, file: str, row: str, words: str) -> None:
    load(folder_of(tmp_path / "a"))
    header = SOUND[f"{file}.csv"].splitlines()[0]
    folder = tmp_path / "b"
    folder.mkdir()
    (folder / f"{file}.csv").write_text(f"{header}\n{row}\n")
    assert words in said(load(folder))
    assert Placement.objects.count() == 2 and CostLine.objects.count() == 2


def test_another_partnerships_person_and_placement_are_unknown(tmp_path: Path) -> None:
    load(folder_of(tmp_path / "a"), "ELSE")
    folder = tmp_path / "b"
    folder.mkdir()
    (folder / "baselines.csv").write_text("person_ref,weekly_cost,as_at,source\nJO,5,2026-01-01,Known\n")
    (folder / "suspensions.csv").write_text("placement_ref,start,reason,percent_paid\nJO-1,2026-08-01,hospital,50\n")
    outcome = load(folder, "MINE")
    assert [fault.value for fault in outcome.faults] == ["JO-1", "JO"]


def test_an_agreed_plan_must_say_who_took_part(tmp_path: Path) -> None:
    outcome = load(folder_of(tmp_path, plans="person_ref,number,status\nJO,1,agreed\n"))
    assert {fault.column for fault in outcome.faults} >= {"family_involvement", "agreed_on"}


def test_one_framework_has_one_beginning(tmp_path: Path) -> None:
    header = "framework,version,measure,title,domain,kind,in_force_from\n"
    measures = f"{header}LIFE,1,a,A,Home,words,2026-01-01\nLIFE,1,b,B,Home,words,2026-02-01\n"
    assert "Row 2 says otherwise of the same framework" in said(
        load(folder_of(tmp_path, measures=measures, checklists=None))
    )


# --- Organisations ---------------------------------------------------------------------------------------------------

ORGANISATIONS = "code,name,kind,ods_code,cqc_provider_id,valid_to\n"
OURS = f"{ORGANISATIONS}COUNCIL,C,council,,,\nICB,NHS,icb,QXX,,\nMEADOW,Meadow,support_provider,,1-101,\n"


def test_organisations_are_matched_on_identifiers_and_left_alone_where_shared(tmp_path: Path) -> None:
    load(folder_of(tmp_path / "a", organisations=OURS), "ELSE")
    theirs = f"{ORGANISATIONS}COUNCIL,C,council,,,\nICB,NHS,icb,QXX,,\nMEADOW,Meadow Farm,other,,1-101,\n"
    outcome = load(folder_of(tmp_path / "b", organisations=theirs), "MINE")
    assert outcome.saved
    assert Organisation.objects.filter(name="C").count() == 2, "never matched by name"
    assert Organisation.objects.get(cqc_provider_id="1-101").name == "Meadow"
    assert any("its name stays “Meadow”; the file says “Meadow Farm”" in str(each) for each in outcome.findings)
    assert load(folder_of(tmp_path / "b"), "MINE").changes_nothing is False


def test_an_organisation_that_only_this_partnership_uses_may_change(tmp_path: Path) -> None:
    load(folder_of(tmp_path / "a", organisations=OURS))
    assert load(folder_of(tmp_path / "a", organisations=OURS.replace("Meadow,", "Meadow Farm,"))).updated == 1
    assert Organisation.objects.get(cqc_provider_id="1-101").name == "Meadow Farm"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("AGAIN,Meadow,other,,1-101,", "Row 4 (MEADOW) has the same"),
        ("X,X,other,QYY,1-202,", "belong to different organisations: Other, Third"),
        ("OTHER,X,other,QYY,,", None),
    ],
)
def test_identifiers_tell_organisations_apart(tmp_path: Path, row: str, words: str | None) -> None:
    Organisation.objects.create(name="Other", kind="icb", ods_code="QYY")
    Organisation.objects.create(name="Third", kind="other", cqc_provider_id="1-202")
    outcome = load(folder_of(tmp_path, organisations=f"{OURS}{row}\n"))
    assert words is None or words.replace(", ", " and ", 1) in said(outcome) or words in said(outcome)
    assert outcome.saved is (words is None)


def test_successors_are_named_by_code(tmp_path: Path) -> None:
    rows = "code,name,kind,successor\nCOUNCIL,C,council,\nICB,Old,icb,NEW\nMEADOW,M,other,\nNEW,New,icb,\n"
    load(folder_of(tmp_path, organisations=rows))
    successor = Organisation.objects.get(name="Old").successor
    assert successor is not None and successor.name == "New"
    assert load(folder_of(tmp_path, organisations=rows)).changes_nothing


# --- Spreadsheets and archives ---------------------------------------------------------------------------------------


def workbook(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    del book[book.sheetnames[0]]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_formula_is_a_fault_that_says_what_to_do() -> None:
    report = Report()
    contents = workbook(baselines=[["person_ref", "weekly_cost", "as_at", "source"], ["JO", "=1+1", "2026-01-01", "S"]])
    read_upload("a.xlsx", contents, report)
    fault = report.faults[0]
    assert (fault.file, fault.row, fault.column, fault.value) == ("baselines.csv", 2, "weekly_cost", "=1+1")
    assert "Replace the formula by its value" in fault.message


def test_dates_and_numbers_of_a_spreadsheet_are_taken(tmp_path: Path) -> None:
    import datetime as dt

    tmp_path.joinpath("data.xlsx").write_bytes(
        workbook(
            organisations=[["code", "name", "kind"], ["C", "C", "council"], ["I", "I", "icb"]],
            people=[
                ["person_ref", "given_name", "family_name", "date_of_birth", "diagnosis", "council", "icb", None],
                ["001", "Jo", "E", dt.datetime(2002, 3, 14), "both", "C", "I"],  # noqa: DTZ001
            ],
            baselines=[["person_ref", "weekly_cost", "as_at", "source"], ["001", 0.1 + 0.2, dt.date(2026, 1, 1), "S"]],
        )
    )
    assert said(load(tmp_path)) == ""
    person = Person.objects.get()
    assert (person.reference, person.date_of_birth) == ("001", dt.date(2002, 3, 14))
    assert str(person.baseline.weekly_cost) == "0.30"


def test_bombs_and_broken_files_are_refused_unopened() -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("people.csv", b"0" * 5_000_000)
    with pytest.raises(Refused, match="expands more than 200 times"):
        read_upload("a.zip", buffer.getvalue(), Report())
    with pytest.raises(Refused, match="expands to more than 4 MB"):
        read_upload("a.zip", buffer.getvalue(), Report(), Limits(expanded=4_200_000))
    with pytest.raises(Refused, match="holds 1 files"):
        read_upload("a.zip", buffer.getvalue(), Report(), Limits(members=0))
    with pytest.raises(Refused, match="damaged"):
        read_upload("a.xlsx", b"PK not a zip", Report())


def test_hostile_xml_in_a_spreadsheet_is_refused() -> None:
    contents = workbook(people=[["person_ref"]])
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(contents)) as good, zipfile.ZipFile(buffer, "w") as bad:
        for name in good.namelist():
            entity = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'
            bad.writestr(name, entity if "sheet1" in name else good.read(name))
    with pytest.raises(Refused, match="cannot be opened"):
        read_upload("a.xlsx", buffer.getvalue(), Report())


def test_a_zip_is_read_from_the_folder_that_holds_the_dataset() -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("stories/people.csv", "stories/expected/weekly.csv", "__MACOSX/stories/._people.csv"):
            archive.writestr(name, PEOPLE)
    assert set(read_upload("a.zip", buffer.getvalue(), Report())) == {"people.csv"}
