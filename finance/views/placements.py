"""Change, correct and add prices; change who pays; suspend, resume and end."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.actors import Actor
from commissioning.accounts.routes import ActorRequest, record_read
from commissioning.core.editing import answer
from commissioning.core.forms import Form
from commissioning.core.periods import words
from finance import actions
from finance.forms import (
    BaselineForm,
    ChangePriceForm,
    CorrectLineForm,
    EndLineForm,
    EndPlacementForm,
    LineForm,
    ResumeForm,
    SharesForm,
    SuspendForm,
)
from finance.models import CostLine
from finance.queries.effect import Effect
from finance.queries.records import kept_with, line_for, open_suspension, placement_for, shares_now
from people.models import Person, Placement
from people.queries import person_for
from providers.models import Contract
from providers.queries import contract_for
from providers.supported import places_by_contract

SHARES = "finance/shares.html"

EFFECT = "effect"


@dataclass(frozen=True)
class Act:
    """One act on somebody's money, or a contract's: its page, what it does with the answers, what it says when done."""

    of: Person | Contract
    heading: str
    form: Form
    do: Callable[[dict[str, Any]], object]
    done: str
    intro: str = ""
    template: str = "finance/form.html"
    # Whose past months it may change: its effect on them is shown before it is saved.
    restates: Placement | Contract | None = None


def line_add(request: ActorRequest, reference: str) -> HttpResponse:
    placement = placement_for(request.actor, reference)
    form = LineForm(request.POST or None, actor=request.actor)
    return _page(
        request,
        Act(
            placement.person,
            "Add a price",
            form,
            lambda _: actions.add_line(placement=placement, new=form.new_line(), by=request.actor),
            "Price added.",
            _about(placement),
            restates=placement,
        ),
    )


def block_line_add(request: ActorRequest, reference: str) -> HttpResponse:
    contract = contract_for(request.actor, reference)
    form = LineForm(request.POST or None, actor=request.actor, is_block=True, initial={"start": contract.start})
    intro = (
        "A price for a number of places. Whoever is placed under this contract takes one, from their first to their "
        "last day; what nobody fills is void, and is still paid."
    )
    return _page(
        request,
        Act(
            contract,
            "Add a price for places",
            form,
            lambda _: actions.add_block_line(contract=contract, new=form.new_line(), by=request.actor),
            "Price added.",
            intro,
        ),
    )


def line_change(request: ActorRequest, reference: str) -> HttpResponse:
    line = line_for(request.actor, reference)
    form = ChangePriceForm(request.POST or None, line=line)

    def do(values: dict[str, Any]) -> None:
        units = values.get("units_per_week")
        actions.change_price(
            line=line,
            amount=values["amount"],
            units_per_week=units,
            start=values["start"],
            reason=values["reason"],
            capacity=values.get("capacity"),
            version=form.stood_at,
            by=request.actor,
        )

    now = f"{line.get_kind_display()}: {line.price_words} since {words(line.start)}."
    intro = f"{now} It ends the day before the new price."
    act = Act(_whose(line), "Change a price", form, do, "The price changes.", intro, restates=line.placement)
    return _page(request, act)


def line_correct(request: ActorRequest, reference: str) -> HttpResponse:
    line = line_for(request.actor, reference)
    form = CorrectLineForm(request.POST or None, actor=request.actor, line=line)

    def do(values: dict[str, Any]) -> None:
        version = form.stood_at
        actions.correct_line(line=line, corrected=form.new_line(), version=version, why=values["why"], by=request.actor)

    intro = "A correction repairs a price that was never right. If the price changed, change it from a date."
    act = Act(_whose(line), "Correct a price", form, do, "Price corrected.", intro, restates=line.placement)
    return _page(request, act)


def line_end(request: ActorRequest, reference: str) -> HttpResponse:
    line = line_for(request.actor, reference)
    form = EndLineForm(request.POST or None, line=line)

    def do(values: dict[str, Any]) -> None:
        actions.end_line(line=line, end=values["end"], version=form.stood_at, by=request.actor)

    intro = f"{line.get_kind_display()}: {line.price_words} since {words(line.start)}. Nothing is paid after this day."
    return _page(request, Act(_whose(line), "End a price", form, do, "The price has its last day.", intro))


def line_shares(request: ActorRequest, reference: str) -> HttpResponse:
    """Who pays one price, whoever pays the rest; of a contract's price, every part and the void."""
    line = line_for(request.actor, reference)
    form = SharesForm(request.POST or None, actor=request.actor, of=line, now=shares_now(line))

    def do(values: dict[str, Any]) -> None:
        actions.replace_shares(
            placement=line.placement,
            line=line,
            shares=form.new_shares(),
            start=values["start"],
            version=form.stood_at,
            by=request.actor,
        )

    everything = " These shares pay for every place, filled or void." if line.is_block else ""
    intro = f"{line.get_kind_display()}: {line.price_words} since {words(line.start)}.{everything}"
    act = Act(_whose(line), "Change who pays this price", form, do, "Who pays has changed.", intro, SHARES)
    return _page(request, act)


def shares_change(request: ActorRequest, reference: str) -> HttpResponse:
    placement = placement_for(request.actor, reference)
    form = SharesForm(request.POST or None, actor=request.actor, of=placement, now=shares_now(placement))

    def do(values: dict[str, Any]) -> None:
        actions.replace_shares(
            placement=placement,
            shares=form.new_shares(),
            start=values["start"],
            version=form.stood_at,
            by=request.actor,
        )

    return _page(
        request,
        Act(
            placement.person,
            "Change who pays",
            form,
            do,
            "Who pays has changed.",
            _about(placement),
            SHARES,
        ),
    )


