"""Forms of prices, funding, suspensions, endings and baselines."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation
from commissioning.core.editing import EditForm
from commissioning.core.forms import (
    ChoicesField,
    DayField,
    Form,
    NumberField,
    PercentField,
    PoundsField,
    RecordField,
    SelectField,
    TextField,
    WordsField,
)
from commissioning.core.money import LARGEST
from commissioning.core.periods import day_before
from finance.actions import NewLine, NewShare
from finance.models import MOST_PLACES, Baseline, Basis, CostKind, CostLine, FundingShare, Route
from finance.queries.calendars import calendars_offered
from finance.queries.funders import funders
from finance.queries.records import baselines_of, shares_of
from people.models import Person, Placement, Suspension

MOST_UNITS = Decimal("999.99")
CHANGE_REASONS = [choice for choice in CostLine.Reason.choices if choice[0] not in {"new", "correction", "suspension"}]


def line_from(values: Mapping[str, Any]) -> NewLine:
    """The price that a form's answers describe."""
    return NewLine(
        kind=values["kind"],
        basis=values["basis"],
        amount=values["amount"],
        start=values["start"],
        units_per_week=values["units_per_week"],
        end=values["end"],
        label=values["label"],
        capacity=values.get("capacity"),
        calendar=values.get("calendar"),
    )


class LineForm(EditForm):
    """A price: to add one, or to correct one. A contract's price is for so many places; others have no such field."""

    kind = SelectField(label="For", choices=CostKind.choices, missing="Choose what the cost is for")
    label = TextField(label="Name, if there are two of a kind", required=False, max_length=100)
    amount = PoundsField(label="Price", minimum=-LARGEST, maximum=LARGEST)
    basis = SelectField(label="Per", choices=Basis.choices, missing="Choose what the price is per")
    units_per_week = NumberField(
        label="Times a week",
        required=False,
        places=2,
        maximum=MOST_UNITS,
        help_text="Only for prices by the day, session, hour or night.",
    )
    capacity = NumberField(
        label="Places",
        places=0,
        minimum=1,
        maximum=MOST_PLACES,
        help_text="The price is for all of them. Who is placed under the contract takes one each; the rest is void.",
        missing="Enter how many places the price is for",
    )
    calendar = RecordField(
        label="Only on days of a calendar",
        required=False,
        empty="Every day",
        help_text=(
            "Bank holidays or school terms, for prices by the day, session, hour or night. As times a week, enter what "
            "a week of nothing but such days would have: 7 for so much a bank holiday."
        ),
    )
    start = DayField(label="First day")
    end = DayField(label="Last day, if known", required=False)

    def __init__(self, data: QueryDict | None, *, actor: Actor, is_block: bool = False, **options: Any) -> None:
        super().__init__(data, **options)
        self.offer("calendar", calendars_offered(actor))
        if not is_block:
            del self.fields["capacity"]

    def new_line(self) -> NewLine:
        return line_from(self.cleaned_data)


class CorrectLineForm(LineForm):
    """Repair a price that was never right."""

    submit_text = "Correct this price"

    why = TextField(label="Why is it corrected?", max_length=300, missing="Say why the price is corrected")

    def __init__(self, data: QueryDict | None, *, actor: Actor, line: CostLine) -> None:
        names = ["kind", "label", "amount", "basis", "units_per_week", "calendar", "start", "end"]
        if line.is_block:
            names.append("capacity")
        super().__init__(
            data,
            actor=actor,
            is_block=line.is_block,
            records=[line],
            saved=lambda: {name: getattr(line, name) for name in names},
        )


class EndLineForm(EditForm):
    """The last day of a price."""

    submit_text = "End the price"

    end = DayField(label="Last day that is paid")

    def __init__(self, data: QueryDict | None, *, line: CostLine) -> None:
        super().__init__(data, records=[line])


class ChangePriceForm(EditForm):
    """A new price from a day."""

    submit_text = "Change the price"

    start = DayField(label="First day of the new price")
    amount = PoundsField(label="New price", minimum=-LARGEST, maximum=LARGEST)
    units_per_week = NumberField(label="Times a week", required=False, places=2, maximum=MOST_UNITS)
    capacity = NumberField(label="Places from that day", places=0, minimum=1, maximum=MOST_PLACES)
    reason = ChoicesField(label="Why does it change?", choices=CHANGE_REASONS, missing="Choose why it changes")

    def __init__(self, data: QueryDict | None, *, line: CostLine) -> None:
        offered = {"amount": line.amount, "units_per_week": line.units_per_week, "capacity": line.capacity}
        super().__init__(data, initial=offered, records=[line])
        self.fields["amount"].label = f"New price, {line.get_basis_display()}"
        if line.units_per_week is None:
            del self.fields["units_per_week"]
        if not line.is_block:
            del self.fields["capacity"]


