"""Risk share: the agreements, what partners put in, and statements from working to closed."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from commissioning.accounts.routes import ActorRequest, record_read
from commissioning.core import downloads
from commissioning.core.editing import answer
from commissioning.core.errors import Refused
from commissioning.core.forms import Form
from commissioning.core.periods import FinancialYear, NotADate
from finance import actions
from finance.forms.risk_share import AgreementForm, ContributionsForm, PrepareForm, RiskLinesForm, TransfersForm
from finance.models import RiskShareAgreement
from finance.queries import risk_share
from finance.queries.risk_share import files, pages


@dataclass(frozen=True)
class Act:
    """One form about an agreement: its page, what it does with the answers, and what it says when done."""

    heading: str
    form: Form
    do: Callable[[], object]
    done: str
    back: str
    intro: str = ""
    template: str = "finance/rows_form.html"


def risk_shares(request: ActorRequest) -> HttpResponse:
    found = pages.summaries_of(request.actor, timezone.localdate())
    return render(request, "finance/risk_shares.html", {"agreements": found})


def risk_share_page(request: ActorRequest, reference: str) -> HttpResponse:
    agreement = risk_share.agreement_for(request.actor, reference)
    page = pages.page_of(request.actor, agreement, timezone.localdate())
    record_read(request, *(row.person_id for row in page.transfers))
    return render(request, "finance/risk_share.html", {"agreement": agreement, "page": page})


def risk_share_add(request: ActorRequest) -> HttpResponse:
    form = AgreementForm(request.POST or None, actor=request.actor)
    return _page(
        request,
        Act(
            "Add a risk-share agreement",
            form,
            lambda: actions.create_agreement(new=form.new_agreement(), by=request.actor),
            "Agreement added. Enter what each partner puts in.",
            reverse("risk_shares"),
            template="finance/risk_share_form.html",
        ),
    )


def risk_share_change(request: ActorRequest, reference: str) -> HttpResponse:
    agreement = risk_share.agreement_for(request.actor, reference)
    form = AgreementForm(request.POST or None, actor=request.actor, agreement=agreement)

    def do() -> None:
        actions.change_agreement(agreement=agreement, new=form.new_agreement(), version=form.stood_at, by=request.actor)

    intro = "Statements that were prepared or closed keep the figures they were made from."
    template = "finance/risk_share_form.html"
    return _page(request, Act("Change the agreement", form, do, "Agreement changed.", _at(agreement), intro, template))


def risk_share_contributions(request: ActorRequest, reference: str, year: str) -> HttpResponse:
    agreement = risk_share.agreement_for(request.actor, reference)
    of_year = _year(agreement, year)
    form = ContributionsForm(request.POST or None, agreement=agreement, year=of_year)

    def do() -> None:
        actions.set_contributions(
            agreement=agreement, year=of_year, amounts=form.amounts(), version=form.stood_at, by=request.actor
        )

    intro = "Paid in equal monthly parts over the months in which the agreement is in force."
    heading = f"What partners put in, {of_year.label}"
    return _page(request, Act(heading, form, do, "Contributions saved.", _at(agreement), intro, "finance/form.html"))


def risk_share_lines(request: ActorRequest, reference: str) -> HttpResponse:
    agreement = risk_share.agreement_for(request.actor, reference)
    form = RiskLinesForm(request.POST or None, actor=request.actor, agreement=agreement)

    def do() -> None:
        actions.set_lines(agreement=agreement, lines=form.new_lines(), version=form.stood_at, by=request.actor)

    intro = "A cost that fits several lines is in the first of them. What is in no line is shared as the pool is."
    return _page(request, Act("Lines of spending", form, do, "Lines saved.", _at(agreement), intro))


def risk_share_transfers(request: ActorRequest, reference: str) -> HttpResponse:
    agreement = risk_share.agreement_for(request.actor, reference)
    form = TransfersForm(request.POST or None, actor=request.actor, agreement=agreement)
    record_read(request, *agreement.transfers.values_list("person_id", flat=True))

    def do() -> None:
        transfers = form.new_transfers()
        actions.set_transfers(agreement=agreement, transfers=transfers, version=form.stood_at, by=request.actor)

    intro = "What each person’s bed cost a week at the move goes into the pool from that day."
    return _page(request, Act("Moves out of hospital", form, do, "Moves saved.", _at(agreement), intro))


# ---------------------------------------------------------------- statements


def risk_statement(request: ActorRequest, reference: str, period: str) -> HttpResponse:
    shown = _shown(request, reference, period)
    context = {
        "shown": shown,
        "agreement": shown.agreement,
        "acts": pages.acts_on(request.actor, shown, timezone.localdate()),
    }
    return render(request, "finance/risk_statement.html", context)


def risk_statement_print(request: ActorRequest, reference: str, period: str) -> HttpResponse:
    shown = _shown(request, reference, period)
    context = {"shown": shown, "agreement": shown.agreement, "today": timezone.localdate()}
    return render(request, "finance/risk_statement_print.html", context)


def risk_statement_csv(request: ActorRequest, reference: str, period: str) -> HttpResponse:
    shown = _shown(request, reference, period)
    return downloads.download(files.as_csv(shown), name=f"{files.name_of(shown)}.csv", content_type=downloads.CSV)


def risk_statement_xlsx(request: ActorRequest, reference: str, period: str) -> HttpResponse:
    shown = _shown(request, reference, period)
    contents = files.as_workbook(shown)
    return downloads.download(contents, name=f"{files.name_of(shown)}.xlsx", content_type=downloads.WORKBOOK)


def risk_statement_prepare(request: ActorRequest, reference: str, period: str) -> HttpResponse:
    shown = _shown(request, reference, period)
    agreement = shown.agreement
    form = PrepareForm(
        request.POST or None,
        is_waterfall=agreement.rule == RiskShareAgreement.Rule.WATERFALL,
        is_again=shown.is_closed,
    )

    def do() -> None:
        actions.prepare_statement(agreement=agreement, period=shown.period, by=request.actor, **form.values)

    intro = (
        "Its figures are frozen as the records stand now. A commissioner and a finance officer then each approve it, "
        "and it is closed."
    )
    done = "Statement prepared. It now needs two approvals."
    back = reverse("risk_statement", args=[agreement.reference, shown.period.key])
    heading = f"Prepare the statement of {shown.period.label[:1].lower()}{shown.period.label[1:]}"
    return _page(request, Act(heading, form, do, done, back, intro, "finance/form.html"))


def risk_statement_approve(request: ActorRequest, reference: str, period: str) -> HttpResponse:
    return _act(request, reference, period, actions.approve_statement, "You have approved this statement.")


def risk_statement_close(request: ActorRequest, reference: str, period: str) -> HttpResponse:
    return _act(
        request, reference, period, actions.close_statement, "Closed. Nothing in this statement changes any more."
    )


def risk_statement_withdraw(request: ActorRequest, reference: str, period: str) -> HttpResponse:
    return _act(request, reference, period, actions.withdraw_statement, "Taken back. Nothing of it was kept as closed.")


def _act(request: ActorRequest, reference: str, period: str, act: Callable[..., object], done: str) -> HttpResponse:
    """One act on the revision that its page showed."""
    shown = _shown(request, reference, period)
    if shown.kept is None:
        messages.error(request, "This statement was taken back. Nothing was done")
    else:
        try:
            act(statement=shown.kept, by=request.actor)
            messages.success(request, done)
        except Refused as refused:
            messages.error(request, refused.message)
    return redirect("risk_statement", shown.agreement.reference, shown.period.key)


def _shown(request: ActorRequest, reference: str, key: str) -> risk_share.Shown:
    """The statement of an address; `revision` in it, or in a form, names an older one."""
    agreement = risk_share.agreement_for(request.actor, reference)
    period = risk_share.period_for(agreement, key, timezone.localdate())
    given = request.POST.get("revision") or request.GET.get("revision") or ""
    if given and not (given.isdecimal() and len(given) < 5):
        raise Http404
    shown = risk_share.shown(request.actor, agreement, period, int(given) if given else None)
    record_read(request, *pages.people_in(shown))
    return shown


def _year(agreement: RiskShareAgreement, text: str) -> FinancialYear:
    try:
        year = FinancialYear.parse(text)
    except NotADate as error:
        raise Http404 from error
    if year not in risk_share.years_of(agreement, timezone.localdate()):
        raise Http404
    return year


def _at(agreement: RiskShareAgreement) -> str:
    return reverse("risk_share", args=[agreement.reference])


def _page(request: ActorRequest, act: Act) -> HttpResponse:
    """Show the act's form, or do it and go back."""
    if request.method == "POST" and act.form.is_valid() and act.form.attempt(act.do):
        messages.success(request, act.done)
        return redirect(act.back)
    context = {
        "heading": act.heading,
        "intro": act.intro,
        "eyebrow": "Risk share",
        "back_url": act.back,
        "cancel_url": act.back,
    }
    return answer(request, act.form, act.template, context)