def placement_suspend(request: ActorRequest, reference: str) -> HttpResponse:
    placement = placement_for(request.actor, reference)
    intro = (
        f"{_about(placement)} The home stays open. Each price becomes a retainer of the percentage that is still paid; "
        "what the person pays and one-off costs go on as they are."
    )
    form = SuspendForm(request.POST or None, records=lambda: kept_with(placement_for(request.actor, reference)))
    return _page(
        request,
        Act(
            placement.person,
            "Suspend the support",
            form,
            lambda _: actions.suspend_placement(
                placement=placement, version=form.stood_at, by=request.actor, **form.values
            ),
            "Support suspended. The home stays open.",
            intro,
        ),
    )


def placement_resume(request: ActorRequest, reference: str) -> HttpResponse:
    placement = placement_for(request.actor, reference)

    def do(values: dict[str, Any]) -> None:
        suspension = open_suspension(placement)
        actions.resume_placement(suspension=suspension, on=values["on"], version=form.stood_at, by=request.actor)

    form = ResumeForm(request.POST or None, records=lambda: kept_with(placement_for(request.actor, reference)))
    return _page(
        request,
        Act(placement.person, "Resume the support", form, do, "Support goes on at its full price.", _about(placement)),
    )


def placement_end(request: ActorRequest, reference: str) -> HttpResponse:
    placement = placement_for(request.actor, reference)
    form = EndPlacementForm(request.POST or None, records=lambda: kept_with(placement_for(request.actor, reference)))
    return _page(
        request,
        Act(
            placement.person,
            "End this placement",
            form,
            lambda values: actions.end_placement(
                placement=placement,
                end=form.last_paid,
                reason=values["reason"],
                version=form.stood_at,
                by=request.actor,
            ),
            "The placement has its last day.",
            f"{_about(placement)} Its prices and shares end on the last day that is paid.{_after_a_death(placement)}",
        ),
    )


def baseline_set(request: ActorRequest, reference: str) -> HttpResponse:
    person = person_for(request.actor, reference)
    form = BaselineForm(request.POST or None, person=person)
    return _page(
        request,
        Act(
            person,
            "Baseline",
            form,
            lambda _: actions.set_baseline(person=person, version=form.stood_at, by=request.actor, **form.values),
            "Baseline saved.",
            "What support cost each week before anything changed. Every change is measured against it.",
        ),
    )


def _page(request: ActorRequest, act: Act) -> HttpResponse:
    """Show the act's form, or do it and go back to the person's placements, or to the contract's places.

    An effect on past months is shown first.
    """
    if isinstance(act.of, Person):
        record_read(request, act.of.pk)
        eyebrow, back = act.of.label_for(request.actor), reverse("placements", args=[act.of.reference])
        unchanged = back
    else:
        eyebrow, back = str(act.of), reverse("contract_places", args=[act.of.reference])
        unchanged = _without_change(request.actor, act.of)
    context = {
        "heading": act.heading,
        "intro": act.intro,
        "eyebrow": eyebrow,
        "back_url": unchanged,
        "cancel_url": unchanged,
    }
    if request.method == "POST" and "again" not in request.POST and act.form.is_valid():
        effects: list[Effect | None] = []
        if act.form.attempt(lambda: effects.append(_done(request, act))):
            if effects[0] is not None:
                return _show(request, act, effects[0], context)
            messages.success(request, act.done)
            return redirect(back)
    return answer(request, act.form, act.template, context)


def _without_change(actor: Actor, contract: Contract) -> str:
    """Where a form about a contract's prices is left: its places, or the contract while it has none to show."""
    has_places = contract.pk in places_by_contract(actor, timezone.localdate())
    return reverse("contract_places" if has_places else "contract", args=[contract.reference])


def _done(request: ActorRequest, act: Act) -> Effect | None:
    """The act, done; or what it would change of past months, where that is not what was shown."""
    if act.restates is None:
        act.do(act.form.cleaned_data)
        return None
    return actions.save_as_shown(
        of=act.restates,
        act=lambda: act.do(act.form.cleaned_data),
        shown=request.POST.get(EFFECT, ""),
        by=request.actor,
    )


def _show(request: ActorRequest, act: Act, effect: Effect, context: dict[str, Any]) -> HttpResponse:
    """The effect, with everything that was entered, to be sent again."""
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in {EFFECT, "csrfmiddlewaretoken"}
        for value in values
    ]
    shown = {"effect": effect, "sent": sent, "moved": EFFECT in request.POST, "submit_text": act.form.submit_text}
    return render(request, "finance/effect.html", {**context, **shown})


def _after_a_death(placement: Placement) -> str:
    """What its contract pays after a death, if anything."""
    days = placement.contract.days_paid_after_death if placement.contract else None
    if not days:
        return ""
    return f" After a death they run on for the {days} {'day' if days == 1 else 'days'} that the contract pays."


def _whose(line: CostLine) -> Person | Contract:
    """Whose page a price stands on."""
    return line.contract or line.its_placement.person


def _about(placement: Placement) -> str:
    return f"{placement.get_setting_display()} with {placement.provider}, since {words(placement.start)}."
