"""Bringing spending in: each payment once, each file all or nothing, and sums that equal the files' own."""

import csv
import datetime as dt
import gzip
import io
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation, Partnership
from commissioning.core.errors import Refused
from commissioning.core.models import Job
from finance import actions
from finance.actions import import_spending, match_suppliers
from finance.models import ExpenseType, Payment, SpendingFile, SpendingType, Supplier
from finance.queries import payment_sums
from finance.queries.spending import ImportResult, import_result
from finance.queries.suppliers import suppliers_to_match
from finance.tasks import read_spending_file
from finance.tests.spending_files import ISO_HEADER, OLD_FILE, PADDED_FILE, SHORT_FILE, iso_file, iso_row

EVERY_FILE = [("201112.csv", OLD_FILE), ("202504.csv", SHORT_FILE), ("202603.csv", PADDED_FILE)]


def bring(by: Actor, *files: bytes, types: list[str] | None = None) -> ImportResult:
    named = [(f"file-{place}.csv", contents) for place, contents in enumerate(files)]
    return import_spending(partnership=by.partnership, files=named, expense_types=types, by=by)


def stored(by: Actor) -> dict[tuple[str, ...], int]:
    return {each.keys: each.pence for each in payment_sums(by, ["month", "supplier_id"])}


def sums_of(files: list[tuple[str, bytes]]) -> dict[tuple[str, ...], int]:
    """The files' own sums per month and supplier, by other means than the import's."""
    sums: dict[tuple[str, ...], Decimal] = {}
    for name, contents in files:
        text = contents.decode("cp1252" if name == "201112.csv" else "utf-8-sig")
        for row in csv.reader(io.StringIO(text)):
            cells = dict(zip([each.strip().lower() for each in text.splitlines()[0].split(",")], row, strict=False))
            if not cells["date"][:2].isdigit():
                continue
            month = f"{cells['date'][6:10]}-{cells['date'][3:5]}"
            plain = cells["amount"].strip().replace(",", "")
            amount = -Decimal(plain[1:-1]) if plain.startswith("(") else Decimal(plain)
            key = (month, cells["supplier id"])
            sums[key] = sums.get(key, Decimal(0)) + amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return {key: int(amount * 100) for key, amount in sums.items() if amount}


def test_its_sums_equal_the_files_own_to_the_penny(by_alice: Actor) -> None:
    result = import_spending(partnership=by_alice.partnership, files=EVERY_FILE, expense_types=[""], by=by_alice)
    assert (result.rows_read, result.rows_taken, result.rows_known, result.rows_refused) == (9, 8, 0, 1)
    assert stored(by_alice) == sums_of(EVERY_FILE)


def test_it_adds_nothing_when_the_same_files_come_again(by_alice: Actor) -> None:
    files = [contents for _, contents in EVERY_FILE]
    bring(by_alice, *files, types=[""])
    before = stored(by_alice)
    again = bring(by_alice, *files, types=[""])
    assert (again.rows_taken, again.rows_known, again.rows_new) == (8, 8, 0)
    assert stored(by_alice) == before


def test_identical_payments_both_count_and_overlapping_files_do_not_double_them(by_alice: Actor) -> None:
    bring(by_alice, iso_file(iso_row(), iso_row()))
    bring(by_alice, iso_file(iso_row(amount="100.0"), iso_row(), iso_row(), iso_row(transaction="T2")))
    assert stored(by_alice) == {("2023-04", "501"): 40000}
    bring(by_alice, iso_file(iso_row()))
    assert Payment.objects.count() == 4


def test_it_takes_the_expense_types_asked_for_chosen_or_usual(by_alice: Actor) -> None:
    file = iso_file(
        iso_row(), iso_row(expense_type="Works", amount="7"), iso_row(expense_type="Care Spot - X", amount="9")
    )
    bring(by_alice, file, types=["WORKS"])
    assert stored(by_alice) == {("2023-04", "501"): 700}
    bring(by_alice, file)
    assert stored(by_alice) == {("2023-04", "501"): 11600}
    Payment.objects.all().delete()
    ExpenseType.objects.create(partnership=by_alice.partnership, begins_with="care spot")
    bring(by_alice, file)
    assert stored(by_alice) == {("2023-04", "501"): 900}


def test_a_broken_file_leaves_nothing_and_the_others_are_taken(by_alice: Actor) -> None:
    broken = iso_file(iso_row(supplier_id="999"), iso_row(supplier_id="998")) + b'"' + b"x" * 200_000
    result = bring(by_alice, broken, iso_file(iso_row()))
    assert [file.is_refused for file in result.files] == [True, False]
    assert "cannot be read" in result.files[0].refusal
    assert set(Supplier.objects.values_list("supplier_id", flat=True)) == {"501"}
    assert Payment.objects.count() == 1


