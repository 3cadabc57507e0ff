"""Who may see and do what, written from the access table of the design and not from the application's code.

Nothing here imports the application. Where the application and this page differ, one of them is wrong.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from commissioning.tests.matrix.canaries import Canary

COMMISSIONER, FINANCE, CLINICIAN, AUDITOR = "commissioner", "finance_officer", "clinician", "auditor"
MANAGER, STAFF, BOARD, ADMINISTRATOR = "provider_manager", "provider_staff", "board_member", "administrator"
PROVIDERS = (MANAGER, STAFF)
EVERY_ROLE = (COMMISSIONER, FINANCE, CLINICIAN, AUDITOR, MANAGER, STAFF, BOARD, ADMINISTRATOR)

# --- What there is to see -------------------------------------------------------------------------------------------

# Who somebody is and how they live.
IDENTITY = frozenset({"given name", "family name", "preferred name", "NHS number", "date of birth", "home postcode"})
LIFE = frozenset({"communication", "circle member", "circle contact", "goal", "plan agreed"})
PLAN_HISTORY = frozenset({"plan draft", "plan replaced"})
EVENTS = frozenset({"incident", "incident reference", "answer", "question back"})
HOME = frozenset({"placement reference", "placement postcode"})
PRICE = frozenset({"price", "line reference", "suspension note"})
PARTNERS_MONEY = frozenset({"baseline", "baseline source"})
CONTRACT = frozenset({"contract reference", "contract title", "block price"})
# What partners agreed between them about money: no provider, clinician or board member sees it.
POOLS = frozenset({"pool", "contingency", "case title", "budget", "budget change", "planned change", "calendar name"})
SPENDING = frozenset({"supplier", "payment", "spending file", "expense type"})
ORGANISATION = frozenset({"provider name", "provider code"})
PARTNERSHIP = frozenset({"partnership name", "partnership code"})


@dataclass(frozen=True)
class Who:
    """Somebody who looks: in which role, where, and whom they support or advise (keys of people)."""

    key: str
    role: str = ""
    partnership: str = ""
    provider: str = ""
    supports: frozenset[str] = frozenset()
    supported: frozenset[str] = frozenset()
    advises: frozenset[str] = frozenset()
    # The providers of the people they advise, since a clinician reads where somebody lives.
    providers_of_advised: frozenset[str] = frozenset()
    signed_in: bool = True

    @property
    def is_provider(self) -> bool:
        return self.role in PROVIDERS


def may_see(who: Who, it: Canary) -> bool:
    """Whether a canary may come before somebody's eyes."""
    if it.kind == "user" and it.person == who.key:
        return True
    if not who.role or not who.signed_in:
        return False
    if it.kind == "provider name" and who.is_provider:
        return it.provider == who.provider
    return it.partnership in {who.partnership, "both"} and SEES[who.role](who, it)


def _commissioner(who: Who, it: Canary) -> bool:
    return True


def _auditor(who: Who, it: Canary) -> bool:
    """Everything of a partnership, read only; what a colleague brought and has not confirmed is not kept yet."""
    return it.kind not in {"upload"}


def _finance(who: Who, it: Canary) -> bool:
    """Costs and funding; people by reference."""
    shown = (
        {"reference", "user", "board"}
        | HOME
        | PRICE
        | PARTNERS_MONEY
        | CONTRACT
        | SPENDING
        | POOLS
        | ORGANISATION
        | PARTNERSHIP
    )
    return it.kind in shown - {"placement postcode", "suspension note"}


def _clinician(who: Who, it: Canary) -> bool:
    """The people they advise, no prices."""
    if it.kind in PARTNERSHIP | {"user"}:
        return True
    if it.kind in ORGANISATION:
        return it.provider in who.providers_of_advised
    return it.person in who.advises and it.kind in {"reference"} | IDENTITY | LIFE | PLAN_HISTORY | EVENTS | HOME


