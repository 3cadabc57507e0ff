"""Who can sign in to the example. Every name is made up; the password is for the example alone."""

from dataclasses import dataclass

from commissioning.accounts.models import Role
from commissioning.demo import organisations as orgs

PASSWORD = "together-as-one"  # noqa: S105  the example's, printed when it starts and refused in production


@dataclass(frozen=True)
class SignIn:
    """Somebody in one role."""

    email: str
    name: str
    role: str
    organisation: str = ""


# Commissions as Priya Nair does: copies and erasures need two people.
SECOND = SignIn("second@example.org", "Owen Hale", Role.COMMISSIONER)

SIGN_INS = (
    SignIn("commissioner@example.org", "Priya Nair", Role.COMMISSIONER),
    SignIn("finance@example.org", "Martin Okell", Role.FINANCE_OFFICER),
    SignIn("clinician@example.org", "Dr Hanna Lind", Role.CLINICIAN),
    SignIn("manager@example.org", "Tom Beck", Role.PROVIDER_MANAGER, orgs.MEADOW),
    SignIn("support@example.org", "Ellie Marsh", Role.PROVIDER_STAFF, orgs.MEADOW),
    SignIn("manager.homeward@example.org", "Sunita Rai", Role.PROVIDER_MANAGER, orgs.HOMEWARD),
    SignIn("board@example.org", "Gwen Archer", Role.BOARD_MEMBER),
    SignIn("auditor@example.org", "Nigel Frost", Role.AUDITOR),
    SignIn("administrator@example.org", "Ruth Cole", Role.ADMINISTRATOR),
)
