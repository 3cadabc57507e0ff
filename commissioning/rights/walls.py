"""Who sees the rows of this app, in the database itself (accounts.walls)."""

from commissioning.accounts.walls import EVERYONE, by_parent, by_partnership, exempt, wall
from commissioning.rights.models import (
    AccessExport,
    ColumnDecision,
    Erasure,
    LegalHold,
    RetentionReview,
    RetentionRule,
    RightsRequest,
    TextDecision,
)

for model in (RightsRequest, LegalHold, RetentionReview, AccessExport, Erasure):
    wall(model, by_partnership(EVERYONE))
for decision in (ColumnDecision, TextDecision):
    wall(decision, by_parent("rights_accessexport", "export_id", EVERYONE))
exempt("for how many years records are kept, whoever they are about", RetentionRule)
