"""Bringing published spending in: files are kept, read, and their payments stored once."""

import gzip
import hashlib
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import connection, transaction

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Partnership, Role
from commissioning.accounts.permissions import require_role
from commissioning.audit import history
from commissioning.core import jobs
from commissioning.core.editing import check
from commissioning.core.errors import Refused
from commissioning.core.intake import clean_name
from commissioning.core.money import from_pence
from finance.models import ExpenseType, Payment, SpendingFile, SpendingImport, SpendingType, Supplier
from finance.payments.expense_types import LONGEST_TEXT, taker
from finance.payments.keeping import without_people
from finance.payments.reading import Named, Paid, Reading, read_spending
from finance.payments.rows import spending_rows
from finance.queries.spending import ImportResult, chosen_texts, import_result

File = tuple[str, bytes]
MOST_FILES = 60
MOST_FAULTS = 1000

_KEEP = """
    INSERT INTO finance_payment
        (partnership_id, supplier_id, paid_on, amount, transaction, expense_area, expense_type, fingerprint)
    SELECT %s, found.* FROM unnest(
        %s::bigint[], %s::date[], %s::numeric[], %s::text[], %s::text[], %s::text[], %s::text[]
    ) AS found
    ON CONFLICT (partnership_id, fingerprint) DO NOTHING
"""


# Who looks after a partnership's money.
PAYING_ROLES = (Role.COMMISSIONER, Role.FINANCE_OFFICER)


def require_payments_right(by: Actor) -> None:
    """Raises PermissionDenied for those who do not look after payments."""
    require_role(by, *PAYING_ROLES)


@transaction.atomic
def import_spending(
    *, partnership: Partnership, files: Sequence[File], expense_types: Sequence[str] | None, by: Actor
) -> ImportResult:
    """Read files of published spending at once and store what they paid for the expense types.

    `expense_types` are beginnings of expense types, an empty one taking all; None takes what the partnership has
    chosen. Safe to repeat: a payment that is known is not stored again. A file that is not spending is refused whole
    and the others are taken; a row that cannot be read is listed and the rest of its file is taken. Raises Refused
    where there is no file.
    """
    _check_own(partnership, by)
    brought = _bring(files, expense_types, by)
    for file in brought.files.order_by("pk"):
        read_file(file=file, by=by)
    return import_result(by, brought.pk)


@transaction.atomic
def start_import(*, files: Sequence[File], by: Actor) -> SpendingImport:
    """Keep files of published spending and have a worker read each of them. Raises Refused as `import_spending`."""
    require_payments_right(by)
    brought = _bring(files, None, by)
    _enqueue(brought.files.filter(state=SpendingFile.State.WAITING).defer("packed"))
    return brought


@transaction.atomic
def read_file(*, file: SpendingFile, by: Actor) -> SpendingFile:
    """Read one kept file and store its payments, all that can be read of it, or refuse it whole and say why."""
    require_payments_right(by)
    if file.state != SpendingFile.State.WAITING:
        return file
    # One file of a partnership at a time: two that name the same new supplier would wait for each other.
    partnership = Partnership.objects.select_for_update(no_key=True).get(pk=by.partnership.pk)
    asked = file.brought_in.expense_types
    takes = taker(chosen_texts(partnership) if asked is None else asked)
    try:
        with transaction.atomic(), history.said(by=by.name, reason=f"Published spending: {file.name}"):
            rows = spending_rows(gzip.decompress(bytes(file.packed)))
            _store(file, partnership, read_spending(rows, takes))
            file.packed = _pack(without_people(rows))
    except Refused as refusal:
        file.state, file.refusal, file.packed = SpendingFile.State.REFUSED, refusal.message[:500], b""
    file.save()
    return file


