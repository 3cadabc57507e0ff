"""Forms of sign-in and of the administrator's pages."""

from commissioning.accounts.forms.administration import (
    AccountForm,
    CodeForm,
    EndMembershipForm,
    InviteForm,
    MembershipDatesForm,
    MembershipForm,
    OrganisationForm,
    PartnershipForm,
    ResetSecondStepForm,
)
from commissioning.accounts.forms.role import RoleChoiceForm
from commissioning.accounts.forms.sign_in import InvitationForm, SignInForm

__all__ = [
    "AccountForm",
    "CodeForm",
    "EndMembershipForm",
    "InvitationForm",
    "InviteForm",
    "MembershipDatesForm",
    "MembershipForm",
    "OrganisationForm",
    "PartnershipForm",
    "ResetSecondStepForm",
    "RoleChoiceForm",
    "SignInForm",
]
