"""What published spending was brought in: imports with their results, and the expense types to choose from."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max, Min, Prefetch, Q, Sum
from django.http import Http404

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Partnership
from commissioning.core.models import JobState
from commissioning.core.money import to_pence
from finance.models import ExpenseType, SpendingFile, SpendingImport, SpendingType, Supplier
from finance.payments.expense_types import SUPPORT_FOR_ADULTS, taker

RECENT = 10


@dataclass(frozen=True)
class FileResult:
    """What reading one file brought. `faults` are (row as a spreadsheet numbers it, why); `refusal` is of the whole."""

    name: str
    state: str
    refusal: str
    rows_read: int
    rows_taken: int
    rows_known: int
    faults: tuple[tuple[int, str], ...]
    unused_columns: tuple[str, ...]

    @property
    def rows_new(self) -> int:
        return self.rows_taken - self.rows_known

    @property
    def is_waiting(self) -> bool:
        return self.state == SpendingFile.State.WAITING

    @property
    def is_refused(self) -> bool:
        return self.state == SpendingFile.State.REFUSED


@dataclass(frozen=True)
class SupplierCounts:
    """A partnership's suppliers: matched to a provider, known not to be one, not decided, and private persons."""

    matched: int
    not_matched: int
    not_providers: int
    individuals: int


@dataclass(frozen=True)
class ImportResult:
    """One import: its files, and the partnership's suppliers as they now stand."""

    pk: int
    at: dt.datetime
    by_name: str
    files: tuple[FileResult, ...]
    suppliers: SupplierCounts

    @property
    def rows_read(self) -> int:
        return sum(file.rows_read for file in self.files)

    @property
    def rows_taken(self) -> int:
        return sum(file.rows_taken for file in self.files)

    @property
    def rows_known(self) -> int:
        return sum(file.rows_known for file in self.files)

    @property
    def rows_new(self) -> int:
        return self.rows_taken - self.rows_known

    @property
    def rows_refused(self) -> int:
        return sum(len(file.faults) for file in self.files)

    @property
    def refused_files(self) -> tuple[FileResult, ...]:
        return tuple(file for file in self.files if file.is_refused)

    @property
    def files_done(self) -> int:
        return sum(not file.is_waiting for file in self.files)

    @property
    def is_running(self) -> bool:
        return self.files_done < len(self.files)

    @property
    def percent(self) -> int:
        return 100 * self.files_done // len(self.files) if self.files else 100


@dataclass(frozen=True)
class FoundType:
    """An expense type in the files brought in: how many rows and whole pence in all months, and whether it counts."""

    expense_type: str
    rows: int
    amount_pence: int
    first: dt.date
    last: dt.date
    is_chosen: bool


def expense_types_of(actor: Actor) -> list[ExpenseType]:
    """What counts as support in the actor's partnership."""
    return list(ExpenseType.objects.filter(partnership=actor.partnership))


def chosen_texts(partnership: Partnership) -> tuple[str, ...]:
    """The beginnings of expense types that count as support: the partnership's own, else the ones that usually do."""
    chosen = ExpenseType.objects.filter(partnership=partnership).values_list("begins_with", flat=True)
    return tuple(chosen) or SUPPORT_FOR_ADULTS


def has_chosen(actor: Actor) -> bool:
    return ExpenseType.objects.filter(partnership=actor.partnership).exists()


def import_result(actor: Actor, pk: int) -> ImportResult:
    """One import of the actor's partnership. Raises Http404 out of scope."""
    brought = SpendingImport.objects.visible_to(actor).filter(pk=pk).prefetch_related(_without_contents()).first()
    if brought is None:
        raise Http404("No such import")
    return _result(actor, brought)


def latest_imports(actor: Actor) -> list[ImportResult]:
    """The last ten imports, the newest first."""
    brought = SpendingImport.objects.visible_to(actor).prefetch_related(_without_contents())[:RECENT]
    counts = supplier_counts(actor)
    return [_result(actor, each, counts) for each in brought]


def _without_contents() -> "Prefetch[str]":
    """The files of imports, without the files themselves."""
    return Prefetch("files", SpendingFile.objects.defer("packed").select_related("job"))


def _result(actor: Actor, brought: SpendingImport, counts: SupplierCounts | None = None) -> ImportResult:
    files = tuple(_file_result(file) for file in brought.files.all())
    return ImportResult(brought.pk, brought.at, brought.by_name, files, counts or supplier_counts(actor))


def _file_result(file: SpendingFile) -> FileResult:
    state, refusal = file.state, file.refusal
    if state == SpendingFile.State.WAITING and file.job is not None and file.job.state == JobState.FAILED:
        state, refusal = SpendingFile.State.REFUSED, "Reading it failed three times. Try again, or ask for help."
    return FileResult(
        name=file.name,
        state=state,
        refusal=refusal,
        rows_read=file.rows_read,
        rows_taken=file.rows_taken,
        rows_known=file.rows_known,
        faults=tuple((row, why) for row, why in file.faults),
        unused_columns=tuple(file.unused_columns),
    )


def supplier_counts(actor: Actor) -> SupplierCounts:
    kinds = Supplier.Kind
    is_open = Q(provider__isnull=True, not_a_provider=False)
    found = Supplier.objects.visible_to(actor).aggregate(
        matched=Count("pk", filter=Q(provider__isnull=False)),
        not_matched=Count("pk", filter=is_open & ~Q(kind=kinds.INDIVIDUAL)),
        not_providers=Count("pk", filter=Q(not_a_provider=True)),
        individuals=Count("pk", filter=is_open & Q(kind=kinds.INDIVIDUAL)),
    )
    return SupplierCounts(**found)


def found_types(actor: Actor) -> list[FoundType]:
    """Every expense type of the files brought in, those that count first, then the largest."""
    takes = taker(chosen_texts(actor.partnership))
    stored = (
        SpendingType.objects.visible_to(actor)
        .exclude(expense_type="")
        .values("expense_type")
        .annotate(total_rows=Sum("rows"), total=Sum("amount"), first=Min("month"), last=Max("month"))
        .order_by()
    )
    types = [
        FoundType(
            expense_type=each["expense_type"],
            rows=each["total_rows"],
            amount_pence=to_pence(each["total"]),
            first=each["first"],
            last=each["last"],
            is_chosen=takes(each["expense_type"]),
        )
        for each in stored
    ]
    return sorted(types, key=lambda each: (not each.is_chosen, -abs(each.amount_pence), each.expense_type))


def file_to_read(file_id: int) -> SpendingFile:
    """A kept file with whose it is, for the worker."""
    return SpendingFile.objects.select_related("brought_in__partnership").get(pk=file_id)
