"""Forms of money."""

from finance.forms.placements import (
    BaselineForm,
    ChangePriceForm,
    CorrectLineForm,
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
    "EndPlacementForm",
    "LineForm",
    "ResumeForm",
    "ShareForm",
    "SharesForm",
    "SuspendForm",
]
