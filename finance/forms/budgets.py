"""Forms of the pooled budget: a year's contributions and assumptions, a change with its reason, what is expected."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation
from commissioning.core.editing import EditForm
from commissioning.core.forms import (
    ChoicesField,
    DayField,
    PercentField,
    PoundsField,
    RecordField,
    SelectField,
    TextField,
    WordsField,
)
from commissioning.core.money import LARGEST, LARGEST_POOL
from commissioning.core.periods import FinancialYear
from finance.actions import Assumptions, NewBudgetChange, NewPlannedChange, YearOfBudgets
from finance.forms.risk_share import find_person
from finance.models import Budget, PlannedChange
from finance.queries.budget_records import assumptions_of, budgets_of, placement_expected, usual_partners, year_records
from finance.queries.funders import funders
from people.models import Person

BAND = Decimal(50)


class BudgetsForm(EditForm):
    """What each partner puts in for a year, and what is assumed of it."""

    submit_text = "Save the budgets"
    marks_optional = False

    other_partner = RecordField(label="Another partner, or another pool of the same", required=False, empty="Nobody")
    other_pool = TextField(
        label="Name of its pool, if the partner has more than one", required=False, max_length=100, width=20
    )
    other_amount = PoundsField(label="What it puts in", maximum=LARGEST_POOL, required=False)
    agreed_by = TextField(
        label="Who agreed it?", required=False, max_length=200, help_text="Kept with the amounts that you change"
    )
    agreed_on = DayField(label="Day it was agreed", required=False)
    built_on = DayField(
        label="Day on whose prices the budget was built",
        required=False,
        help_text="The variance starts from the prices in force then. Without a day: the last day before the year.",
    )
    uplift_from = DayField(label="Day from which prices are expected to rise", required=False)
    uplift_low = PercentField(label="Rise, at the least", required=False, minimum=-BAND, maximum=BAND)
    uplift_expected = PercentField(label="Rise, as expected", required=False, minimum=-BAND, maximum=BAND)
    uplift_high = PercentField(label="Rise, at the most", required=False, minimum=-BAND, maximum=BAND)

    ASSUMED = ("built_on", "uplift_from", "uplift_low", "uplift_expected", "uplift_high")

    def __init__(self, data: QueryDict | None, *, actor: Actor, year: FinancialYear) -> None:
        self.actor, self.year = actor, year
        self.slots = self._slots()
        super().__init__(data, records=lambda: year_records(actor, year), saved=self._as_saved)
        self.offer("other_partner", funders(actor.partnership))
        boxes = {
            name: PoundsField(
                label=f"{partner.name}, {pool}" if pool else partner.name, maximum=LARGEST_POOL, required=False
            )
            for name, partner, pool in self.slots
        }
        self.fields = {**boxes, **self.fields}

    def _slots(self) -> list[tuple[str, Organisation, str]]:
        """Partners with a budget this year or last, councils and NHS boards: a box for each of their pools."""
        found = {(each.partner_id, each.pool): each.partner for each in budgets_of(self.actor, self.year)}
        for partner in usual_partners(self.actor, self.year):
            if not any(pk == partner.pk for pk, _ in found):
                found[partner.pk, ""] = partner
        ordered = sorted(found.items(), key=lambda item: (item[1].name, item[0][1]))
        return [(f"amount-{place}-{pk}", partner, pool) for place, ((pk, pool), partner) in enumerate(ordered)]

    def _as_saved(self) -> Mapping[str, Any]:
        stored = {(each.partner_id, each.pool): each.amount for each in budgets_of(self.actor, self.year)}
        assumed = assumptions_of(self.actor, self.year)
        return {
            **{name: stored.get((partner.pk, pool)) for name, partner, pool in self.slots},
            **{name: getattr(assumed, name) for name in self.ASSUMED},
        }

    @property
    def boxes(self) -> list[Any]:
        """The boxes of the partners."""
        return [self[name] for name, _, _ in self.slots]

    @property
    def other_is_open(self) -> bool:
        """Whether somebody has begun to enter another partner."""
        names = ("other_partner", "other_pool", "other_amount")
        return any(self.data.get(name) for name in names)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        partner, amount = cleaned.get("other_partner"), cleaned.get("other_amount")
        if partner is None and amount is not None:
            self.add_error("other_partner", "Choose the partner, or leave the amount empty")
        if partner is not None and amount is None and "other_amount" not in self.errors:
            self.add_error("other_amount", f"Enter what {partner.name} puts in, £0 or more")
        pool = cleaned.get("other_pool") or ""
        if partner is not None and any((each.pk, name) == (partner.pk, pool) for _, each, name in self.slots):
            self.add_error(
                "other_partner", f"{partner.name} has a box above. Enter the amount there, or name another pool"
            )
        return cleaned

    def entered(self) -> YearOfBudgets:
        values = self.values
        contributions: dict[tuple[Organisation, str], Decimal | None] = {
            (partner, pool): values[name] for name, partner, pool in self.slots
        }
        if values["other_partner"] is not None:
            contributions[values["other_partner"], values["other_pool"]] = values["other_amount"]
        assumptions = Assumptions(**{name: values[name] for name in self.ASSUMED})
        return YearOfBudgets(contributions, values["agreed_by"], values["agreed_on"], assumptions)


class BudgetChangeForm(EditForm):
    """What is added to a budget in its year, taken away, or moved from one to another."""

    submit_text = "Change the budget"

    budget = RecordField(label="Whose budget?", missing="Choose whose budget changes")
    amount = PoundsField(
        label="Amount",
        minimum=-LARGEST_POOL,
        maximum=LARGEST_POOL,
        help_text="With a minus for less, such as −20,000",
        missing="Enter the amount",
    )
    on = DayField(label="Day from which it counts")
    reason = TextField(label="Why does it change?", max_length=300, missing="Say why the budget changes")
    taken_from = RecordField(
        label="Taken from another budget", required=False, empty="No, it is new money",
        help_text="The other budget goes down by the same amount on the same day",
    )  # fmt: skip
    agreed_by = TextField(label="Who agreed it?", required=False, max_length=200)

    def __init__(self, data: QueryDict | None, *, actor: Actor, year: FinancialYear) -> None:
        super().__init__(data, records=lambda: year_records(actor, year))
        budgets = Budget.objects.visible_to(actor).of(year).select_related("partner")
        for name in ("budget", "taken_from"):
            self.offer(name, budgets)

    @property
    def chosen(self) -> Budget:
        found: Budget = self.cleaned_data["budget"]
        return found

    def new_change(self) -> NewBudgetChange:
        values = self.values
        values.pop("budget")
        return NewBudgetChange(**values)


KIND_HINTS = {
    "move": "To another home. The amounts are what the new one costs more than the old; less with a minus.",
    "step_down": "Less support, such as fewer hours. Amounts with a minus.",
    "need_increase": "More support for the same person.",
    "new_person": "Somebody whose support is not recorded yet, such as from children’s services.",
}


class PlannedChangeForm(EditForm):
    """What is expected to change and is no price yet."""

    submit_text = "Save what is expected"

    kind = ChoicesField(
        label="What is expected?", choices=PlannedChange.Kind.choices, hints=KIND_HINTS,
        missing="Choose what is expected",
    )  # fmt: skip
    person = TextField(
        label="Person’s reference", required=False, max_length=40, width=10,
        help_text="Leave empty for somebody who is not recorded here yet",
    )  # fmt: skip
    note = WordsField(label="In a few words", rows=2, max_length=300, missing="Say what is expected")
    on = DayField(label="First day")
    until = DayField(label="Last day, if there is one", required=False)
    weekly_low = PoundsField(label="A week, at the least", minimum=-LARGEST, maximum=LARGEST)
    weekly_expected = PoundsField(label="A week, as expected", minimum=-LARGEST, maximum=LARGEST)
    weekly_high = PoundsField(label="A week, at the most", minimum=-LARGEST, maximum=LARGEST)
    funder = RecordField(
        label="Who will pay?", required=False, empty="As for the person’s placement now",
        help_text="Needed where the person has no placement on that day",
    )  # fmt: skip
    state = SelectField(label="Is it still expected?", choices=PlannedChange.State.choices, missing="Choose one")

    def __init__(self, data: QueryDict | None, *, actor: Actor, change: PlannedChange | None = None) -> None:
        self.actor, self.change = actor, change
        super().__init__(data, records=[change] if change else (), saved=self._as_saved)
        self.offer("funder", funders(actor.partnership))
        if change is None:
            del self.fields["state"]

    def _as_saved(self) -> Mapping[str, Any]:
        if self.change is None:
            return {}
        change: Any = self.records[0]
        names = set(PlannedChangeForm.base_fields) - {"person", "version"}
        return {
            **{name: getattr(change, name) for name in names},
            "person": change.person.reference if change.person else "",
        }

    def clean_person(self) -> str:
        reference: str = self.cleaned_data["person"]
        if reference:
            find_person(self, self.actor, reference)
        return reference

    def new_planned(self) -> NewPlannedChange:
        values = self.values
        values.pop("state", None)
        reference = values.pop("person")
        person: Person | None = find_person(self, self.actor, reference) if reference else None
        placement = placement_expected(self.actor, person, values["on"]) if person else None
        return NewPlannedChange(**values, person=person, placement=placement)

    @property
    def new_state(self) -> str:
        return str(self.cleaned_data["state"])
