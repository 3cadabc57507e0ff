"""The pages of “Log a placement”. Answers are kept as typed; these forms read them again at every step."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation
from commissioning.core.forms import (
    ChoicesField,
    DayField,
    Form,
    NumberField,
    PercentField,
    PostcodeField,
    PoundsField,
    RecordField,
    SelectField,
    TextField,
    YesNoField,
)
from commissioning.core.money import LARGEST
from commissioning.core.periods import words
from finance.actions import NewLine, NewShare
from finance.forms.placements import line_from
from finance.models import UNIT_BASES, Basis, CostKind, Route
from finance.queries.funders import funders
from people.models import NOT_HOMES, Person, Placement, Setting
from providers.models import Contract

MOST_ROWS = 30
GOES_ON = "goes_on"

Answers = Mapping[str, Sequence[str]]


def as_post(answers: Answers | None) -> QueryDict | None:
    """Kept answers as a form reads them."""
    if answers is None:
        return None
    data = QueryDict(mutable=True)
    for name, values in answers.items():
        data.setlist(name, list(values))
    return data


class ContractChoice(RecordField):
    def label_from_instance(self, contract: Any) -> str:
        return f"{contract.reference}: {contract.title}, {contract.provider}"


class SupportForm(Form):
    """Who supports the person, under which contract, and who is the landlord."""

    submit_text = "Continue"

    provider = RecordField(label="Who gives the support?", missing="Choose who gives the support")
    contract = ContractChoice(label="Contract", required=False, empty="No contract yet")
    landlord = RecordField(
        label="Landlord",
        required=False,
        empty="No separate landlord",
        help_text="Housing and support are best kept apart, so that the person keeps their home if support changes.",
    )

    def __init__(self, data: QueryDict | None, *, actor: Actor) -> None:
        super().__init__(data)
        organisations = Organisation.objects.of(actor.partnership)
        fields: dict[str, Any] = self.fields
        fields["provider"].queryset = organisations.filter(kind__in=["support_provider", "nhs_provider", "other"])
        fields["contract"].queryset = Contract.objects.visible_to(actor).select_related("provider")
        fields["landlord"].queryset = organisations.exclude(kind__in=["council", "icb", "nhs_england"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        contract, provider = cleaned.get("contract"), cleaned.get("provider")
        if contract and provider and contract.provider_id != provider.pk:
            self.add_error("contract", f"{contract.reference} is a contract with {contract.provider}, not {provider}")
        return cleaned


class HomeForm(Form):
    """Where the person lives or is supported, from when, and what happens to where they live now."""

    submit_text = "Continue"

    setting = ChoicesField(
        label="What kind of place is it?", choices=Setting.choices, missing="Choose the kind of place"
    )
    start = DayField(label="First day")
    end = DayField(label="Last day, if known", required=False)
    postcode = PostcodeField(required=False)
    out_of_area = YesNoField(label="Is it out of area?", required=False)
    current_home = ChoicesField(label="What happens to where they live now?", required=False)
    end_reason = SelectField(
        label="Why does it end?", required=False, choices=Placement.EndReason.choices, initial="planned_move"
    )
    share_now = YesNoField(
        label="If it starts later, may the provider see the person’s record from today?",
        required=False,
        help_text="To get to know the person and plan the move. Without it they see the record from the first day.",
    )

    def __init__(self, data: QueryDict | None, *, person: Person, homes: Sequence[Placement]) -> None:
        super().__init__(data)
        self.person, self.homes = person, homes
        self.current: Placement | None = homes[-1] if homes else None
        if self.current is None:
            del self.fields["current_home"], self.fields["end_reason"]
            return
        self.fields["current_home"].label = f"What happens to {self.current.provider}?"
        fields: dict[str, Any] = self.fields
        fields["current_home"].choices = [
            (self.ends, "It ends on the day before the first day"),
            (GOES_ON, "It goes on for a while: both are paid"),
        ]
        self.fields["current_home"].help_text = f"A home there since {words(self.current.start)}."

    @property
    def ends(self) -> str:
        """The choice that ends the home they have now. It names the home, so that no later one is ended by it."""
        return f"ends-{self.current.pk}" if self.current else ""

    @property
    def is_home(self) -> bool:
        return self.cleaned_data.get("setting") not in NOT_HOMES

    def replaces(self) -> Placement | None:
        """The home that ends because this one begins."""
        ends = self.current is not None and self.cleaned_data.get("current_home") == self.ends
        return self.current if ends and self.is_home else None

    def goes_on(self) -> bool:
        """Both homes are paid for a while."""
        return self.is_home and self.cleaned_data.get("current_home") == GOES_ON

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            self.add_error("end", "The last day must be the same as or after the first day")
        if self.current and start and self.is_home and self._overlaps(start):
            if not cleaned.get("current_home"):
                self.add_error("current_home", f"Choose what happens to {self.current.provider}")
            if cleaned.get("current_home") == self.ends and not cleaned.get("end_reason"):
                self.add_error("end_reason", f"Choose why {self.current.provider} ends")
            if cleaned.get("current_home") == self.ends and start <= self.current.start:
                self.add_error(
                    "start", f"The first day must be after {words(self.current.start)}, when the last home began"
                )
        return cleaned

    def _overlaps(self, start: dt.date) -> bool:
        return self.current is not None and (self.current.end is None or self.current.end >= start)


class LineRow(Form):
    """One price."""

    marks_optional = False

    kind = SelectField(label="For", choices=CostKind.choices, missing="Choose what the cost is for")
    label = TextField(label="Name, if there are two of a kind", required=False, max_length=100)
    amount = PoundsField(label="Price", minimum=-LARGEST, maximum=LARGEST)
    basis = SelectField(label="Per", choices=Basis.choices, missing="Choose what the price is per")
    units_per_week = NumberField(label="Times a week", required=False, places=2, maximum=Decimal("999.99"))
    start = DayField(label="First day")
    end = DayField(label="Last day, if known", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        start, end, basis = cleaned.get("start"), cleaned.get("end"), cleaned.get("basis")
        if basis == Basis.ONE_OFF:
            cleaned["end"] = end = None
        if start and end and end < start:
            self.add_error("end", "The last day must be the same as or after the first day")
        if basis in UNIT_BASES and "units_per_week" in cleaned and cleaned["units_per_week"] is None:
            self.add_error("units_per_week", f"Enter how many times a week, as the price is {Basis(basis).label}")
        if basis and basis not in UNIT_BASES:
            cleaned["units_per_week"] = None
        if cleaned.get("kind") == CostKind.CLIENT_CONTRIBUTION and (cleaned.get("amount") or 0) > 0:
            self.add_error("amount", "What the person pays is income: enter it with a minus, like −42.35")
        return cleaned

    def new_line(self) -> NewLine:
        return line_from(self.cleaned_data)


class ShareRow(Form):
    """One funder's share; a row that is left wholly empty holds, and is passed over."""

    marks_optional = False

    covers = SelectField(label="Of", empty="All costs", required=False)
    funder = RecordField(label="Funder", missing="Choose the funder")
    route = SelectField(label="Route", choices=Route.choices, missing="Choose the route")
    percent = PercentField(label="Share", places=4)

    def __init__(
        self, data: QueryDict | None, *, actor: Actor, lines: Sequence[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(data, empty_permitted=True, **options)
        fields: dict[str, Any] = self.fields
        fields["covers"].offer(lines)
        fields["funder"].queryset = funders(actor.partnership)

    @property
    def is_empty(self) -> bool:
        """A row that was left empty is not an answer."""
        return not self.has_changed()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("percent") == 0:
            self.add_error("percent", "Share must be above 0%")
        return cleaned

    @property
    def line(self) -> int | None:
        covers = self.cleaned_data.get("covers")
        return int(covers) if covers else None

    def new_share(self, start: dt.date) -> NewShare:
        values = self.cleaned_data
        return NewShare(values["funder"], values["route"], values["percent"], start)
