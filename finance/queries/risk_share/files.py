"""A risk-share statement as a file: the same rows and steps as on the page."""

from commissioning.core.money import csv_pence, from_pence
from commissioning.core.tables import write_csv
from commissioning.core.workbooks import Cell, workbook
from finance.queries.risk_share import Shown

HEADER = ("Partner", "Put in", "Part of what is over (−: under)", "Bears in all", "Paid", "Still to pay (−: gets back)")
FILE_HEADER = ("part", "partner", "contribution", "share", "bears", "paid", "to_pay", "words", "amount")


def name_of(shown: Shown) -> str:
    """`risk-share-LD-POOL-2026-27-q1`, with the revision where it is not the first."""
    revision = f"-revision-{shown.kept.revision}" if shown.kept and shown.kept.revision > 1 else ""
    return f"risk-share-{shown.agreement.reference}-{shown.period.key}{revision}"


def as_csv(shown: Shown) -> str:
    """Rows of partners, their total, and the steps in order; pounds with two decimals."""
    rows: list[list[str]] = []
    if shown.found:
        for part, row in [*(("row", each) for each in shown.found.rows), ("total", shown.found.total)]:
            amounts = (row.contribution_pence, row.part_pence, row.bears_pence, row.spent_pence, row.to_pay_pence)
            rows.append([part, row.name, *(csv_pence(pence) for pence in amounts), "", ""])
        rows += [["step", "", "", "", "", "", "", step.words, csv_pence(step.pence)] for step in shown.found.steps]
    return write_csv(FILE_HEADER, rows)


def as_workbook(shown: Shown) -> bytes:
    """Two sheets: the statement and its steps. Amounts are numbers, in pounds."""
    statement: list[tuple[Cell, ...]] = []
    steps: list[tuple[Cell, ...]] = []
    if shown.found:
        for row in (*shown.found.rows, shown.found.total):
            amounts = (row.contribution_pence, row.part_pence, row.bears_pence, row.spent_pence, row.to_pay_pence)
            statement.append((row.name, *(from_pence(pence) for pence in amounts)))
        steps = [(step.words, from_pence(step.pence)) for step in shown.found.steps]
    return workbook([("Statement", HEADER, statement), ("Steps", ("Step", "Comes to"), steps)])
