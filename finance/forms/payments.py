"""Forms of payments: files of published spending, which expense types count, and which months to show."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from commissioning.accounts.actors import Actor
from commissioning.core.editing import EditForm
from commissioning.core.forms import CheckboxesField, FileField, Form, SelectField, WordsField
from commissioning.core.money import format_pence
from commissioning.core.periods import Month
from finance.actions.spending import MOST_FILES
from finance.models import Supplier
from finance.queries.spending import FoundType, chosen_texts, expense_types_of, found_types
from finance.queries.suppliers import NOT_A_PROVIDER, decided, providers_to_match, suppliers_named

LISTED = 40
SUPPLIER = "supplier:"
MEGABYTE = 1024 * 1024
MOST_BYTES = settings.UPLOAD_TOGETHER_BYTES


class _SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class SpendingFilesField(FileField):
    """One or more files, each within the limit; gives a list of them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.widget = _SeveralFiles(attrs={"accept": ".csv,text/csv", "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        given = data if isinstance(data, list) else [data]
        if len(given) > MOST_FILES:
            raise forms.ValidationError(f"Choose at most {MOST_FILES} files at a time", code="too_many")
        too_large = [file for file in given if file and (file.size or 0) > settings.UPLOAD_LIMIT_BYTES]
        if too_large:
            name, size = too_large[0].name, (too_large[0].size or 0) // MEGABYTE
            raise forms.ValidationError(
                f"{name} has {size} MB. Choose files of at most {settings.UPLOAD_LIMIT_BYTES // MEGABYTE} MB each; "
                "nothing was read",
                code="too_large",
            )
        together = sum(file.size or 0 for file in given if file)
        if together > MOST_BYTES:
            raise forms.ValidationError(
                f"These files have {together // MEGABYTE} MB together. Choose at most {MOST_BYTES // MEGABYTE} MB at a "
                "time; nothing was read",
                code="too_large",
            )
        return [super(SpendingFilesField, self).clean(file, initial) for file in given or [None]]


class UploadSpendingForm(Form):
    """Files of published spending, to be read by a worker."""

    submit_text = "Bring the payments in"
    marks_optional: ClassVar[bool] = False
    spending_files = SpendingFilesField(
        label="Files of published spending",
        missing="Choose the files of published spending",
        help_text="CSV files as the council publishes them, one or several months at once, at most 25 MB each",
    )


class MatchesForm(EditForm):
    """Who each supplier of one page is; a field for each, named by its ID."""

    submit_text = "Save the matches"

    def __init__(self, data: Any, *, actor: Actor, supplier_ids: Iterable[str]) -> None:
        chosen = list(supplier_ids)
        self.suppliers = suppliers_named(actor, chosen)
        super().__init__(
            data,
            records=lambda: suppliers_named(actor, chosen),
            saved=lambda: {f"{SUPPLIER}{key}": said for key, said in decided(actor, self.records_read).items()},
        )
        choices = [(NOT_A_PROVIDER, "Not a provider"), *providers_to_match(actor)]
        for each in self.suppliers:
            label = f"Provider of {each.shown_name}"
            field = SelectField(label=label, empty="Not decided", choices=choices, required=False)
            self.fields[f"{SUPPLIER}{each.supplier_id}"] = field

    @property
    def records_read(self) -> list[Supplier]:
        return [each for each in self.records if isinstance(each, Supplier)]

    @property
    def decisions(self) -> dict[str, str]:
        """What was chosen, by supplier ID."""
        return {name.removeprefix(SUPPLIER): value for name, value in self.values.items()}


@dataclass(frozen=True)
class TypeOption:
    """One expense type to tick."""

    id: str
    found: FoundType
    is_ticked: bool
    about: str


class ExpenseTypesForm(EditForm):
    """Which expense types of the files count as support."""

    submit_text = "Save what counts"

    expense_types = CheckboxesField(label="Expense types in your files", required=False)
    others = WordsField(
        label="Others, by how they begin",
        required=False,
        rows=4,
        help_text="One on each line, like Supported Living. A type counts when it begins so, whatever its capitals",
    )

    def __init__(self, data: Any, *, actor: Actor, found: list[FoundType]) -> None:
        super().__init__(data, records=lambda: expense_types_of(actor), saved=lambda: _as_chosen(actor))
        self.offer("expense_types", [(each.expense_type, each.expense_type) for each in found])
        ticked = set(self["expense_types"].value() or ())
        options = [
            TypeOption(f"id_expense_types_{place}", each, each.expense_type in ticked, _about(each))
            for place, each in enumerate(found)
        ]
        # Those that count and the largest are listed; hundreds of small ones would hide them.
        self.listed = [each for place, each in enumerate(options) if each.is_ticked or place < LISTED]
        self.folded = [each for place, each in enumerate(options) if not each.is_ticked and place >= LISTED]

    @property
    def texts(self) -> list[str]:
        """The beginnings that the answers choose."""
        lines = self.cleaned_data["others"].splitlines()
        return [*self.cleaned_data["expense_types"], *(line.strip() for line in lines if line.strip())]


def _as_chosen(actor: Actor) -> dict[str, Any]:
    found, texts = found_types(actor), chosen_texts(actor.partnership)
    ticked = [each.expense_type for each in found if each.is_chosen]
    return {"expense_types": ticked, "others": "\n".join(_beyond(texts, found))}


def _beyond(texts: tuple[str, ...], found: list[FoundType]) -> list[str]:
    """The chosen beginnings that no tick stands for: of types in files that have not come yet."""
    listed = [each.expense_type.casefold() for each in found]
    return [text for text in texts if not any(each.startswith(text.casefold()) for each in listed)]


def _about(found: FoundType) -> str:
    first, last = Month.of(found.first).words, Month.of(found.last).words
    when = first if first == last else f"{first} to {last}"
    rows = f"{found.rows:,} {'row' if found.rows == 1 else 'rows'}"
    return f"{format_pence(found.amount_pence, pennies=False)} in {rows}, {when}"


class PeriodForm(Form):
    """The first and the last month to show, of those with published spending."""

    submit_text = "Show"
    marks_optional: ClassVar[bool] = False
    first = SelectField(label="From", empty="Choose a month")
    last = SelectField(label="To", empty="Choose a month")

    def __init__(self, data: Any, *, months: list[Month], default: tuple[Month, Month]) -> None:
        super().__init__(data or {"first": str(default[0]), "last": str(default[1])})
        for name in ("first", "last"):
            self.offer(name, [(str(month), month.words) for month in months])
        self.months = months
        self.default = default

    @property
    def period(self) -> tuple[Month, Month]:
        """The months asked for, in order of time; the default where they cannot be understood."""
        if not self.is_valid():
            return self.default
        first, last = Month.parse(self.cleaned_data["first"]), Month.parse(self.cleaned_data["last"])
        return min(first, last), max(first, last)
