"""How partners of a pooled fund share risk, what they put in, and who brought in-patient money with them."""

from collections.abc import Iterator
from decimal import Decimal

from commissioning.core.money import LARGEST_POOL
from commissioning.interchange.cells import Choice, Day, Number, Pounds, Reference, Text
from commissioning.interchange.tables.people import OWNER, VERSION
from commissioning.interchange.tables.spec import (
    Column,
    Table,
    Values,
    at_least,
    ends_after,
    link,
    organisation,
    person,
)
from finance.models import (
    RiskShareAgreement,
    RiskShareContribution,
    RiskShareLine,
    RiskSharePercent,
    RiskShareTransfer,
)

PERCENT = Number(Decimal(0), Decimal(100), 4)
AGREEMENT = link("risk_shares.csv", "risk-share agreement")
LINE = link("risk_share_lines.csv", "line of spending")


def threshold_has_percent_and_bearer(values: Values) -> Iterator[tuple[str, str]]:
    if values.get("rule") != RiskShareAgreement.Rule.THRESHOLD:
        return
    for name in ("threshold_percent", "first_bearer"):
        if values.get(name) is None:
            yield name, "Fill it in: the rule threshold needs a percentage and who bears it up to there."


RISK_SHARES = Table(
    file="risk_shares.csv",
    about="Agreements on how the partners of a pooled fund share what it spends above or below what they put in.",
    key=("agreement_ref",),
    models=(RiskShareAgreement,),
    columns=(
        Column("agreement_ref", Reference(), required=True, stored="reference"),
        Column("name", Text(200), required=True),
        Column("start", Day(), required=True),
        Column("end", Day()),
        Column("rule", Choice(RiskShareAgreement.Rule.values), required=True),
        Column("closes", Choice(RiskShareAgreement.Closes.values), default=RiskShareAgreement.Closes.QUARTER.value),
        Column("surplus", Choice(RiskShareAgreement.Surplus.values), default=RiskShareAgreement.Surplus.RETURNED.value),
        Column("threshold_percent", PERCENT),
        Column("first_bearer", organisation()),
        Column("reserve", Pounds(LARGEST_POOL), default=Decimal(0)),
        Column("contingency", Text()),
    ),
    checks=(ends_after(), at_least("reserve", 0), threshold_has_percent_and_bearer),
    left_out={"version": VERSION, "partnership": OWNER},
)

RISK_SHARE_LINES = Table(
    file="risk_share_lines.csv",
    about="Lines of spending that are shared by percentages of their own.",
    key=("line_ref",),
    models=(RiskShareLine,),
    columns=(
        Column("line_ref", Reference(), required=True, stored="reference"),
        Column("agreement_ref", AGREEMENT, required=True, stored="agreement"),
        Column("name", Text(100), required=True),
        Column("by", Choice(RiskShareLine.By.values), required=True),
        Column("value", Reference(), required=True),
    ),
    left_out={"partnership": OWNER},
)

RISK_SHARE_PERCENTS = Table(
    file="risk_share_percents.csv",
    about="The partners of each pool with the percentage they bear, of the pool or of one line.",
    key=("agreement_ref", "line_ref", "partner"),
    models=(RiskSharePercent,),
    owner="agreement__partnership",
    columns=(
        Column("agreement_ref", AGREEMENT, required=True, stored="agreement"),
        Column("line_ref", LINE, stored="line"),
        Column("partner", organisation(), required=True),
        Column("percent", PERCENT),
    ),
)

RISK_SHARE_CONTRIBUTIONS = Table(
    file="risk_share_contributions.csv",
    about="What each partner puts into a pool in the financial year that begins in a calendar year.",
    key=("agreement_ref", "year", "line_ref", "partner"),
    models=(RiskShareContribution,),
    owner="agreement__partnership",
    columns=(
        Column("agreement_ref", AGREEMENT, required=True, stored="agreement"),
        Column("year", Number(Decimal(1900), Decimal(2100)), required=True),
        Column("line_ref", LINE, stored="line"),
        Column("partner", organisation(), required=True),
        Column("amount", Pounds(LARGEST_POOL), required=True),
    ),
    checks=(at_least("amount", 0),),
)

RISK_SHARE_TRANSFERS = Table(
    file="risk_share_transfers.csv",
    about="People who moved out of hospital with what the bed cost a week, which goes into the pool.",
    key=("agreement_ref", "person_ref"),
    models=(RiskShareTransfer,),
    owner="agreement__partnership",
    columns=(
        Column("agreement_ref", AGREEMENT, required=True, stored="agreement"),
        Column("person_ref", person(), required=True, stored="person"),
        Column("partner", organisation(), required=True),
        Column("moved_on", Day(), required=True),
        Column("weekly_cost", Pounds(), required=True),
    ),
    checks=(at_least("weekly_cost", 0, above=True),),
)
