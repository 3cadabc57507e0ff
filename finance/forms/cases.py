"""Forms of invest-to-save cases."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from commissioning.accounts.actors import Actor
from commissioning.core.editing import EditForm
from commissioning.core.forms import (
    ChoicesField,
    DayField,
    NumberField,
    PercentField,
    PoundsField,
    RecordField,
    TextField,
    WordsField,
)
from commissioning.core.money import LARGEST, LARGEST_POOL
from finance.actions.cases import NewBeds, NewCase, NewCasePerson, NewFunding, NewSaving
from finance.forms.risk_share import RowForm, RowsForm, find_person, rows_of
from finance.models import InvestmentCase
from finance.queries.funders import funders
from finance.queries.records import kept_with_case
from people.models import Person


class CaseForm(EditForm):
    """The case itself."""

    submit_text = "Save the case"

    reference = TextField(label="Reference", max_length=40, width=10, help_text="Short, such as OUTREACH")
    title = TextField(label="What is it called?", max_length=200)
    owner = TextField(label="Who is responsible?", max_length=200)
    description = WordsField(label="What does the money pay for?", required=False)
    start = DayField(label="First day")
    savings_end = DayField(label="Last day to which savings are counted")
    basis = ChoicesField(
        label="Savings are",
        choices=InvestmentCase.Basis.choices,
        hints={
            "measured": "Only months in which outcomes held count. A baseline that is not like the cost is left out.",
            "stated": "A plan that partners agreed; nothing is measured.",
        },
        missing="Choose whether savings are measured or stated",
    )
    discount = ChoicesField(
        label="Discount rate",
        choices=InvestmentCase.Discount.choices,
        missing="Choose the discount rate",
    )
    discount_percent = PercentField(label="Your own rate a year", required=False, maximum=20)

    def __init__(self, data: QueryDict | None, *, case: InvestmentCase | None = None) -> None:
        self.case = case
        records = (lambda: kept_with_case(case)) if case else ()
        super().__init__(data, records=records, saved=self._as_saved)
        if case:
            del self.fields["reference"]

    def _as_saved(self) -> Mapping[str, Any]:
        names = set(CaseForm.base_fields) - {"reference", "version"}
        return {name: getattr(self.records[0], name) for name in names} if self.case else {}

    def new_case(self) -> NewCase:
        values = self.values
        reference = self.case.reference if self.case else values.pop("reference")
        return NewCase(reference=reference, **values)


class FundingRow(RowForm):
    """Money from one partner."""

    source = RecordField(label="From", missing="Choose who puts the money in")
    amount = PoundsField(label="Amount", maximum=LARGEST_POOL, missing="Enter the amount")
    start = DayField(label="First day", help_text="")
    end = DayField(label="Last day, where it is spread evenly", required=False, help_text="")

    def __init__(self, data: QueryDict | None, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, **options)
        self.offer("source", funders(actor.partnership))


class CaseFundingForm(RowsForm):
    """All the money put in."""

    submit_text = "Save the money put in"

    def __init__(self, data: QueryDict | None, *, actor: Actor, case: InvestmentCase) -> None:
        super().__init__(data, records=lambda: kept_with_case(case))
        rows = case.funding.select_related("source").order_by("start", "source__name")
        names = ("source", "amount", "start")
        initial = [
            {**{name: getattr(row, name) for name in names}, "end": row.end if row.end > row.start else None}
            for row in rows
        ]
        self.rows = rows_of(FundingRow, data, initial, 2, "Money", actor=actor)

    def new_funding(self) -> list[NewFunding]:
        return [NewFunding(**row.cleaned_data) for row in self.answered]


class SavingRow(RowForm):
    """One part of the schedule."""

    start = DayField(label="First day", help_text="")
    end = DayField(label="Last day", help_text="")
    amount = PoundsField(label="Saved in that time", minimum=-LARGEST_POOL, maximum=LARGEST_POOL)
    note = TextField(label="How it is known", required=False, max_length=200)


class CaseSavingsForm(RowsForm):
    """The stated schedule."""

    submit_text = "Save the schedule"

    def __init__(self, data: QueryDict | None, *, actor: Actor, case: InvestmentCase) -> None:
        super().__init__(data, records=lambda: kept_with_case(case))
        names = ("start", "end", "amount", "note")
        initial = [{name: getattr(row, name) for name in names} for row in case.savings.order_by("start", "end")]
        self.rows = rows_of(SavingRow, data, initial, 2, "Saving")

    def new_savings(self) -> list[NewSaving]:
        return [NewSaving(**row.cleaned_data) for row in self.answered]


class CasePersonRow(RowForm):
    """Somebody the money is for."""

    person = TextField(label="Person’s reference", max_length=40, missing="Enter the person’s reference")
    counts_from = DayField(label="First day that savings count", help_text="Such as the day of the move")

    def __init__(self, data: QueryDict | None, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, **options)
        self.actor = actor

    def clean_person(self) -> Person | None:
        return find_person(self, self.actor, self.cleaned_data["person"])


class CasePeopleForm(RowsForm):
    """Everybody the money is for."""

    submit_text = "Save the people"

    def __init__(self, data: QueryDict | None, *, actor: Actor, case: InvestmentCase) -> None:
        super().__init__(data, records=lambda: kept_with_case(case))
        rows = case.people.select_related("person").order_by("person__reference")
        initial = [{"person": row.person.reference, "counts_from": row.counts_from} for row in rows]
        self.rows = rows_of(CasePersonRow, data, initial, 3, "Person", actor=actor)

    def new_people(self) -> list[NewCasePerson]:
        return [NewCasePerson(**row.cleaned_data) for row in self.answered]


class BedsRow(RowForm):
    """Beds of one ward."""

    ward = TextField(label="Ward or hospital", max_length=200, missing="Enter the ward or hospital")
    beds = NumberField(label="Beds", minimum=1, maximum=1000)
    weekly_cost = PoundsField(label="Cost of them all a week", minimum=Decimal("0.01"), maximum=LARGEST)
    start = DayField(label="First day without need of them", help_text="")
    closed_on = DayField(label="Day they closed, if they did", required=False, help_text="")


class CaseBedsForm(RowsForm):
    """Hospital beds that are not needed any more."""

    submit_text = "Save the beds"

    def __init__(self, data: QueryDict | None, *, actor: Actor, case: InvestmentCase) -> None:
        super().__init__(data, records=lambda: kept_with_case(case))
        names = ("ward", "beds", "weekly_cost", "start", "closed_on")
        initial = [{name: getattr(row, name) for name in names} for row in case.beds.order_by("start", "ward")]
        self.rows = rows_of(BedsRow, data, initial, 2, "Beds")

    def new_beds(self) -> list[NewBeds]:
        return [NewBeds(**row.cleaned_data) for row in self.answered]
