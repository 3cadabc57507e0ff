"""The page that an information-governance lead decides by says what the code does."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.db.models import QuerySet

from commissioning.accounts.actors import Actor
from commissioning.accounts.checks import every_pattern
from commissioning.accounts.models import Membership, Organisation, Partnership, Role
from commissioning.reports.models import Board, BoardReport, Edition
from commissioning.tests.figures import Say
from commissioning.tests.fixtures import make_person, make_placement
from finance.models import CostLine, FundingShare, Payment, Supplier
from outcomes.actions.frameworks import ensure_default_framework
from outcomes.models import Checklist, Incident
from people.models import ClinicalInvolvement, Goal, Person, Placement, Plan
from providers.models import Contract

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "information-governance.md"

Reader = Callable[[Actor], QuerySet]  # type: ignore[type-arg]  # of any model


# Each row of the table: the pages on which the record stands, and how it is read; without one the pages decide.
RECORDS: dict[str, tuple[set[str], Reader | None]] = {
    "That a person is known": ({"people", "person"}, lambda by: Person.objects.visible_to(by)),
    "Identity, NHS number, diagnosis, how to communicate, circle": (
        {"person_details", "circle"},
        lambda by: Person.objects.visible_to(by),
    ),
    "Plans and goals": ({"plan", "goals"}, lambda by: Plan.objects.visible_to(by)),
    "Placements": ({"placements"}, lambda by: Placement.objects.visible_to(by)),
    "Prices": ({"placements"}, lambda by: CostLine.objects.visible_to(by)),
    "Who pays which share": ({"placements"}, lambda by: FundingShare.objects.visible_to(by)),
    "Contracts": ({"contracts", "contract"}, lambda by: Contract.objects.visible_to(by)),
    "Checklists": ({"checklist"}, lambda by: Checklist.objects.visible_to(by)),
    "Incidents": ({"incidents", "incident"}, lambda by: Incident.objects.visible_to(by)),
    "Published payments": ({"payments"}, lambda by: Payment.objects.visible_to(by)),
    "Board and Easy Read editions": (
        {"report", "report_pdf"},
        lambda by: BoardReport.objects.visible_to(by).filter(edition=Edition.BOARD),
    ),
    "Working packs, with names": (
        {"report", "report_pdf"},
        lambda by: BoardReport.objects.visible_to(by).filter(edition=Edition.WORKING),
    ),
    "Who looked at a record": ({"who_looked"}, None),
    "Everything at once, in and out": ({"data", "data_zip", "data_xlsx"}, None),
    "Requests of people, holds, erasures": ({"rights", "person_rights", "holds"}, None),
    "Users and their roles": ({"users", "user"}, None),
}
# How many of the two of each that the world below holds a cell lets somebody see.
SEEN = {
    "all": 2,
    "all, by reference": 2,
    "those they advise": 1,
    "those they support now": 1,
    "their own": 1,
    "their boards": 1,
    "no": 0,
}
OF_A_PERSON = ("That a person is known", "Placements", "Prices", "Who pays which share")


def table_below(page: Path, heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, its header first."""
    (section,) = re.findall(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", page.read_text(), re.MULTILINE | re.DOTALL)
    (first, *_others) = re.findall(r"(?:^\|.*\|\n)+", section, re.MULTILINE)
    lines = [line.strip("|").split("|") for line in first.splitlines()]
    return [[cell.strip() for cell in line] for line in lines if set("".join(line)) - set("-: ")]


def roles_of(pages: set[str]) -> frozenset[str]:
    """Who may open every one of the pages."""
    routes = {route.name: route for _, found in every_pattern() if (route := getattr(found.callback, "route", None))}
    return frozenset.intersection(*(routes[page].roles for page in pages))


@pytest.fixture
def two_of_each(
    estuary: Partnership, jo: Person, meadow: Organisation, larkrise: Organisation, clara: Membership, bea: Membership
) -> None:
    """Jo is Meadow Farm's and advised by Clara, Kit is Larkrise's; one of two boards is Bea's."""
    framework = ensure_default_framework(partnership=estuary, by=Actor.system(estuary))
    start = dt.date(2026, 7, 1)
    ClinicalInvolvement.objects.create(person=jo, user=clara.user, start=start)
    for person, provider in ((jo, meadow), (make_person(estuary, "KIT", given_name="Kit"), larkrise)):
        end = person.reference
        placement = make_placement(person, provider, f"PL-{end}", start=start)
        Plan.objects.create(
            person=person, number=1, status=Plan.Status.AGREED, agreed_on=start,
            person_involvement="took_part", person_involvement_how="She chose",
            family_involvement="took_part", family_involvement_how="Her mother came",
        )  # fmt: skip
        Goal.objects.create(person=person, partnership=estuary, reference=f"G-{end}", words="A dog", agreed_on=start)
        line = CostLine.objects.create(
            partnership=estuary, placement=placement, reference=f"C-{end}", kind="core_support", basis="weekly",
            amount=100, start=start,
        )  # fmt: skip
        FundingShare.objects.create(
            placement=placement, line=line, funder=person.council, route="care_act", percent=50, start=start
        )
        Contract.objects.create(
            partnership=estuary, reference=f"K-{end}", provider=provider, title="Support", kind="spot", start=start
        )
        Checklist.objects.create(
            person=person, provider=provider, framework=framework, month=start, view="staff", status="submitted"
        )
        Incident.objects.create(
            partnership=estuary, reference=f"I-{end}", person=person, placement=placement, occurred_on=start,
            kind="property", severity=1,
        )  # fmt: skip
        supplier = Supplier.objects.create(partnership=estuary, supplier_id=end)
        Payment.objects.create(
            partnership=estuary, supplier=supplier, paid_on=start, amount=1, expense_type="Care", fingerprint=end
        )
        board = Board.objects.create(partnership=estuary, code=f"B-{end}", name=f"Board {end}")
        for edition in (Edition.BOARD, Edition.WORKING):
            BoardReport.objects.create(board=board, month=start, edition=edition, state=BoardReport.State.PUBLISHED)
    Board.objects.get(code="B-JO").members.add(bea)


def seen_by(membership: Membership, pages: set[str], read: Reader | None) -> int:
    if membership.role not in roles_of(pages):
        return 0
    return read(Actor.of(membership)).count() if read else 2


def test_it_says_truly_who_sees_what(
    two_of_each: None, figure: Say, alice: Membership, finn: Membership, clara: Membership, mabel: Membership,
    sam: Membership, bea: Membership, audrey: Membership, adam: Membership,
) -> None:  # fmt: skip
    members = {Role(each.role).label: each for each in (alice, finn, clara, mabel, sam, bea, audrey, adam)}
    header, *rows = table_below(PAGE, "Who sees what")
    assert header[1:] == [role.label for role in Role]
    assert [row[0] for row in rows] == list(RECORDS)
    wrong = []
    for name, *cells in rows:
        for role, cell in zip(header[1:], cells, strict=True):
            seen = seen_by(members[role], *RECORDS[name])
            if SEEN[cell] != seen:
                wrong.append(f"{name}, {role}: the page says “{cell}”, the code shows {seen} of 2")
            if name in OF_A_PERSON and seen:
                by_reference = not Actor.of(members[role]).sees_names
                assert (cell == "all, by reference") is by_reference, (name, role)
    assert not wrong, "\n".join(wrong)
    figure("cells of “who sees what” held against the code", f"{len(rows) * len(members)}, 0 wrong")


def test_every_page_it_decides_by_is_reached_from_it() -> None:
    words = PAGE.read_text()
    for page in ("hazards.md", "privacy.md", "security/asvs.md", "security/rules.md", "deployment.md"):
        assert f"({page}" in words, page
    for page in ("hazards.md", "privacy.md", "security/asvs.md", "security/rules.md", "deployment.md"):
        assert "information-governance.md" in (DOCS / page).read_text(), f"{page} does not lead back"
    assert "docs/information-governance.md" in (DOCS.parent / "README.md").read_text()


def test_every_drawing_says_what_it_shows() -> None:
    for drawing in (DOCS / "drawings").glob("*.svg"):
        root = ElementTree.fromstring(drawing.read_text())  # noqa: S314  a file of this repository
        names = {element.tag.rpartition("}")[2]: (element.text or "") for element in root}
        assert len(names["title"]) > 20 and len(names["desc"]) > 100, drawing.name
        assert not {"script", "style", "image", "foreignObject"} & {each.tag.rpartition("}")[2] for each in root.iter()}


HAZARD = re.compile(r"^### (H\d+) ([^\n]+)\n\n(.*?)(?=^###? )", re.MULTILINE | re.DOTALL)
PARTS = ("Causes", "Effect", "At first", "Controls", "Left", "With you")


def hazards() -> dict[str, dict[str, str]]:
    """What each hazard of the log says, by number and part; its name under `name`."""
    found = {}
    for number, name, words in HAZARD.findall((DOCS / "hazards.md").read_text()):
        parts = dict(re.findall(r"^- ([A-Z][a-z ]+): (.+)$", words, re.MULTILINE))
        found[number] = {"name": name, **parts}
    return found


def matrix() -> dict[tuple[str, str], str]:
    """Risk by severity and likelihood, as the page prints it."""
    (severities, *rows) = table_below(DOCS / "hazards.md", "How risk is rated")
    return {
        (severity.lower(), row[0].lower()): risk
        for row in rows
        for severity, risk in zip(severities[1:], row[1:], strict=True)
    }


def test_every_hazard_is_rated_by_the_table_before_and_after(figure: Say) -> None:
    risks, log = matrix(), hazards()
    assert len(risks) == 25
    for number, hazard in log.items():
        assert set(PARTS) <= set(hazard), number
        ratings = []
        for part in ("At first", "Left"):
            severity, likelihood, risk = re.match(r"([\w ]+), ([\w ]+): (\d)\.", hazard[part]).groups()  # type: ignore[union-attr]
            assert risks[severity, likelihood] == risk, (number, part)
            ratings.append(int(risk))
        assert ratings[1] <= min(ratings[0], 3), number
        accepted = "clinical safety officer decides on this 3" in hazard["With you"]
        assert accepted is (ratings[1] == 3), f"{number}: who decides on what is left at 3?"
    figure("hazards rated", f"{len(log)}, none left above 3")


def test_every_hazard_has_a_control_that_can_be_looked_at() -> None:
    for number, hazard in hazards().items():
        assert re.search(r"`[\w/]+\.py(?:::\w+)*`|\]\(", hazard["Controls"]), number


def test_the_summary_of_hazards_is_that_of_the_log() -> None:
    rows = table_below(DOCS / "hazards.md", "Summary")[1:]
    last = re.compile(r": (\d)\.")
    assert rows == [
        [number, each["name"], last.search(each["At first"])[1], last.search(each["Left"])[1]]  # type: ignore[index]
        for number, each in hazards().items()
    ]
