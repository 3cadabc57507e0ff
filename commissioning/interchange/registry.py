"""Which models are in a dataset, and why the others are not. A test fails for a model that is in neither list."""

from commissioning.interchange.tables import TABLES

DUMPED: frozenset[str] = frozenset(model._meta.label for table in TABLES for model in table.models)

EXEMPT: dict[str, str] = {
    "accounts.User": "Accounts belong to the site where people sign in, and carry passwords.",
    "accounts.Membership": "Names a user's account.",
    "accounts.Invitation": "Names a user's account.",
    "accounts.AccountAct": "The record of what administrators did stays where they did it.",
    "accounts.Remembered": "Counts of wrong passwords of this site, for an hour.",
    "people.ClinicalInvolvement": "Names a user's account.",
    "providers.Location": "The Care Quality Commission's list, the same for every partnership, imported from its file.",
    "finance.Payment": "Published spending: import_payments reads it from the council's own files.",
    "reports.Board": "Made with the partnership; its code is unique among all partnerships, its members are accounts.",
    "outcomes.ChecklistStep": "Says which user's account sent, questioned and accepted; the status itself travels.",
    "outcomes.Reminder": "E-mail that this site sent.",
    "finance.SpendingImport": "Published spending: import_payments reads it from the council's own files.",
    "finance.SpendingFile": "Published spending: import_payments reads it from the council's own files.",
    "finance.SpendingType": "Published spending: import_payments reads it from the council's own files.",
    "overview.PlacementDraft": "Not logged yet, and one user's own.",
    "reports.ReleasedFigure": "The register of what this partnership published stays with its reports.",
    "reports.BoardReport": "Made by the application from the data.",
    "audit.RecordRead": "The record of who looked stays where they looked.",
    "audit.Refusal": "The record of what was refused stays where it happened.",
    "accounts.SecondFactor": "Part of an account, and a secret.",
    "accounts.SignInAddress": "Part of a user's account.",
    "reports.BoardMembership": "A board's members are accounts.",
    "audit.Seal": "The seals of what was recorded here stay with it.",
    "audit.SealedTable": "The seals of what was recorded here stay with it.",
    "audit.Erasure": "The record of what was erased stays where it happened.",
    "audit.ErasedRows": "The record of what was erased stays where it happened.",
    "rights.RightsRequest": "What people asked of this partnership about their data stays with those who must answer.",
    "rights.LegalHold": "A hold binds those who keep the record here; another site decides on its own holds.",
    "rights.RetentionRule": "How long this partnership keeps records; another site decides for itself.",
    "rights.RetentionReview": "A decision of this partnership about its own record.",
    "rights.AccessExport": "A copy made for one person, which expires.",
    "rights.ColumnDecision": "How a copy for one person was made.",
    "rights.TextDecision": "How a copy for one person was made.",
    "rights.Erasure": "What was erased here, and by whom; the list of erased records is taken out on its own.",
    "core.Job": "Background work of this site.",
    "interchange.Upload": "The files that were loaded.",
}
