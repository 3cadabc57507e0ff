"""Forms of money."""

from finance.forms.placements import (
    BaselineForm,
    ChangePriceForm,
    CorrectLineForm,
    EndLineForm,
    EndPlacementForm,
    LineForm,
    ResumeForm,
    ShareForm,
    SharesForm,
    SuspendForm,
)

__all__ = [
    "BaselineForm",
    "ChangePriceForm",
    "CorrectLineForm",
    "EndLineForm",
    "EndPlacementForm",
    "LineForm",
    "ResumeForm",
    "ShareForm",
    "SharesForm",
    "SuspendForm",
]
