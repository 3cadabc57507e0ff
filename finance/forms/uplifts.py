"""The form of an annual uplift."""

from collections.abc import Iterable

from django.http import QueryDict

from commissioning.accounts.actors import Actor
from commissioning.core.forms import DayField, Form, PercentField, RecordField
from finance.actions import NewUplift
from finance.queries.uplifts import contracts_to_uplift, providers_to_uplift

BY_HAND = {
    "apart": "Its uplift is agreed apart",
    "fixed": "Its price is fixed by the contract",
    "talks": "Still being negotiated",
}


class UpliftForm(Form):
    """From when, whose prices, and by how much: pay and the rest."""

    submit_text = "See what it changes"

    start = DayField(label="First day of the new prices")
    contract = RecordField(label="Only one contract", required=False, empty="Every contract")
    provider = RecordField(label="Only one provider", required=False, empty="Every provider")
    pay_share = PercentField(
        label="Part of each price that is pay", places=4, help_text="0% if the whole price rises by one percentage."
    )
    pay_uplift = PercentField(label="Uplift of pay", places=4, help_text="Such as the rise of the living wage.")
    other_uplift = PercentField(label="Uplift of the rest", places=4)

    def __init__(self, data: QueryDict | None, *, actor: Actor) -> None:
        super().__init__(data)
        self.offer("contract", contracts_to_uplift(actor))
        self.offer("provider", providers_to_uplift(actor))

    def new_uplift(self, left_out: Iterable[tuple[int, str]]) -> NewUplift:
        return NewUplift(**self.cleaned_data, left_out=tuple(left_out))


def left_out_in(data: QueryDict) -> list[tuple[int, str]]:
    """The prices that were ticked to stay as they are, with the reason chosen for them."""
    why = BY_HAND.get(data.get("why", ""), BY_HAND["apart"])
    return [(int(number), why) for number in data.getlist("leave") if number.isdecimal() and len(number) < 19]
