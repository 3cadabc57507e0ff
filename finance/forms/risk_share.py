"""Forms of risk share: the agreement with its partners, contributions, lines of spending, transfers, statements."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation, PartnershipOrganisation
from commissioning.core.editing import EditForm
from commissioning.core.forms import (
    ChoicesField,
    DayField,
    Form,
    PercentField,
    PoundsField,
    RecordField,
    SelectField,
    TextField,
    WordsField,
)
from commissioning.core.money import LARGEST_POOL
from commissioning.core.periods import FinancialYear, words
from finance.actions import NewAgreement, NewRiskLine, NewTransfer
from finance.models import CostKind, RiskShareAgreement, RiskShareLine
from finance.queries.funders import funders
from finance.queries.records import kept_with_agreement
from people.models import Cohort, Person, Setting

RULE_HINTS = {
    "proportional": "Such as 51% and 49% of whatever is over or under.",
    "each_its_own": "Each pays for what it spends above its own contribution.",
    "by_line": "Each kind of cost, setting, provider or cohort has its own percentages. 100% for one partner fixes the "
    "contribution of the others.",
    "waterfall": "Underspends elsewhere are used first, then the risk reserve; partners add new money for the rest.",
    "threshold": "One partner bears it up to a percentage of the pool; past that it is shared.",
    "transfer": "What a hospital bed cost a week at the move goes into the pool with the person.",
}


class RowsForm(EditForm):
    """A form with rows below it; rows that are left empty are not used."""

    marks_optional = False
    rows: Sequence["RowForm"] = ()

    @property
    def answered(self) -> list["RowForm"]:
        return [row for row in self.rows if not row.is_empty]

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(row.is_valid() for row in self.answered)])

    def only_yours(self) -> list[tuple[str, str]]:
        """The rows too, one on each line."""
        said = "\n".join(row.in_words for row in self.answered)
        return [*super().only_yours(), ("Rows", said or "None")]


class RowForm(Form):
    """One row of several."""

    marks_optional = False
    always: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not any(
            self.data.get(name, "").strip()
            for name in self.data
            if name.startswith(f"{self.prefix}-") and name.removeprefix(f"{self.prefix}-") not in self.always
        )

    @property
    def in_words(self) -> str:
        values = self.cleaned_data.values()
        return ", ".join(words(v) if hasattr(v, "month") else str(v) for v in values if v not in (None, ""))


def rows_of(
    form: type[RowForm],
    data: QueryDict | None,
    initial: Sequence[Mapping[str, Any]],
    spare: int,
    noun: str,
    **more: Any,
) -> list[Any]:
    """A row for each that is there, and some to fill in; no fewer than were sent."""
    sent = {name.split("-")[1] for name in data or () if name.startswith("row-")}
    count = max(len(initial) + spare, len([place for place in sent if place.isdecimal() and int(place) < 1000]))
    padded = [*initial, *({} for _ in range(count - len(initial)))]
    rows = [form(data, prefix=f"row-{place}", initial=dict(each), **more) for place, each in enumerate(padded)]
    for place, row in enumerate(rows):
        row.summary_prefix = f"{noun} {place + 1}"
    return rows


class PartnerRow(RowForm):
    """A partner with its percentage."""

    partner = RecordField(label="Partner", missing="Choose the partner")
    percent = PercentField(label="Bears", places=4, required=False)

    def __init__(self, data: QueryDict | None, *, actor: Actor, **options: Any) -> None:
        super().__init__(data, **options)
        self.offer("partner", funders(actor.partnership))


class AgreementForm(RowsForm):
    """What partners agreed about a pooled fund."""

    submit_text = "Save the agreement"
    marks_optional = True

    reference = TextField(label="Reference", max_length=40, width=10, help_text="Short, such as LD-POOL")
    name = TextField(label="Name of the pool", max_length=200)
    start = DayField(label="First day")
    end = DayField(label="Last day, if there is one", required=False)
    closes = ChoicesField(
        label="How often is a statement closed?",
        choices=RiskShareAgreement.Closes.choices,
        missing="Choose how often a statement is closed",
    )
    rule = ChoicesField(
        label="How is it shared?",
        choices=RiskShareAgreement.Rule.choices,
        hints=RULE_HINTS,
        missing="Choose how it is shared",
    )
    threshold_percent = PercentField(label="Threshold, of the whole pool", places=4, required=False)
    first_bearer = RecordField(label="Who bears it up to the threshold?", required=False, empty="Nobody")
    reserve = PoundsField(label="Risk reserve at the start", maximum=LARGEST_POOL, required=False)
    surplus = ChoicesField(
        label="What becomes of money that is left?",
        choices=RiskShareAgreement.Surplus.choices,
        help_text="For a waterfall and for in-patient money. By the other rules it is shared as an overspend is.",
        missing="Choose what becomes of money that is left",
    )
    contingency = WordsField(
        label="What happens in an emergency?",
        required=False,
        help_text="Who decides, and how support goes on, when the shared risk or the partnership itself is in doubt.",
    )

    def __init__(self, data: QueryDict | None, *, actor: Actor, agreement: RiskShareAgreement | None = None) -> None:
        self.agreement = agreement
        records = (lambda: kept_with_agreement(agreement)) if agreement else ()
        super().__init__(data, records=records, saved=self._as_saved)
        if agreement:
            del self.fields["reference"]
        self.offer("first_bearer", funders(actor.partnership))
        shares = agreement.percents.filter(line=None).select_related("partner") if agreement else ()
        initial = [{"partner": row.partner, "percent": row.percent} for row in shares]
        self.rows = rows_of(PartnerRow, data, initial, max(0, 4 - len(initial)), "Partner", actor=actor)

    def _as_saved(self) -> Mapping[str, Any]:
        names = set(AgreementForm.base_fields) - {"reference", "version"}
        return {name: getattr(self.records[0], name) for name in names} if self.agreement else {}

    def new_agreement(self) -> NewAgreement:
        values = self.values
        return NewAgreement(
            reference=self.agreement.reference if self.agreement else values.pop("reference"),
            partners=[(row.cleaned_data["partner"], row.cleaned_data["percent"]) for row in self.answered],
            **{**values, "reserve": values["reserve"] or Decimal(0)},
        )


class ContributionsForm(EditForm):
    """What each partner puts in for a financial year: a box for each, by line where the agreement has lines."""

    submit_text = "Save the contributions"
    marks_optional = False

    def __init__(self, data: QueryDict | None, *, agreement: RiskShareAgreement, year: FinancialYear) -> None:
        self.agreement, self.year = agreement, year
        self.boxes = list(_boxes(agreement))
        super().__init__(data, records=lambda: kept_with_agreement(agreement), saved=self._as_saved)
        for name, line, partner in self.boxes:
            label = f"{partner.name}, {line.name}" if line else partner.name
            if line is None and agreement.rule == RiskShareAgreement.Rule.BY_LINE:
                label = f"{partner.name}, everything else"
            self.fields[name] = PoundsField(label=label, maximum=LARGEST_POOL, missing=f"Enter £0 or more for {label}")

    def _as_saved(self) -> Mapping[str, Any]:
        rows = self.agreement.contributions.filter(year=self.year.start)
        stored = {(row.line_id, row.partner_id): row.amount for row in rows}
        return {name: stored.get((line.pk if line else None, partner.pk)) for name, line, partner in self.boxes}

    def amounts(self) -> list[tuple[RiskShareLine | None, Organisation, Decimal]]:
        return [(line, partner, self.cleaned_data[name]) for name, line, partner in self.boxes]


def _boxes(agreement: RiskShareAgreement) -> Iterator[tuple[str, RiskShareLine | None, Organisation]]:
    partners = [row.partner for row in agreement.percents.filter(line=None).select_related("partner")]
    lines: list[RiskShareLine | None] = [*agreement.lines.order_by("reference"), None]
    for line in lines if agreement.rule == RiskShareAgreement.Rule.BY_LINE else [None]:
        for partner in partners:
            yield f"amount-{line.pk if line else 0}-{partner.pk}", line, partner


class LineRow(RowForm):
    """A line of spending with the percentage of each partner."""

    name = TextField(label="Name of the line", max_length=100, missing="Enter the name of the line")
    what = SelectField(label="Costs of", missing="Choose which costs are in the line")

    def __init__(
        self, data: QueryDict | None, *, offered: Any, partners: Sequence[Organisation], **options: Any
    ) -> None:
        self.partners = partners
        super().__init__(data, **options)
        self.offer("what", offered)
        for partner in partners:
            missing = f"Enter the percentage of {partner.name}"
            self.fields[f"percent-{partner.pk}"] = PercentField(
                label=f"{partner.name} bears", places=4, missing=missing
            )

    def new_line(self) -> NewRiskLine:
        by, _, value = self.cleaned_data["what"].partition(":")
        percents = [(partner, self.cleaned_data[f"percent-{partner.pk}"]) for partner in self.partners]
        return NewRiskLine(self.cleaned_data["name"], by, value, percents)


class RiskLinesForm(RowsForm):
    """The lines of spending that have their own percentages."""

    submit_text = "Save the lines"

    def __init__(self, data: QueryDict | None, *, actor: Actor, agreement: RiskShareAgreement) -> None:
        super().__init__(data, records=lambda: kept_with_agreement(agreement))
        partners = [row.partner for row in agreement.percents.filter(line=None).select_related("partner")]
        initial = [
            {
                "name": line.name,
                "what": f"{line.by}:{line.value}",
                **{f"percent-{row.partner_id}": row.percent for row in line.percents.all()},
            }
            for line in agreement.lines.order_by("reference").prefetch_related("percents")
        ]
        offered = cost_choices(actor)
        self.rows = rows_of(LineRow, data, initial, 3, "Line", offered=offered, partners=partners)

    def new_lines(self) -> list[NewRiskLine]:
        return [row.new_line() for row in self.answered if isinstance(row, LineRow)]


def cost_choices(actor: Actor) -> list[tuple[str, list[tuple[str, str]]]]:
    """What a line can be of, in groups: kinds of cost, settings, providers, cohorts."""
    links = PartnershipOrganisation.objects.filter(partnership=actor.partnership).select_related("organisation")
    providers = links.exclude(organisation__kind__in=["council", "icb"]).order_by("organisation__name")
    groups: list[tuple[str, str, list[tuple[str, str]]]] = [
        ("kind", "Kind of cost", list(CostKind.choices)),
        ("setting", "Setting", list(Setting.choices)),
        ("provider", "Provider", [(link.code, link.organisation.name) for link in providers]),
        ("cohort", "Cohort", list(Cohort.choices)),
    ]
    return [(label, [(f"{by}:{value}", name) for value, name in choices]) for by, label, choices in groups]


class TransferRow(RowForm):
    """Somebody who moved, and what the bed cost."""

    person = TextField(label="Person’s reference", max_length=40, missing="Enter the person’s reference")
    partner = RecordField(label="Who paid for the bed", missing="Choose who paid for the bed")
    moved_on = DayField(label="Day of the move", help_text="")
    weekly_cost = PoundsField(label="The bed a week", missing="Enter what the bed cost a week")

    def __init__(self, data: QueryDict | None, *, actor: Actor, agreement: RiskShareAgreement, **options: Any) -> None:
        super().__init__(data, **options)
        self.actor = actor
        self.offer("partner", funders(actor.partnership).filter(pk__in=agreement.percents.values("partner")))

    def clean_person(self) -> Person | None:
        return find_person(self, self.actor, self.cleaned_data["person"])

    def new_transfer(self) -> NewTransfer:
        return NewTransfer(**self.cleaned_data)


def find_person(form: Form, actor: Actor, reference: str) -> Person | None:
    """Somebody of the partnership by their reference; the form says where there is nobody."""
    person = Person.objects.visible_to(actor).filter(reference__iexact=reference.strip()).first()
    if person is None:
        form.add_error("person", f"There is nobody with the reference {reference}. Check it on the person’s page")
    return person


class TransfersForm(RowsForm):
    """Everybody whose in-patient money is in the pool."""

    submit_text = "Save the moves"

    def __init__(self, data: QueryDict | None, *, actor: Actor, agreement: RiskShareAgreement) -> None:
        super().__init__(data, records=lambda: kept_with_agreement(agreement))
        rows = agreement.transfers.select_related("person", "partner").order_by("moved_on", "person__reference")
        names = ("partner", "moved_on", "weekly_cost")
        initial = [{"person": row.person.reference, **{name: getattr(row, name) for name in names}} for row in rows]
        self.rows = rows_of(TransferRow, data, initial, 2, "Move", actor=actor, agreement=agreement)

    def new_transfers(self) -> list[NewTransfer]:
        return [row.new_transfer() for row in self.answered if isinstance(row, TransferRow)]


class PrepareForm(Form):
    """What is said when a statement is prepared: other underspends for a waterfall, why a period is opened again."""

    submit_text = "Prepare the statement"
    marks_optional = False

    other_underspend = PoundsField(
        label="Underspends elsewhere that may be used", maximum=LARGEST_POOL, help_text="£0 if there are none"
    )
    reason = WordsField(label="Why is this period opened again?", rows=3, max_length=500, missing="Say why")

    def __init__(self, data: QueryDict | None, *, is_waterfall: bool, is_again: bool) -> None:
        super().__init__(data)
        if not is_waterfall:
            del self.fields["other_underspend"]
        if not is_again:
            del self.fields["reason"]

    @property
    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)
