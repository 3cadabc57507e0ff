"""Fixtures of every test: two partnerships that must never see each other, and somebody in each role.

Alice commissions for the Estuary partnership; Charlie commissions for another one and is an outsider.
"""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.test import Client

from commissioning.accounts import scope
from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership, Organisation, Partnership, PartnershipOrganisation, Role, User
from people.models import Diagnosis, Person, Placement, Setting


def make_member(partnership: Partnership, role: str, name: str, organisation: Organisation | None = None) -> Membership:
    user = User.objects.create_user(f"{name.lower().replace(' ', '.')}@example.org", "correct horse battery", name=name)
    return Membership.objects.create(
        user=user, partnership=partnership, role=role, organisation=organisation, starts_on=dt.date(2020, 1, 1)
    )


def make_organisation(partnership: Partnership, code: str, name: str, kind: str) -> Organisation:
    organisation = Organisation.objects.create(name=name, kind=kind)
    PartnershipOrganisation.objects.create(partnership=partnership, organisation=organisation, code=code)
    return organisation


def make_partnership(code: str, name: str) -> Partnership:
    partnership = Partnership.objects.create(code=code, name=name)
    make_organisation(partnership, "COUNCIL", f"{name} Council", "council")
    make_organisation(partnership, "ICB", f"NHS {name}", "icb")
    return partnership


def make_person(partnership: Partnership, reference: str = "P-1", **fields: object) -> Person:
    organisations = {link.code: link.organisation for link in partnership.links.select_related("organisation")}
    values: dict[str, object] = {
        "given_name": "Jo",
        "family_name": "Example",
        "date_of_birth": dt.date(2002, 3, 14),
        "diagnosis": Diagnosis.BOTH,
        "council": organisations["COUNCIL"],
        "icb": organisations["ICB"],
        **fields,
    }
    return Person.objects.create(partnership=partnership, reference=reference, **values)


def make_placement(person: Person, provider: Organisation, reference: str = "PL-1", **fields: object) -> Placement:
    values: dict[str, object] = {"setting": Setting.OWN_TENANCY, "start": dt.date(2026, 7, 1), **fields}
    return Placement.objects.create(
        partnership=person.partnership, person=person, provider=provider, reference=reference, **values
    )


def signed_in(membership: Membership) -> Client:
    client = Client()
    client.force_login(membership.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def unscoped() -> Iterator[None]:
    """No scope, as in a process that has not said on whose behalf it works."""
    with scope.entered(None):
        yield


@pytest.fixture
def wall_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database shows every row, so that the application's own guards stand alone."""
    monkeypatch.setattr(scope, "scope_of", lambda _actor: scope.EVERYWHERE)


@pytest.fixture
def estuary(db: None) -> Partnership:
    return make_partnership("EST", "Estuary")


@pytest.fixture
def elsewhere(db: None) -> Partnership:
    return make_partnership("ELS", "Elsewhere")


@pytest.fixture
def meadow(estuary: Partnership) -> Organisation:
    return make_organisation(estuary, "MEADOW", "Meadow Farm Support", "support_provider")


@pytest.fixture
def larkrise(estuary: Partnership) -> Organisation:
    """A second provider, who must never learn of the first."""
    return make_organisation(estuary, "LARK", "Larkrise Living", "support_provider")


@pytest.fixture
def jo(estuary: Partnership) -> Person:
    return make_person(estuary, "JO", programme_start=dt.date(2026, 5, 18))


@pytest.fixture
def alice(estuary: Partnership) -> Membership:
    return make_member(estuary, Role.COMMISSIONER, "Alice Commissioner")


@pytest.fixture
def charlie(elsewhere: Partnership) -> Membership:
    return make_member(elsewhere, Role.COMMISSIONER, "Charlie Outsider")


@pytest.fixture
def mabel(estuary: Partnership, meadow: Organisation) -> Membership:
    """Manager at Meadow Farm Support."""
    return make_member(estuary, Role.PROVIDER_MANAGER, "Mabel Manager", meadow)


@pytest.fixture
def sam(estuary: Partnership, meadow: Organisation) -> Membership:
    """Support worker at Meadow Farm Support."""
    return make_member(estuary, Role.PROVIDER_STAFF, "Sam Worker", meadow)


@pytest.fixture
def finn(estuary: Partnership) -> Membership:
    return make_member(estuary, Role.FINANCE_OFFICER, "Finn Finance")


@pytest.fixture
def clara(estuary: Partnership) -> Membership:
    return make_member(estuary, Role.CLINICIAN, "Clara Clinician")


@pytest.fixture
def bea(estuary: Partnership) -> Membership:
    return make_member(estuary, Role.BOARD_MEMBER, "Bea Board")


@pytest.fixture
def audrey(estuary: Partnership) -> Membership:
    return make_member(estuary, Role.AUDITOR, "Audrey Auditor")


@pytest.fixture
def adam(estuary: Partnership) -> Membership:
    return make_member(estuary, Role.ADMINISTRATOR, "Adam Administrator")


@pytest.fixture
def by_alice(alice: Membership) -> Actor:
    return Actor.of(alice)
