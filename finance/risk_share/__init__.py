"""Risk share: who bears what when a pooled fund spends more or less than was put in, with every step of the working.

Pure arithmetic over whole pence: it knows no database and no Django. `statement` is the one way in.
"""

from finance.risk_share.figures import (
    CannotShare,
    Inputs,
    Partner,
    Row,
    Rule,
    SpendLine,
    Statement,
    Step,
    Surplus,
    Transfer,
)
from finance.risk_share.frozen import (
    Frozen,
    frozen_inputs,
    frozen_statement,
    thawed_inputs,
    thawed_statement,
)
from finance.risk_share.rules import KEPT, OTHER_UNDERSPENDS, RESERVE, statement
from finance.risk_share.sharing import split

__all__ = [
    "KEPT",
    "OTHER_UNDERSPENDS",
    "RESERVE",
    "CannotShare",
    "Frozen",
    "Inputs",
    "Partner",
    "Row",
    "Rule",
    "SpendLine",
    "Statement",
    "Step",
    "Surplus",
    "Transfer",
    "frozen_inputs",
    "frozen_statement",
    "split",
    "statement",
    "thawed_inputs",
    "thawed_statement",
]
