"""Changing a partnership's settings and the organisations it works with."""

from django.db import transaction

from commissioning.accounts import queries
from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation, Partnership, PartnershipOrganisation, Role
from commissioning.accounts.permissions import require_role
from commissioning.core.editing import lock
from commissioning.core.errors import Refused


@transaction.atomic
def change_partnership(*, name: str, weeks_per_year: str, version: str | None = None, by: Actor) -> Partnership:
    """The partnership's name, and how a weekly cost becomes an annual one. Raises Stale."""
    require_role(by, Role.ADMINISTRATOR)
    partnership = lock(by.partnership, version)
    partnership.name, partnership.weeks_per_year = name.strip(), weeks_per_year
    partnership.save(update_fields=["name", "weeks_per_year"])
    return partnership


@transaction.atomic
def add_organisation(
    *, name: str, kind: str, code: str, ods_code: str, gss_code: str, by: Actor
) -> PartnershipOrganisation:
    """Work with an organisation: the one that has the national code already, else a new one.

    Raises Refused for a code in use, or an organisation the partnership works with already.
    """
    require_role(by, Role.ADMINISTRATOR)
    _check_code_is_free(code, by)
    known = queries.organisation_known_as(ods_code=ods_code, gss_code=gss_code)
    if known and by.partnership.links.filter(organisation=known).exists():
        raise Refused(f"You work with {known} already", field="ods_code" if ods_code else "gss_code")
    organisation = known or Organisation.objects.create(
        name=name.strip(), kind=kind, ods_code=ods_code, gss_code=gss_code
    )
    return PartnershipOrganisation.objects.create(partnership=by.partnership, organisation=organisation, code=code)


@transaction.atomic
def change_code(
    *, link: PartnershipOrganisation, code: str, version: str | None = None, by: Actor
) -> PartnershipOrganisation:
    """The partnership's own code for an organisation. Raises Stale; Refused for one in use."""
    require_role(by, Role.ADMINISTRATOR)
    link = lock(link, version)
    if code != link.code:
        _check_code_is_free(code, by)
    link.code = code
    link.save(update_fields=["code"])
    return link


def _check_code_is_free(code: str, by: Actor) -> None:
    if by.partnership.links.filter(code=code).exists():
        raise Refused(f"{code} is in use for another organisation. Choose another code", field="code")
