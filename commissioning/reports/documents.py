"""Documents from frozen figures: the same figures give the same bytes in any process."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from commissioning.core.charts import Chart, Column, Table
from commissioning.core.pdf import make_pdf
from commissioning.core.periods import Month
from commissioning.reports.drawn import draw_all
from commissioning.reports.easy_read import easy_read
from commissioning.reports.models import Edition

STAGES = (
    "Gathering the figures",
    "Hiding small numbers",
    "Drawing the charts",
    "Setting the pages",
    "Saving the report",
)
TEMPLATES = {
    Edition.BOARD: "reports/print/report.html",
    Edition.WORKING: "reports/print/report.html",
    Edition.EASY_READ: "reports/print/easy_read.html",
}

Stage = Callable[[str], None]


@dataclass(frozen=True)
class Document:
    pdf: bytes
    sha256: str
    pages: int


def figures_text(figures: Mapping[str, Any]) -> str:
    """The figures as they are kept in files: sorted, one value a line."""
    return json.dumps(figures, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def make_document(figures: Mapping[str, Any], *, stage: Stage = lambda _words: None) -> Document:
    """The PDF of an edition. Raises NeverInARequest in a web process that is answering one."""
    identifier = hashlib.sha256(figures_text(figures).encode()).hexdigest()
    stage(STAGES[2])
    html = compose(figures)
    stage(STAGES[3])
    pdf = make_pdf(html, identifier=identifier)
    return Document(pdf.content, hashlib.sha256(pdf.content).hexdigest(), pdf.pages)


# Each chart's table: its caption, and whether it needs the whole width.
TABLES = {
    "life": ("How their lives are, people (cover)", True),
    "measures": ("Each question, people (Lives)", True),
    "together": ("Change in cost against change in life, people (Lives and money)", True),
    "homes": ("Where people live, people (Homes)", True),
    "places": ("Where the money goes, a week (Money)", True),
    "lives": ("How their lives are over time, people (Lives)", False),
    "views": ("Whose view it is, people (Lives)", False),
    "bodies": ("Who pays, a week (Money)", False),
}


def _tables(figures: Mapping[str, Any], charts: Mapping[str, Chart]) -> dict[str, list[Table]]:
    """A table for each chart, wide and narrow (the scatter's is the people table). Published money is whole pounds."""
    is_public = figures["meta"]["edition"] != Edition.WORKING
    found: dict[str, list[Table]] = {"wide": [], "narrow": _cost_tables(figures)}
    for name, (caption, is_wide) in TABLES.items():
        if name in charts:
            table = charts[name].table
            rows = tuple(tuple(_as_told(cell, is_public) for cell in row) for row in table.rows)
            found["wide" if is_wide else "narrow"].append(Table(caption, table.columns, rows))
    return found


def _as_told(cell: str, is_public: bool) -> str:
    return cell.replace(".00", "") if is_public and "£" in cell else cell


def _cost_tables(figures: Mapping[str, Any]) -> list[Table]:
    cost = figures["cost"]
    if not cost["is_shown"]:
        return []
    return [
        Table(
            "What their support costs, a week (cover)",
            (Column("Month", numeric=False), Column("Cost"), Column("Against before")),
            tuple((_month(each), each["cost"]["words"], each["change"]["words"]) for each in cost["months"]),
        ),
        Table(
            "What is known ahead, a week (cover)",
            (Column("Month", numeric=False), Column("Lowest"), Column("Highest")),
            tuple((_month(each), each["low"]["words"], each["high"]["words"]) for each in cost["ahead"]),
        ),
    ]


def _month(row: Mapping[str, Any]) -> str:
    return Month.parse(row["month"]).words


def compose(figures: Mapping[str, Any]) -> str:
    """The whole document as HTML, charts drawn."""
    edition = Edition(figures["meta"]["edition"])
    charts = {} if edition == Edition.EASY_READ else draw_all(figures)
    context = {
        "figures": figures,
        "charts": charts,
        "tables": _tables(figures, charts),
        "is_public": edition != Edition.WORKING,
        "easy": easy_read(figures) if edition == Edition.EASY_READ else (),
    }
    return render_to_string(TEMPLATES[edition], context)
