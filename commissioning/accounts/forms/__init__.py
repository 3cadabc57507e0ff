"""Forms of sign-in and of the administrator's pages."""

from commissioning.accounts.forms.administration import (
    CodeForm,
    EndMembershipForm,
    InviteForm,
    MembershipDatesForm,
    MembershipForm,
    OrganisationForm,
    PartnershipForm,
)
from commissioning.accounts.forms.role import RoleChoiceForm
from commissioning.accounts.forms.sign_in import SignInForm

__all__ = [
    "CodeForm",
    "EndMembershipForm",
    "InviteForm",
    "MembershipDatesForm",
    "MembershipForm",
    "OrganisationForm",
    "PartnershipForm",
    "RoleChoiceForm",
    "SignInForm",
]
