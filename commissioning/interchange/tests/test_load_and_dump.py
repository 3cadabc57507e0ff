"""Load, dump, load elsewhere, dump: the same bytes; loading again changes nothing."""

from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from commissioning.accounts.models import Organisation, Partnership
from commissioning.interchange.dumping import dump_files, dump_spreadsheet
from commissioning.interchange.tables import BY_FILE, TABLES
from commissioning.interchange.tests.datasets import STORIES, folder_of, load, replaced, said, table, with_row
from commissioning.reports.models import Board
from finance.models import CostLine
from outcomes.models import Answer, Checklist
from people.models import CircleMember, Person, Plan

pytestmark = pytest.mark.django_db


def partnership(code: str) -> Partnership:
    return Partnership.objects.get(code=code)


def test_it_gives_the_same_bytes_after_a_journey(tmp_path: Path) -> None:
    call_command("load_dataset", STORIES, partnership="STORIES", stdout=StringIO())
    call_command("dump_dataset", tmp_path / "one", partnership="STORIES", stdout=StringIO())
    call_command("load_dataset", tmp_path / "one", partnership="OTHER", stdout=StringIO())
    call_command("dump_dataset", tmp_path / "two", partnership="OTHER", stdout=StringIO())
    first = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    assert first == {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()}
    assert set(first) == set(BY_FILE)
    assert all(b"\r" not in contents for contents in first.values())


def test_it_dumps_every_column_of_every_file(tmp_path: Path) -> None:
    load(STORIES)
    for name, contents in dump_files(partnership("EST2")).items():
        assert table(contents)[0] == list(BY_FILE[name].names)
    assert len(dump_files(partnership("EST2"))) == len(TABLES)


def test_it_keeps_every_cell_of_the_stories() -> None:
    """Whatever column the given files have comes back with the same values."""
    load(STORIES)
    dumped = dump_files(partnership("EST2"))
    for path in STORIES.glob("*.csv"):
        given, back = table(path.read_bytes()), table(dumped[path.name])
        places = [back[0].index(name) for name in given[0]]
        assert sorted(given[1:]) == sorted([row[place] for place in places] for row in back[1:])