def _provider(who: Who, it: Canary) -> bool:
    """People with a current placement with their organisation, or a planned one that was shared, and their own past
    entries; never another provider's prices, people or existence in somebody's history."""
    if it.kind in PARTNERSHIP:
        return True
    if it.kind == "user":
        return it.provider in {"", who.provider}
    if it.provider not in {"", who.provider}:
        return False
    if it.kind in CONTRACT | {"provider code"}:
        return True
    if it.kind in EVENTS:
        return it.person in who.supports | who.supported
    if it.kind in {"given name", "family name", "preferred name", "reference"}:
        return it.person in who.supports | who.supported
    return it.person in who.supports and it.kind in IDENTITY | LIFE | HOME | PRICE


def _board(who: Who, it: Canary) -> bool:
    """Published reports of their board."""
    return it.kind in PARTNERSHIP | {"board"}


def _administrator(who: Who, it: Canary) -> bool:
    """Accounts and settings, no personal records."""
    return it.kind in PARTNERSHIP | ORGANISATION | {"user", "board"}


SEES: dict[str, Callable[[Who, Canary], bool]] = {
    COMMISSIONER: _commissioner,
    AUDITOR: _auditor,
    FINANCE: _finance,
    CLINICIAN: _clinician,
    MANAGER: _provider,
    STAFF: _provider,
    BOARD: _board,
    ADMINISTRATOR: _administrator,
}


def may_reach(who: Who, it: Canary) -> bool:
    """Whether an address of a thing is found by somebody whose role may open such addresses: else it is 404."""
    if it.partnership != who.partnership:
        return False
    if it.kind in {"checklist", "incident"} and who.is_provider:
        past = who.supports | who.supported
        return it.provider == who.provider and it.person in past
    if it.kind in {"contract", "link"} and who.is_provider:
        return it.provider == who.provider
    if it.kind == "own draft":
        return it.provider == who.key
    if it.kind == "working pack":
        return who.role == COMMISSIONER
    if it.kind == "unpublished report":
        return who.role != BOARD
    if it.kind == "plan not in force" and who.is_provider:
        return False
    if not it.person:
        return True
    if who.role == CLINICIAN:
        return it.person in who.advises
    return it.person in who.supports if who.is_provider else True


def may_change(who: Who, it: Canary) -> bool:
    """Whether somebody who reaches a thing may change it: a provider only reads what it wrote before a person left."""
    return not who.is_provider or not it.person or it.person in who.supports


# --- What pages never say -------------------------------------------------------------------------------------------

# Words of headings and questions: who somebody is, what it costs, who else is there, what only others do.
_NAMES = r"Likes to be called|NHS number|How to communicate"
_PRICES = r"Weekly cost|A week\b|[Cc]osts in full|What it costs"
_ALL_PRICES = r"Against baseline|Who pays now|Baseline:|No prices yet"
_OTHERS = r"Landlord\b|Clinicians who advise|Who is responsible, by date|Supported by|Shared record|People you advise"
_ACTS = r"Match suppliers|Save the matches|Look over the likely ones|Lift the hold|Change or end|Accept the ticked"
NEVER_SAYS = {
    role: re.compile("|".join(words))
    for role, words in {
        FINANCE: (_NAMES,),
        CLINICIAN: (_PRICES, _ALL_PRICES, _ACTS, "People you support"),
        AUDITOR: (_ACTS,),
        MANAGER: (_ALL_PRICES, _OTHERS, _ACTS),
        STAFF: (_ALL_PRICES, _OTHERS, _ACTS),
        BOARD: (_NAMES, _ALL_PRICES, _OTHERS, _ACTS),
        ADMINISTRATOR: (_PRICES, _ALL_PRICES, _OTHERS, _ACTS),
    }.items()
}
# The gallery of components and the help speak of everything to everybody.
SPEAK_OF_EVERYTHING = frozenset({"components", "help"})


def never_says(who: Who, name: str, text: str) -> str:
    """The first words of a page that somebody is never told; none otherwise."""
    if who.role not in NEVER_SAYS or name not in MAY_OPEN or name in SPEAK_OF_EVERYTHING:
        return ""
    found = NEVER_SAYS[who.role].search(text)
    return found[0] if found else ""