def test_an_import_that_fails_half_way_saves_nothing(by_alice: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("finance.actions.spending._keep_types", fail)
    with pytest.raises(RuntimeError):
        bring(by_alice, iso_file(iso_row()))
    assert not Payment.objects.exists()
    assert not Supplier.objects.exists()
    assert not SpendingFile.objects.exists()


def test_it_refuses_a_file_that_is_too_large(by_alice: Actor, settings: object) -> None:
    settings.UPLOAD_LIMIT_BYTES = 100  # type: ignore[attr-defined]  # the fixture takes any setting
    result = bring(by_alice, iso_file(iso_row()))
    assert result.files[0].is_refused
    assert "MB" in result.files[0].refusal
    assert bytes(SpendingFile.objects.get().packed) == b""


def test_it_remembers_every_name_of_a_supplier_and_merges_suppliers_of_one_provider(
    by_alice: Actor, meadow: Organisation
) -> None:
    bring(by_alice, iso_file(iso_row(), iso_row(name="MEADOW FARM", transaction="T2"), iso_row(supplier_id="502")))
    assert Supplier.objects.get(supplier_id="501").names == ["MEADOW FARM SUPPORT LTD", "MEADOW FARM"]
    assert match_suppliers(decisions={"501": "MEADOW", "502": "MEADOW"}, by=by_alice) == 2
    assert [(each.keys, each.pence) for each in payment_sums(by_alice, ["provider"])] == [(("MEADOW",), 30000)]
    result = bring(by_alice, iso_file(iso_row(day="2023-05-02"), iso_row(day="2023-05-02", supplier_id="777")))
    assert (result.suppliers.matched, result.suppliers.not_matched) == (2, 1)
    assert match_suppliers(decisions={"501": "MEADOW"}, by=by_alice) == 0


def test_it_suggests_likely_providers_first_and_remembers_who_is_none(by_alice: Actor, meadow: Organisation) -> None:
    rows = [iso_row(supplier_id="777", name="ROADSTONE PLC", amount="90000"), iso_row(name="MEADOW FARM SUPPORT LTD")]
    bring(by_alice, iso_file(*rows))
    found = suppliers_to_match(by_alice)
    assert [(row.supplier_id, row.likely) for row in found] == [("501", "MEADOW"), ("777", "")]
    match_suppliers(decisions={"777": actions.NOT_A_PROVIDER}, by=by_alice)
    assert [row.supplier_id for row in suppliers_to_match(by_alice)] == ["501"]
    assert [row.supplier_id for row in suppliers_to_match(by_alice, state="not-providers")] == ["777"]
    match_suppliers(decisions={"777": ""}, by=by_alice)
    assert len(suppliers_to_match(by_alice)) == 2


def test_a_private_person_is_never_matched_or_listed(by_alice: Actor, meadow: Organisation) -> None:
    bring(by_alice, iso_file(iso_row(creditor="INDV", name="REDACTED UNDER DP ACT"), iso_row(supplier_id="502")))
    bring(by_alice, iso_file(iso_row(day="2023-06-01", name="EXAMPLE TRADING")))
    supplier = Supplier.objects.get(supplier_id="501")
    assert (supplier.kind, supplier.names) == ("individual", [])
    assert [row.supplier_id for row in suppliers_to_match(by_alice)] == ["502"]
    with pytest.raises(Refused, match="private person"):
        match_suppliers(decisions={"502": "MEADOW", "501": "MEADOW"}, by=by_alice)
    assert not Supplier.objects.filter(provider__isnull=False).exists()


def test_only_those_who_look_after_payments_may_bring_or_match(
    by_alice: Actor, finn: Membership, audrey: Membership, mabel: Membership, elsewhere: Partnership
) -> None:
    bring(Actor.of(finn), iso_file(iso_row()))
    for member in (audrey, mabel):
        with pytest.raises(PermissionDenied):
            bring(Actor.of(member), iso_file(iso_row()))
        with pytest.raises(PermissionDenied):
            match_suppliers(decisions={"501": ""}, by=Actor.of(member))
        with pytest.raises(PermissionDenied):
            actions.choose_expense_types(texts=["x"], by=Actor.of(member))
    with pytest.raises(Refused, match="own partnership"):
        import_spending(partnership=elsewhere, files=EVERY_FILE, expense_types=None, by=by_alice)
    with pytest.raises(Refused, match="no supplier 501"):
        match_suppliers(decisions={"501": ""}, by=Actor.system(elsewhere))
    with pytest.raises(Refused, match="no provider NOBODY"):
        match_suppliers(decisions={"501": "NOBODY"}, by=by_alice)


def test_choosing_types_drops_the_others_and_reads_the_files_again(by_alice: Actor) -> None:
    file = iso_file(iso_row(), iso_row(expense_type="Supported Living", amount="7"), iso_row(expense_type="Works"))
    bring(by_alice, file)
    bring(by_alice, file)
    assert stored(by_alice) == {("2023-04", "501"): 10700}
    assert SpendingType.objects.count() == 3
    assert actions.choose_expense_types(texts=["works"], by=by_alice) == 1
    assert not Payment.objects.exists()
    read_spending_file(Job.objects.get().arguments["file_id"])
    assert stored(by_alice) == {("2023-04", "501"): 10000}
    with pytest.raises(Refused, match="at least one"):
        actions.choose_expense_types(texts=[" "], by=by_alice)
    assert ExpenseType.objects.get().begins_with == "works"


def test_what_is_kept_of_a_file_names_no_person_and_reads_the_same(by_alice: Actor) -> None:
    rows = [
        iso_row(name="EXAMPLE ROSEMARY", creditor="B"),
        iso_row(name="EXAMPLE ROSEMARY", creditor="B", supplier_id="").replace("INV", "L EXAMPLE JUNE"),
        ",,,,,,,,,,,,",
        iso_row() + ",stray",
        iso_row(amount="x"),
    ]
    result = bring(by_alice, iso_file(*rows))
    kept = gzip.decompress(bytes(SpendingFile.objects.get().packed)).decode()
    assert "EXAMPLE" not in kept
    again = bring(by_alice, kept.encode())
    assert (again.rows_taken, again.rows_new) == (2, 0)
    assert again.files[0].faults == tuple(
        (row, why.replace("14 cells", "9 cells").replace("names 13", "names 8")) for row, why in result.files[0].faults
    )
    assert gzip.decompress(bytes(SpendingFile.objects.latest("pk").packed)).decode() == kept


def test_a_worker_reads_each_file_once(by_alice: Actor) -> None:
    brought = actions.start_import(files=[("a.csv", iso_file(iso_row())), ("b.csv", b"junk")], by=by_alice)
    assert import_result(by_alice, brought.pk).percent == 0
    for job in Job.objects.all():
        read_spending_file(**job.arguments)
        read_spending_file(**job.arguments)
    result = import_result(by_alice, brought.pk)
    assert (result.percent, result.rows_new, len(result.refused_files)) == (100, 1, 1)


# ---------------------------------------------------------------- the commands


def call(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_the_commands_bring_in_and_print(db: None, tmp_path: Path) -> None:
    paths = [tmp_path / name for name, _ in EVERY_FILE]
    for path, (_, contents) in zip(paths, EVERY_FILE, strict=True):
        path.write_bytes(contents)
    said = call("import_payments", *map(str, paths), "--partnership", "NEW", "--expense-type", "")
    assert said.splitlines()[0] == "The partnership NEW did not exist; it was made."
    assert "202603.csv, row 4: it has an amount and nothing else: a total, not a payment." in said
    assert "202603.csv: the column Costcuk is not used." in said
    assert "Rows: 9 read, 8 taken, 0 already known, 1 refused." in said
    assert "Suppliers: 0 matched to a provider, 3 not matched, 0 not providers, 0 individuals." in said
    assert "8 already known" in call("import_payments", *map(str, paths), "--partnership", "NEW", "--expense-type", "")
    assert call("payments", "--partnership", "NEW", "--by", "month,supplier_id") == (
        "month,supplier_id,amount\n"
        "2011-12,501,1661.01\n"
        "2025-04,501,1483.50\n"
        "2025-04,777,60.00\n"
        "2026-03,501,519.89\n"
        "2026-03,502,1200496.00\n"
    )
    assert call("payments", "--partnership", "NEW", "--by", "expense_type,provider").splitlines()[0] == (
        "expense_type,provider,amount"
    )


def test_the_command_says_what_it_refuses(db: None, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_bytes(iso_file(iso_row()))
    bad.write_bytes(ISO_HEADER.replace("Amount", "Sum").encode())
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 file was refused"):
        call_command("import_payments", str(good), str(bad), "--partnership", "NEW", stdout=out)
    assert "bad.csv: refused. A column is missing: Amount." in out.getvalue()
    assert Payment.objects.count() == 1
    for arguments in (
        ["import_payments", str(tmp_path / "nowhere.csv"), "--partnership", "OTHER"],
        ["import_payments", str(good), "--partnership", " "],
        ["payments", "--partnership", "NOWHERE", "--by", "month"],
        ["payments", "--partnership", "NEW", "--by", "month,month"],
        ["payments", "--partnership", "NEW", "--by", "name"],
    ):
        with pytest.raises(CommandError):
            call_command(*arguments, stdout=io.StringIO())
    assert not Partnership.objects.filter(code="OTHER").exists()


def test_payments_of_another_partnership_are_not_seen(by_alice: Actor, charlie: Membership, mabel: Membership) -> None:
    result = bring(by_alice, iso_file(iso_row()))
    assert payment_sums(Actor.of(charlie), ["month"]) == []
    assert payment_sums(Actor.of(mabel), ["month"]) == []
    assert result.at.date() >= dt.date(2020, 1, 1)