@transaction.atomic
def choose_expense_types(*, texts: Iterable[str], version: str | None = None, by: Actor) -> int:
    """Say which expense types count as support: payments of others go, and kept files are read again for new ones.

    How many files are read again. Raises Stale where another choice was saved since the form was opened at `version`,
    Refused where nothing is chosen or a text is too long.
    """
    require_payments_right(by)
    wanted = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
    if not wanted:
        raise Refused("Choose at least one expense type", field="expense_types")
    if any(len(text) > LONGEST_TEXT for text in wanted):
        raise Refused(f"An expense type has at most {LONGEST_TEXT} characters", field="others")
    Partnership.objects.select_for_update(no_key=True).get(pk=by.partnership.pk)
    chosen = ExpenseType.objects.filter(partnership=by.partnership)
    check(version, *chosen)
    chosen.exclude(begins_with__in=wanted).delete()
    known = set(chosen.values_list("begins_with", flat=True))
    ExpenseType.objects.bulk_create(
        ExpenseType(partnership=by.partnership, begins_with=text) for text in wanted if text not in known
    )
    _forget_other_types(by.partnership, wanted)
    return _read_again(by)


def _check_own(partnership: Partnership, by: Actor) -> None:
    require_payments_right(by)
    if by.partnership != partnership:
        raise Refused("You can bring payments into your own partnership only.")


def _bring(files: Sequence[File], expense_types: Sequence[str] | None, by: Actor) -> SpendingImport:
    """Keep the files, packed; one that is too large is refused and not kept."""
    if not files:
        raise Refused("Choose a file of published spending", field="spending_files")
    if len(files) > MOST_FILES:
        raise Refused(f"Choose at most {MOST_FILES} files at a time", field="spending_files")
    brought = SpendingImport.objects.create(
        partnership=by.partnership,
        by_name=by.name,
        expense_types=None if expense_types is None else list(expense_types),
    )
    SpendingFile.objects.bulk_create(_kept(brought, name, contents) for name, contents in files)
    return brought


def _kept(brought: SpendingImport, name: str, contents: bytes) -> SpendingFile:
    file = SpendingFile(
        brought_in=brought, name=clean_name(name, otherwise="spending.csv"), sha256=hashlib.sha256(contents).hexdigest()
    )
    if len(contents) > settings.UPLOAD_LIMIT_BYTES:
        file.state = SpendingFile.State.REFUSED
        file.refusal = (
            f"This file has {len(contents) // 1_000_000:,} MB; at most {settings.UPLOAD_LIMIT_BYTES // 1_000_000} MB "
            "are read. Split it by month."
        )
        file.packed = b""
    else:
        file.packed = _pack(contents)
    return file


def _pack(contents: bytes) -> bytes:
    return gzip.compress(contents, compresslevel=4, mtime=0)


def _store(file: SpendingFile, partnership: Partnership, reading: Reading) -> None:
    suppliers = _keep_suppliers(partnership, reading.suppliers)
    added = _keep_payments(partnership, reading.taken, suppliers)
    _keep_types(partnership, reading)
    days = [paid.paid_on for paid in reading.taken]
    file.state, file.refusal = SpendingFile.State.READ, ""
    file.rows_read, file.rows_taken = reading.rows_read, len(reading.taken)
    file.rows_known = len(reading.taken) - added
    file.faults = [[fault.row, fault.why] for fault in reading.faults[:MOST_FAULTS]]
    file.unused_columns = list(reading.unused_columns)
    file.first_day, file.last_day = (min(days), max(days)) if days else (None, None)


def _keep_suppliers(partnership: Partnership, published: dict[str, Named]) -> dict[str, int]:
    """The suppliers as they are now known, by their ID; what a person decided about them is left alone."""
    mine = Supplier.objects.filter(partnership=partnership, supplier_id__in=list(published))
    known = {supplier.supplier_id: supplier for supplier in mine}
    new: list[Supplier] = []
    changed: list[Supplier] = []
    for supplier_id, named in sorted(published.items()):
        supplier = known.get(supplier_id) or Supplier(partnership=partnership, supplier_id=supplier_id)
        before = (supplier.kind, list(supplier.names))
        _learn(supplier, named)
        if supplier.pk is None:
            new.append(supplier)
        elif (supplier.kind, supplier.names) != before:
            changed.append(supplier)
    _ready_history()
    Supplier.objects.bulk_create(new, batch_size=2000)
    Supplier.objects.bulk_update(changed, ["kind", "names"], batch_size=500)
    return {supplier.supplier_id: supplier.pk for supplier in [*known.values(), *new]}