# --- Who may open what ----------------------------------------------------------------------------------------------

ANYBODY, SIGNED_IN, NOT_SIGNED_IN = "anybody", "signed in", "not signed in"


def _opens(who: Iterable[str] | str, names: str) -> dict[str, frozenset[str]]:
    roles = frozenset({who} if isinstance(who, str) else who)
    return dict.fromkeys(names.split(), roles)


LIFE_READERS = (COMMISSIONER, AUDITOR, CLINICIAN, *PROVIDERS)
MONEY_READERS = (COMMISSIONER, FINANCE, AUDITOR)
# By the name of each address: the roles that may open it.
MAY_OPEN: dict[str, frozenset[str]] = {
    **_opens(ANYBODY, "help accessibility privacy whats_new invitation"),
    **_opens(SIGNED_IN, "home components account choose_role second_step recovery_codes_kept sign_out_everywhere"),
    **_opens(set(EVERY_ROLE) - {BOARD, AUDITOR}, "need"),
    **_opens(EVERY_ROLE, "framework"),
    **_opens(
        (COMMISSIONER, AUDITOR, CLINICIAN, FINANCE, *PROVIDERS),
        "people people_search people_csv person person_costs_csv placements",
    ),
    **_opens(
        LIFE_READERS,
        "person_details plan plan_version goals circle checklist incidents person_incidents incident",
    ),
    **_opens((COMMISSIONER, CLINICIAN), "plan_start plan_edit plan_agree goal_add goal_review"),
    **_opens((COMMISSIONER, CLINICIAN, *PROVIDERS), "incident_create incident_record incident_change"),
    **_opens(PROVIDERS, "outcomes_month checklist_view checklist_autosave checklist_done"),
    **_opens(MANAGER, "checklist_correct"),
    **_opens((COMMISSIONER, AUDITOR), "who_looked outcomes_overview cqc_unmatched"),
    **_opens(
        MONEY_READERS,
        "cost_explorer cost_explorer_csv cost_explorer_xlsx cost_lines cost_changes cost_changes_csv"
        " month_ends month_end month_end_csv uplifts uplift"
        " providers payments payments_csv"
        " payments_provider payments_suppliers payments_import risk_shares risk_share risk_statement"
        " risk_statement_print risk_statement_csv risk_statement_xlsx cases case case_csv budgets budgets_csv"
        " budgets_xlsx payments_exceptions payments_exceptions_csv budget_variance budget_variance_csv"
        " budget_variance_xlsx budget_lines contract_places_csv calendars calendar",
    ),
    **_opens((*MONEY_READERS, *PROVIDERS), "contracts contract contract_places provider"),
    **_opens(
        (COMMISSIONER, AUDITOR),
        "person_rights rights rights_request copy copy_preview kept holds erasure who_looked_csv who_looked_letter",
    ),
    **_opens(
        COMMISSIONER,
        "rights_request_add hold_add retention_keep erasure_ask rights_request_identity rights_request_more_time"
        " rights_request_answer copy_begin copy_columns copy_read copy_ask copy_approve copy_send_back copy_zip"
        " hold_everybody hold_lift erasure_approve erasure_withdraw",
    ),
    **_opens((COMMISSIONER, ADMINISTRATOR), "retention_years"),
    **_opens(FINANCE, "month_close"),
    **_opens((COMMISSIONER, FINANCE), "payments_match payments_upload payments_types"),
    **_opens(
        (COMMISSIONER, FINANCE),
        "risk_share_add risk_share_change risk_share_lines risk_share_transfers risk_share_contributions"
        " risk_statement_prepare risk_statement_approve risk_statement_close risk_statement_withdraw case_add"
        " case_change case_funding case_savings case_people case_beds budget_set budget_change planned_change_add"
        " planned_change calendar_add calendar_bank_holidays calendar_change calendar_days_add calendar_days_change"
        " calendar_days_remove",
    ),
    **_opens((COMMISSIONER, FINANCE, AUDITOR, BOARD), "reports report report_pdf"),
    **_opens(
        COMMISSIONER,
        "person_create person_edit responsibility_add responsibility_change circle_add circle_change circle_end"
        " clinician_add clinician_end placement_log placement_log_support placement_log_home placement_log_costs"
        " placement_log_check placement_log_totals line_add line_change line_correct line_end line_shares"
        " block_line_add shares_change placement_suspend"
        " placement_resume placement_end baseline_set provider_create provider_edit contract_create contract_edit"
        " cqc_import cqc_match cqc_unmatch checklists_accept checklist_send_back data data_files data_zip data_xlsx"
        " uplift_add uplift_undo upload upload_confirm upload_faults report_request report_revise report_notices",
    ),
    **_opens(
        ADMINISTRATOR,
        "users user user_invite user_second_step user_close user_open user_link user_letters membership_add"
        " membership_edit membership_end partnership_settings organisation_add organisation_code boards board_members",
    ),
}
# Addresses that take no POST: whatever is sent to them changes nothing.
ONLY_READ = frozenset(
    """
    help accessibility privacy whats_new home components account second_step need framework people_csv person
    person_costs_csv placements person_details plan plan_version goals circle checklist incidents person_incidents
    incident outcomes_month checklist_done who_looked outcomes_overview cqc_unmatched cost_explorer cost_explorer_csv
    cost_explorer_xlsx
    cost_lines cost_changes cost_changes_csv
    month_ends month_end month_end_csv uplifts uplift
    providers payments payments_csv payments_provider payments_suppliers payments_import contracts contract
    provider reports report report_pdf placement_log data_files data_zip data_xlsx upload upload_faults users user
    boards person_rights rights rights_request copy copy_preview kept holds erasure copy_zip
    who_looked_csv who_looked_letter risk_shares risk_share risk_statement risk_statement_print risk_statement_csv
    risk_statement_xlsx cases case case_csv budgets budgets_csv budgets_xlsx budget_variance budget_variance_csv
    budget_variance_xlsx budget_lines payments_exceptions payments_exceptions_csv contract_places contract_places_csv
    calendars calendar
    """.split()  # noqa: SIM905  a list that is read as a table
)
# Addresses that only take a POST, since they change something at once.
ONLY_WRITTEN = frozenset(
    """
    plan_start checklist_autosave payments_match placement_log_totals cqc_match cqc_unmatch checklists_accept
    upload_confirm report_revise report_notices user_close user_open user_link user_letters recovery_codes_kept
    sign_out_everywhere
    copy_begin copy_ask copy_approve erasure_approve erasure_withdraw
    risk_statement_approve risk_statement_close risk_statement_withdraw calendar_bank_holidays month_close uplift_undo
    """.split()  # noqa: SIM905  a list that is read as a table
)


def lets_in(name: str, who: Who) -> bool:
    """Whether an address lets somebody in at all, whatever it is about."""
    roles = MAY_OPEN[name]
    if ANYBODY in roles:
        return True
    if not who.signed_in:
        return False
    return SIGNED_IN in roles or who.role in roles


# They answer what they are asked about themselves: an invitation that is over, a need that nobody has.
DECIDE_THEMSELVES = frozenset({"need", "invitation"})
# Addresses that change a thing which some may only read.
CHANGES_WHAT_SOME_READ = frozenset({"incident_change"})


def lets_in_by_name(name: str, who: Who) -> bool:
    """The same, for any address: what is not the application's own lets everybody in."""
    return name not in MAY_OPEN or lets_in(name, who)


def methods_of(name: str) -> frozenset[str]:
    """The methods an address answers."""
    return (
        frozenset({"POST"})
        if name in ONLY_WRITTEN
        else (frozenset({"GET", "HEAD"}) if name in ONLY_READ else frozenset({"GET", "HEAD", "POST"}))
    )
