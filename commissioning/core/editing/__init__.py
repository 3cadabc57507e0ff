"""Two people with the same record open: the second to save is shown both values, and nothing is overwritten.

A form carries a fingerprint of the rows it changes, as they were when it was opened. The action locks the rows and
raises Stale where they have moved on, whatever moved them; the page then shows, field by field, both values, who saved
the other and when, and sends the form again with the new fingerprint, which is checked again.

In a view: an `EditForm` with the `records` it changes and their `saved` values; `form.attempt(lambda: act(...,
version=form.stood_at))`; and `answer(...)` in place of `render`. In an action: `lock(record, version)`, or `check`.
"""

from commissioning.core.editing.form import VERSION, Difference, EditForm
from commissioning.core.editing.page import answer, show_conflict
from commissioning.core.editing.versions import check, lock, version_of

__all__ = ["VERSION", "Difference", "EditForm", "answer", "check", "lock", "show_conflict", "version_of"]