def test_it_changes_nothing_the_second_time(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    load(folder)
    events = apps.get_model("people", "PersonEvent").objects.count()
    out = StringIO()
    with CaptureQueriesContext(connection) as queries:
        call_command("load_dataset", folder, partnership="EST2", stdout=out)
    assert "Nothing changed" in out.getvalue()
    assert not [each for each in queries if each["sql"].lstrip("( ").startswith(("INSERT", "UPDATE", "DELETE"))]
    assert apps.get_model("people", "PersonEvent").objects.count() == events


def test_it_makes_the_partnership_with_its_board_and_says_so(tmp_path: Path) -> None:
    out = StringIO()
    call_command("load_dataset", folder_of(tmp_path), partnership="NEW", stdout=out)
    assert "The partnership NEW did not exist; it was made." in out.getvalue()
    assert Board.objects.get(partnership__code="NEW").code == "NEW"


def test_it_updates_a_changed_row_and_deletes_nothing(tmp_path: Path) -> None:
    load(folder_of(tmp_path / "a"))
    version = CostLine.objects.get(reference="JO-1-A").version
    outcome = load(
        folder_of(tmp_path / "b", cost_lines=replaced("cost_lines.csv", "1875.21", "1900.00"), checklists=None)
    )
    assert (outcome.created, outcome.updated) == (0, 1)
    changed = next(change for change in outcome.changes if change.updated)
    assert changed.changed[0].differences == (("amount", "1875.21", "1900.00"),)
    line = CostLine.objects.get(reference="JO-1-A")
    assert (str(line.amount), line.version) == ("1900.00", version + 1)
    assert Answer.objects.count() == 4


def test_a_column_that_is_not_there_leaves_what_is_stored(tmp_path: Path) -> None:
    load(folder_of(tmp_path / "a"))
    without = "line_ref,placement_ref,kind,basis,amount,start\nJO-1-N,JO-1,waking_night,nightly,180,2026-07-01\n"
    load(folder_of(tmp_path / "b", cost_lines=without))
    line = CostLine.objects.get(reference="JO-1-N")
    assert (str(line.amount), str(line.units_per_week), line.reason) == ("180.00", "7.00", "new")


def test_a_rehearsal_saves_nothing(tmp_path: Path) -> None:
    out = StringIO()
    call_command("load_dataset", folder_of(tmp_path), partnership="NEW", dry_run=True, stdout=out)
    assert "Nothing was saved" in out.getvalue()
    assert not Partnership.objects.exists() and not Organisation.objects.exists()


def test_one_fault_saves_nothing_at_all(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"cost_lines.csv, row 4, column amount, “lots”"):
        bad = with_row("cost_lines.csv", "JO-1-B,JO-1,transport,,weekly,lots,,2026-07-01,,new")
        call_command("load_dataset", folder_of(tmp_path, cost_lines=bad), partnership="NEW", stdout=StringIO())
    assert not Partnership.objects.exists() and not Person.objects.exists()


def test_the_order_of_columns_is_free_and_a_byte_order_mark_is_taken(tmp_path: Path) -> None:
    shuffled = (
        "\ufeffkind,name,code\ncouncil,Estuary Council,COUNCIL\nicb,NHS Estuary,ICB\nsupport_provider,Meadow,MEADOW\n"
    )
    assert load(folder_of(tmp_path, organisations=shuffled)).saved


def test_unknown_columns_and_files_are_reported_and_ignored(tmp_path: Path) -> None:
    outcome = load(
        folder_of(
            tmp_path,
            organisations="code,name,kind,shoe size\nCOUNCIL,C,council,9\nICB,I,icb,9\nMEADOW,M,other,9\n",
            notes="a\n1\n",
        )
    )
    assert outcome.saved
    said = "\n".join(map(str, outcome.findings))
    assert "shoe size" in said and "notes.csv" in said


def test_risky_text_gets_an_apostrophe_and_numbers_stay_numbers(tmp_path: Path) -> None:
    load(folder_of(tmp_path))
    person = Person.objects.get(reference="JO")
    risky = ["=1+1", "+44", "-5", "@x", "\tx", "\rx", "'Arry", "''", "plain"]
    for number, name in enumerate(risky):
        CircleMember.objects.create(person=person, name=name, part="family", relationship=str(number))
    CostLine.objects.filter(reference="JO-1-A").update(amount="-42.35")
    files = dump_files(partnership("EST2"))
    written = {row[3]: row[1] for row in table(files["circle.csv"])[1:]}
    assert [written[str(number)] for number in range(len(risky))] == [f"'{name}" for name in risky[:-1]] + ["plain"]
    assert b",-42.35," in files["cost_lines.csv"]
    for name, contents in files.items():
        (tmp_path / "again").mkdir(exist_ok=True)
        (tmp_path / "again" / name).write_bytes(contents)
    assert load(tmp_path / "again", "ELS2").saved
    assert dump_files(partnership("ELS2")) == files
    back = CircleMember.objects.filter(person__partnership__code="ELS2").values_list("name", flat=True)
    assert sorted(back) == sorted(risky)


# Pools and cases, with what is optional filled in once and left out once.
MONEY_BETWEEN_PARTNERS = {
    "risk_shares": "agreement_ref,name,start,rule,threshold_percent,first_bearer,reserve,contingency\n"
    "POOL,Oxford,2026-04-01,threshold,2.5,COUNCIL,195000000.00,Ring\nBEDS,Moves,2026-04-01,transfer,,,,\n"
    "LINES,Lines,2026-04-01,by_line,,,0.00,\n",
    "risk_share_lines": "line_ref,agreement_ref,name,by,value\nL1,LINES,Nights,kind,waking_night\n",
    "risk_share_percents": "agreement_ref,line_ref,partner,percent\nPOOL,,COUNCIL,51\nPOOL,,ICB,49\n"
    "LINES,L1,ICB,33.3333\nBEDS,,ICB,\n",
    "risk_share_contributions": "agreement_ref,year,line_ref,partner,amount\nPOOL,2026,,COUNCIL,99450000.00\n"
    "LINES,2026,L1,ICB,0.00\n",
    "risk_share_transfers": "agreement_ref,person_ref,partner,moved_on,weekly_cost\nBEDS,JO,ICB,2026-07-01,3500.00\n",
    "cases": "case_ref,title,owner,start,savings_end,basis,discount,discount_percent\n"
    "SLOT,Outreach,Ann,2024-04-01,2032-03-31,stated,own,1.5\nHOME,Homes,Ann,2024-04-01,2032-03-31,measured,,\n",
    "case_funding": "case_ref,source,amount,start,end\nSLOT,ICB,500000.00,2024-04-01,2027-03-31\n",
    "case_savings": "case_ref,start,end,amount,note\nSLOT,2024-04-01,2025-03-31,112500.00,\n",
    "case_people": "case_ref,person_ref,placement_ref,counts_from\nHOME,JO,JO-1,2026-07-01\nHOME,SAM,,2026-07-01\n",
    "case_beds": "case_ref,ward,beds,weekly_cost,start,closed_on\nHOME,Ward 3,2,7000.00,2026-07-01,\n",
}


def test_a_line_belongs_to_its_agreement(tmp_path: Path) -> None:
    percents = "agreement_ref,line_ref,partner,percent\nPOOL,L1,COUNCIL,51\n"
    outcome = load(folder_of(tmp_path, **{**MONEY_BETWEEN_PARTNERS, "risk_share_percents": percents}))
    assert "belongs to the agreement LINES" in said(outcome)


def test_plans_circle_suspensions_terms_and_suppliers_travel_too(tmp_path: Path) -> None:
    extra = {
        "circle": "person_ref,name,part,relationship,contact,ended_on\nJO,Ann Example,family,Mum,,\n",
        "plans": "person_ref,number,status,what_matters,person_involvement,person_involvement_how,family_involvement,"
        'family_involvement_how,agreed_on\nJO,1,replaced,"Animals\nQuiet",took_part,Chose,did_not,Away,2026-01-01\n'
        "JO,2,agreed,Garden,took_part,Chose,took_part,Wrote,2026-06-01\n",
        "suspensions": "placement_ref,start,end,reason,percent_paid,note\nJO-1,2026-09-01,2026-09-14,hospital,50,\n",
        "contracts": "contract_ref,provider,title,kind,start,no_agency_staff\nC1,MEADOW,Support,spot,2026-01-01,yes\n",
        "suppliers": 'supplier_id,names,provider,not_a_provider\n000123,"MEADOW LTD\nMeadow, Farm",MEADOW,no\n',
        "expense_types": "begins_with\nResidential Care\n",
        "partnership": "name,weeks_per_year,is_fictional\nEstuary together,52.14,yes\n",
        **MONEY_BETWEEN_PARTNERS,
    }
    assert load(folder_of(tmp_path / "a", **extra)).saved
    files = dump_files(partnership("EST2"))
    (tmp_path / "b").mkdir()
    for name, contents in files.items():
        (tmp_path / "b" / name).write_bytes(contents)
    assert load(tmp_path / "b", "ELS2").saved
    assert dump_files(partnership("ELS2")) == files
    assert Plan.objects.get(person__partnership__code="ELS2", number=1).what_matters == "Animals\nQuiet"
    assert load(tmp_path / "b", "ELS2").changes_nothing


def test_a_price_names_the_price_it_stands_instead_of(tmp_path: Path) -> None:
    lines = replaced("cost_lines.csv", "end,reason\n", "end,reason,instead_of\n").replace(
        ",,new\n", ",,new,JO-1-N\n", 1
    )
    lines = lines.replace(",2026-07-01,,new\n", ",2026-07-01,,new,\n")
    load(folder_of(tmp_path, cost_lines=lines))
    assert CostLine.objects.get(reference="JO-1-A").instead_of == CostLine.objects.get(reference="JO-1-N")
    assert load(folder_of(tmp_path, cost_lines=lines)).changes_nothing


def test_answers_are_kept_by_their_kind_as_sent_and_drafts_stay_behind(tmp_path: Path) -> None:
    load(folder_of(tmp_path))
    answers = {each.measure.code: (each.value, each.number) for each in Answer.objects.select_related("measure")}
    assert (
        answers["vote"] == ("yes", Decimal(1))
        and answers["hours"][0] == "7.5"
        and answers["say"] == ("I like it", None)
    )
    checklist = Checklist.objects.get()
    assert checklist.status == Checklist.Status.SUBMITTED
    Checklist.objects.update(status=Checklist.Status.ACCEPTED)
    assert load(folder_of(tmp_path)).changes_nothing
    Checklist.objects.update(status=Checklist.Status.DRAFT)
    assert len(table(dump_files(partnership("EST2"))["checklists.csv"])) == 1
    load(folder_of(tmp_path))
    assert Checklist.objects.get().status == Checklist.Status.SUBMITTED


def test_a_checklist_means_the_framework_in_force_in_its_month(tmp_path: Path) -> None:
    header = "framework,version,measure,title,domain,kind,minimum,maximum,in_force_from\n"
    measures = f"{header}LIFE,1,home,Home,Home,scale,1,5,2026-01-01\nLIFE,2,home,Home,Home,scale,1,5,2026-08-01\n"
    rows = "".join(f"JO,MEADOW,2026-0{month},home,staff,4\n" for month in (7, 8))
    checklists = f"person_ref,provider,month,measure,view,value\n{rows}"
    load(folder_of(tmp_path, measures=measures, checklists=checklists))
    found = Checklist.objects.order_by("month").values_list("month__month", "framework__version")
    assert list(found) == [(7, "1"), (8, "2")]


def test_prices_may_change_places_in_one_load(tmp_path: Path) -> None:
    """A later start of one price and a later end of the other would overlap if written in the wrong order."""
    header = "line_ref,placement_ref,kind,basis,amount,start,end\n"
    before = f"{header}A,JO-1,core_support,weekly,1,2026-07-01,2026-07-31\nB,JO-1,core_support,weekly,2,2026-08-01,\n"
    after = f"{header}A,JO-1,core_support,weekly,1,2026-07-01,2026-08-31\nB,JO-1,core_support,weekly,2,2026-09-01,\n"
    load(folder_of(tmp_path / "a", cost_lines=before))
    assert load(folder_of(tmp_path / "b", cost_lines=after)).updated == 2


def test_findings_are_said_and_stop_nothing(tmp_path: Path) -> None:
    funding = "placement_ref,funder,route,percent,start,end\nJO-1,ICB,s117,60,2026-06-01,2026-09-30\n"
    checklists = "person_ref,provider,month,measure,view,value\nJO,MEADOW,2026-05,home,staff,4\n"
    outcome = load(folder_of(tmp_path, funding=funding, checklists=checklists))
    said = "\n".join(map(str, outcome.findings))
    assert outcome.saved
    assert "funding.csv, row 2: This share (2026-06-01 to 2026-09-30) reaches outside the placement JO-1" in said
    assert "From 2026-07-01 to 2026-09-30 only 60% has a funder for JO-1-A" in said
    assert "MEADOW had no placement of JO in 2026-05" in said


def test_a_load_is_kept_in_history_with_who_and_why(tmp_path: Path) -> None:
    load(folder_of(tmp_path))
    event = apps.get_model("people", "PersonEvent").objects.first()
    assert event.pgh_context.metadata == {"name": "As One", "reason": "Loaded from files"}


def test_the_spreadsheet_of_a_dump_loads_to_the_same(tmp_path: Path) -> None:
    load(STORIES)
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "everything.xlsx").write_bytes(dump_spreadsheet(partnership("EST2")))
    assert load(tmp_path / "book", "ELS2").faults == ()
    assert dump_files(partnership("ELS2")) == dump_files(partnership("EST2"))
    assert load(tmp_path / "book").changes_nothing