def _ready_history() -> None:
    """History’s triggers ask for a setting; where it is missing each rolls a savepoint back, so it is there, empty."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pgtrigger.ignore', coalesce(current_setting('pgtrigger.ignore', true), '{}'), true)"
        )


def _learn(supplier: Supplier, named: Named) -> None:
    """Names add up. Once a private person, always one: the names go."""
    kinds = Supplier.Kind
    if named.is_individual or supplier.kind == kinds.INDIVIDUAL:
        supplier.kind, supplier.names = kinds.INDIVIDUAL, []
        return
    supplier.names = list(dict.fromkeys([*supplier.names, *named.names]))
    if named.is_sole_trader or supplier.kind == kinds.SOLE_TRADER:
        supplier.kind = kinds.SOLE_TRADER
    else:
        supplier.kind = kinds.ORGANISATION if supplier.names else kinds.WITHHELD


def _keep_payments(partnership: Partnership, taken: Sequence[Paid], suppliers: dict[str, int]) -> int:
    """Store what is not known yet; how many were."""
    if not taken:
        return 0
    columns: list[list[object]] = [
        [suppliers[paid.supplier_id] for paid in taken],
        [paid.paid_on for paid in taken],
        [from_pence(paid.pence) for paid in taken],
        [paid.transaction for paid in taken],
        [paid.expense_area for paid in taken],
        [paid.expense_type for paid in taken],
        [paid.fingerprint for paid in taken],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [partnership.pk, *columns])
        return int(cursor.rowcount)


def _keep_types(partnership: Partnership, reading: Reading) -> None:
    """What each month's file held by expense type; of two files of a month, the fuller one counts."""
    stored = SpendingType.objects.filter(partnership=partnership, month__in={month for _, month in reading.types})
    known = {(each.expense_type, each.month): each.rows for each in stored}
    SpendingType.objects.bulk_create(
        (
            SpendingType(
                partnership=partnership, expense_type=expense_type, month=month, rows=rows, amount=from_pence(pence)
            )
            for (expense_type, month), (rows, pence) in sorted(reading.types.items())
            if rows >= known.get((expense_type, month), 0)
        ),
        update_conflicts=True,
        unique_fields=["partnership", "expense_type", "month"],
        update_fields=["rows", "amount"],
        batch_size=2000,
    )


def _forget_other_types(partnership: Partnership, texts: Sequence[str]) -> None:
    """Payments are read from kept files, so those of types no longer chosen can go and come again."""
    takes = taker(texts)
    payments = Payment.objects.filter(partnership=partnership)
    stored = payments.order_by().values_list("expense_type", flat=True).distinct()
    payments.filter(expense_type__in=[each for each in stored if not takes(each)]).delete()


def _read_again(by: Actor) -> int:
    """Have a worker read each kept file again, under what is now chosen; the same contents once."""
    read = SpendingFile.objects.filter(brought_in__partnership=by.partnership, state=SpendingFile.State.READ)
    latest = read.order_by("sha256", "-pk").distinct("sha256").values_list("pk", flat=True)
    files = SpendingFile.objects.filter(pk__in=list(latest)).defer("packed")
    SpendingImport.objects.filter(files__in=files).update(expense_types=None)
    files.update(state=SpendingFile.State.WAITING)
    return _enqueue(files.all())


def _enqueue(files: Iterable[SpendingFile]) -> int:
    """A job for each file; how many."""
    count = 0
    for file in files:
        file.job = jobs.enqueue("finance.read_spending_file", file_id=file.pk)
        file.save(update_fields=["job"])
        count += 1
    return count
