"""What is not given: tables that hold nothing about the people whose support is bought, or only what is given already.

Each names its columns, so that a new one is looked at too.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Elsewhere:
    """A table of which nothing is given, why, and the columns it had when that was decided."""

    reason: str
    columns: frozenset[str]


ACCOUNTS = "About the users who sign in, who are staff; it names nobody whose support is bought."
BODIES = "About councils, NHS boards and providers."
QUESTIONS = "The questions that are asked of everybody; the answers are given."
POOLED = "The pooled fund of a partnership by year and partner; nothing about a person."
DAYS = "Bank holidays, school terms and such days; a price in the copy names its calendar."
PUBLISHED = "The council’s published spending; it names suppliers and nobody whose support is bought."
LIBRARY = "Kept by a library about tables, sessions or permissions; nothing about a person."
REPEATS = "Repeats, for many people at once, what the other tables hold and the copy gives."
BOOKED = "Sums that were booked of prices by their number; the prices themselves are given."
SEALS = "Sums over the history, by which a change to it is found; they hold no words about anybody."
POOLS = "What partners agreed about a pooled fund as a whole; it names nobody whose support is bought."
CASES = "What partners put into a case and expect of it as a whole; the people it is for are given."
COPYING = "How this very copy came about; what was left out of it, and why, is listed in it."


def _none(reason: str, columns: str) -> Elsewhere:
    return Elsewhere(reason, frozenset(columns.split()))


ELSEWHERE: Mapping[str, Elsewhere] = {
    "auth.Permission": _none(LIBRARY, "id name content_type codename"),
    "auth.Group": _none(LIBRARY, "id name"),
    "auth.Group_permissions": _none(LIBRARY, "id group permission"),
    "contenttypes.ContentType": _none(LIBRARY, "id app_label model"),
    "sessions.Session": _none(ACCOUNTS, "session_key session_data expire_date"),
    "pghistory.Context": _none(
        "Who made a change, given beside each change in the history; the page’s address repeats whose record it was.",
        "id created_at updated_at metadata",
    ),
    "pghistory.Events": _none(
        "A view over the tables of history, whose columns are given there.",
        "pgh_slug pgh_model pgh_id pgh_created_at pgh_label pgh_data pgh_diff pgh_context_id pgh_context"
        " pgh_obj_model pgh_obj_id",
    ),
    "pghistory.MiddlewareEvents": _none(
        "A view over the tables of history, whose columns are given there.",
        "pgh_slug pgh_model pgh_id pgh_created_at pgh_label pgh_data pgh_diff pgh_context_id pgh_context"
        " pgh_obj_model pgh_obj_id user url",
    ),
    "account.EmailAddress": _none(ACCOUNTS, "id user email verified primary"),
    "account.EmailConfirmation": _none(ACCOUNTS, "id email_address created sent key"),
    "mfa.Authenticator": _none(ACCOUNTS, "id user type data created_at last_used_at"),
    "usersessions.UserSession": _none(ACCOUNTS, "id user created_at ip last_seen_at session_key user_agent data"),
    "core.Job": _none(
        "Work for a worker, named by numbers; what it does is in the tables that are given.",
        "id name arguments state attempts due_at claimed_at done_at progress error",
    ),
    "audit.Refusal": _none(
        "Which user was refused which page; whom it was about is not kept.", "id at user_id role route status"
    ),
    "audit.Seal": _none(SEALS, "number sealed_at previous hash"),
    "audit.SealedTable": _none(SEALS, "id seal table columns after_id upto_id row_ids row_digests digest"),
    "audit.Erasure": _none(SEALS, "id at by approved_by reason"),
    "audit.ErasedRows": _none(SEALS, "id erasure table row_ids"),
    "accounts.User": _none(
        ACCOUNTS, "id password last_login is_superuser email name is_active joined_on session_round"
    ),
    "accounts.Invitation": _none(
        ACCOUNTS, "id membership name secret_sha256 sent_at runs_out_at accepted_at withdrawn_at"
    ),
    "accounts.AccountAct": _none(ACCOUNTS, "id at kind partnership_code user_id by_user_id by_name reason"),
    "accounts.Remembered": _none(ACCOUNTS, "key value until"),
    "accounts.User_groups": _none(ACCOUNTS, "id user group"),
    "accounts.User_user_permissions": _none(ACCOUNTS, "id user permission"),
    "accounts.Membership": _none(ACCOUNTS, "id user partnership role organisation starts_on ends_on closed_at"),
    "accounts.Organisation": _none(
        BODIES, "id name kind gss_code ods_code cqc_provider_id valid_from valid_to successor"
    ),
    "accounts.Partnership": _none(BODIES, "id code name weeks_per_year is_fictional"),
    "accounts.PartnershipOrganisation": _none(BODIES, "id partnership organisation code"),
    "providers.Location": _none(
        BODIES,
        "id cqc_location_id organisation name provider_name service_types address postcode local_authority rating"
        " rated_on beds inspected_on",
    ),
    "providers.Contract": _none(
        BODIES + " A placement in the copy names its contract.",
        "id version partnership reference provider title kind framework_ref start end notice_weeks"
        " days_paid_after_death behaviour_support clinical_advice no_agency_staff training_funded supervision_funded"
        " senior_manager_involved",
    ),
    "outcomes.Framework": _none(QUESTIONS, "id partnership code version title in_force_from"),
    "outcomes.Measure": _none(
        QUESTIONS,
        "id framework code title help domain kind better minimum maximum aspect question unit low_words high_words"
        " position",
    ),
    "outcomes.Reminder": _none(
        "E-mail to a provider about a month, not about a person.", "id partnership provider month kind asked_at"
    ),
    "finance.Budget": _none(POOLED, "id partnership reference year partner pool amount agreed_by agreed_on"),
    "finance.BudgetChange": _none(POOLED, "id partnership reference budget on amount reason agreed_by"),
    "finance.BudgetYear": _none(
        POOLED, "id partnership year uplift_from uplift_low uplift_expected uplift_high built_on"
    ),
    "finance.Calendar": _none(DAYS, "id version partnership reference name kind"),
    "finance.CalendarDays": _none(DAYS, "id calendar start end"),
    "finance.Supplier": _none(PUBLISHED, "id partnership supplier_id names kind provider not_a_provider"),
    "finance.Payment": _none(
        PUBLISHED, "id partnership supplier paid_on amount transaction expense_area expense_type fingerprint"
    ),
    "finance.SpendingImport": _none(PUBLISHED, "id partnership at by_name expense_types"),
    "finance.SpendingFile": _none(
        PUBLISHED,
        "id brought_in name sha256 packed job state refusal rows_read rows_taken rows_known faults unused_columns"
        " first_day last_day",
    ),
    "finance.SpendingType": _none(PUBLISHED, "id partnership expense_type month rows amount"),
    "finance.ExpenseType": _none(PUBLISHED, "id partnership begins_with"),
    "finance.ClosedMonth": _none(ACCOUNTS, "id partnership month closed_at closed_by_name"),
    "finance.BookedCost": _none(BOOKED, "id closing month line funder pence"),
    "finance.Uplift": _none(
        REPEATS,
        "id version partnership start contract provider pay_share pay_uplift other_uplift lines left_out made_at"
        " made_by_name undone_at undone_by_name",
    ),
    "finance.RiskShareAgreement": _none(
        POOLS,
        "id version partnership reference name start end rule closes surplus threshold_percent first_bearer reserve"
        " contingency",
    ),
    "finance.RiskShareLine": _none(POOLS, "id partnership agreement reference name by value"),
    "finance.RiskSharePercent": _none(POOLS, "id agreement line partner percent"),
    "finance.RiskShareContribution": _none(POOLS, "id agreement year line partner amount"),
    "finance.RiskShareStatement": _none(
        "Sums of a pool; where it names a move out of hospital, by reference, the move and its cost are given.",
        "id agreement first last revision reason state inputs result prepared_by prepared_by_name prepared_at"
        " closed_by_name closed_at",
    ),
    "finance.RiskShareApproval": _none(ACCOUNTS, "id statement role by by_name organisation at"),
    "finance.InvestmentCase": _none(
        CASES,
        "id version partnership reference title owner description start savings_end basis discount discount_percent",
    ),
    "finance.CaseFunding": _none(CASES, "id case source amount start end"),
    "finance.CaseSaving": _none(CASES, "id case start end amount note"),
    "finance.CaseBeds": _none(CASES, "id case ward beds weekly_cost start closed_on"),
    "interchange.Upload": _none(REPEATS, "id partnership by at name contents state progress faults findings changes"),
    "reports.Board": _none(BODIES, "id partnership code name"),
    "reports.Board_members": _none(ACCOUNTS, "id board membership"),
    "reports.BoardReport": _none(
        REPEATS,
        "id board month edition revision state requested_at requested_by attempt attempts_raised started_at stage"
        " error frozen_at figures pdf pdf_sha256 pages made_by_process published_at",
    ),
    "reports.ReleasedFigure": _none(
        "Published numbers about many people, from which nobody can be told.",
        "id partnership name number step is_money released_at changed_at",
    ),
    "rights.RetentionRule": _none("How long records are kept; the same for everybody.", "id partnership after years"),
    "rights.AccessExport": _none(
        COPYING,
        "id asked_by asked_by_name asked_at fingerprint approved_by approved_by_name approved_at partnership person"
        " request state note contents sha256 size made_at expires_at downloads",
    ),
    "rights.ColumnDecision": _none(COPYING, "id export column give reason by_name"),
    "rights.TextDecision": _none(COPYING, "id export key choice words reason by_name"),
    "rights.Erasure": _none(
        "A step towards taking the record away. It holds numbers of rows and years, and no words about the person;"
        " the request that led to it is given.",
        "id asked_by asked_by_name asked_at fingerprint approved_by approved_by_name approved_at partnership person"
        " request why state stopped_because preview done_at stub_reference born_year died_year support_from_year"
        " support_to_year rows",
    ),
}
