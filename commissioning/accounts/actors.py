"""Who acts: what every action takes as `by` and every scoped read as `visible_to`."""

from dataclasses import dataclass

from commissioning.accounts.models import PROVIDER_ROLES, Membership, Organisation, Partnership, Role, User

# The application itself (a load from the command line, the worker). It may do what a commissioner may.
SYSTEM = "system"

SEES_EVERYONE = frozenset({Role.COMMISSIONER, Role.AUDITOR, Role.FINANCE_OFFICER, SYSTEM})
SEES_PRICES = frozenset({Role.COMMISSIONER, Role.FINANCE_OFFICER, Role.AUDITOR, SYSTEM})
SEES_NAMES = frozenset({Role.COMMISSIONER, Role.AUDITOR, Role.CLINICIAN, *PROVIDER_ROLES, SYSTEM})


@dataclass(frozen=True)
class Actor:
    """A user in one role in one partnership, or the application itself for a partnership."""

    partnership: Partnership
    role: str
    user: User | None = None
    organisation: Organisation | None = None
    membership: Membership | None = None

    @classmethod
    def of(cls, membership: Membership) -> "Actor":
        return cls(
            partnership=membership.partnership,
            role=membership.role,
            user=membership.user,
            organisation=membership.organisation,
            membership=membership,
        )

    @classmethod
    def system(cls, partnership: Partnership) -> "Actor":
        return cls(partnership=partnership, role=SYSTEM)

    @property
    def name(self) -> str:
        return str(self.user) if self.user else "As One"

    @property
    def is_provider(self) -> bool:
        return self.role in PROVIDER_ROLES

    @property
    def sees_everyone(self) -> bool:
        return self.role in SEES_EVERYONE

    @property
    def sees_prices(self) -> bool:
        return self.role in SEES_PRICES

    @property
    def sees_names(self) -> bool:
        """A finance officer sees people by reference only."""
        return self.role in SEES_NAMES

    @property
    def can_commission(self) -> bool:
        return self.role in {Role.COMMISSIONER, SYSTEM}