class EndPlacementForm(EditForm):
    """The last day that is paid, asked plainly, and why."""

    submit_text = "End the placement"
    LAST_PAID, LEAVING = "last_paid", "leaving"

    end = DayField(label="Day it ends")
    day_is = ChoicesField(
        label="What is that day?",
        choices=[(LAST_PAID, "The last day that is paid"), (LEAVING, "The day of leaving, which is not paid")],
        hints={LEAVING: "The last day that is paid is then the day before."},
        missing="Choose whether that day is paid",
    )
    reason = ChoicesField(label="Why does it end?", choices=Placement.EndReason.choices, missing="Choose why it ends")

    @property
    def last_paid(self) -> dt.date:
        day: dt.date = self.cleaned_data["end"]
        return day_before(day) if self.cleaned_data["day_is"] == self.LEAVING else day


class SuspendForm(EditForm):
    """A hospital stay or other absence."""

    submit_text = "Suspend the support"

    reason = ChoicesField(label="Why?", choices=Suspension.Reason.choices, missing="Choose why support stops")
    start = DayField(label="First day away")
    end = DayField(label="Last day away, if known", required=False)
    percent_paid = PercentField(
        label="How much of the price is still paid?",
        places=4,
        help_text="0% if nothing is paid, 100% if everything is.",
    )
    note = TextField(label="Note", required=False, max_length=500)


class ResumeForm(EditForm):
    """Support goes on."""

    submit_text = "Resume the support"

    on = DayField(label="First day back")


class ShareForm(Form):
    """One funder's share from the day on which the shares change."""

    marks_optional = False

    funder = RecordField(label="Funder", missing="Choose the funder")
    route = SelectField(label="Route", choices=Route.choices, missing="Choose the route")
    percent = PercentField(label="Share", places=4)

    def __init__(self, data: QueryDict | None, *, offered: QuerySet[Organisation], **options: Any) -> None:
        super().__init__(data, **options)
        self.offer("funder", offered)

    @property
    def is_empty(self) -> bool:
        """A row that was left empty is not an answer."""
        return not any(self.data.get(self.add_prefix(name), "").strip() for name in self.fields)


class SharesForm(EditForm):
    """Who pays from a day: up to six rows, those left empty are not used."""

    submit_text = "Change who pays"
    ROWS = 6

    start = DayField(label="First day of these shares")

    def __init__(
        self, data: QueryDict | None, *, actor: Actor, of: Placement | CostLine, now: Sequence[FundingShare]
    ) -> None:
        super().__init__(data, records=lambda: shares_of(of))
        offered = funders(actor.partnership, paying_for=of)
        initial = [{"funder": each.funder, "route": each.route, "percent": each.percent} for each in now]
        initial += [{}] * (self.ROWS - len(initial))
        self.rows = [
            ShareForm(data, offered=offered, prefix=f"share-{place}", initial=values)
            for place, values in enumerate(initial)
        ]
        for place, row in enumerate(self.rows):
            row.summary_prefix = f"Funder {place + 1}"

    @property
    def answered(self) -> list[ShareForm]:
        return [row for row in self.rows if not row.is_empty]

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(row.is_valid() for row in self.answered)])

    def only_yours(self) -> list[tuple[str, str]]:
        """The shares too, one on each line."""
        rows = [row.cleaned_data for row in self.answered]
        shares = [f"{row['percent'].normalize():f}% {row['funder']}, {Route(row['route']).label}" for row in rows]
        return [*super().only_yours(), ("Who pays", "\n".join(shares) or "Nobody")]

    def new_shares(self) -> list[NewShare]:
        start: dt.date = self.cleaned_data["start"]
        return [
            NewShare(row.cleaned_data["funder"], row.cleaned_data["route"], row.cleaned_data["percent"], start)
            for row in self.answered
        ]


class BaselineForm(EditForm):
    """What support cost each week before anything changed."""

    submit_text = "Save the baseline"

    weekly_cost = PoundsField(label="Weekly cost before", maximum=LARGEST)
    as_at = DayField(label="Day when that was so")
    source = WordsField(label="Where does the figure come from?", rows=2, max_length=300)
    scope = ChoicesField(
        label="What does it cover?", choices=Baseline.Scope.choices, missing="Choose what the figure covers"
    )

    def __init__(self, data: QueryDict | None, *, person: Person) -> None:
        super().__init__(data, records=lambda: baselines_of(person), saved=self._as_saved)

    def _as_saved(self) -> Mapping[str, Any]:
        """A person without a baseline has none of its values."""
        names = ("weekly_cost", "as_at", "source", "scope")
        return {name: getattr(self.records[0], name) if self.records else None for name in names}
