"""Organisations a partnership works with: one record each, however many partnerships share it."""

from dataclasses import asdict, dataclass, replace

from django.db import transaction

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation, OrganisationKind, PartnershipOrganisation
from commissioning.accounts.permissions import require_commissioner
from commissioning.core.editing import check
from commissioning.core.errors import Refused, RefusedMany
from commissioning.core.references import check_reference

IDENTIFIERS = {"cqc_provider_id": "CQC provider ID", "ods_code": "ODS code", "gss_code": "GSS code"}


@dataclass(frozen=True)
class OrganisationDetails:
    """An organisation as everybody knows it (INTERCHANGE, organisations.csv)."""

    name: str
    kind: str
    cqc_provider_id: str = ""
    ods_code: str = ""
    gss_code: str = ""


@dataclass(frozen=True)
class Linked:
    """The partnership's link, and whether the organisation was known already, from another partnership."""

    link: PartnershipOrganisation
    was_known: bool


@transaction.atomic
def link_organisation(*, code: str, details: OrganisationDetails, by: Actor) -> Linked:
    """Adds an organisation to the partnership under the partnership's own code.

    One that is known already by CQC, ODS or GSS identifier is used as it is, never by name, and nothing of it is
    changed. Raises Refused for a code that is taken, an organisation that is here already, or identifiers of two.
    """
    require_commissioner(by)
    details, code = _tidied(details), code.strip()
    _check(details)
    _check_code(code, by, None)
    known = _known(details)
    if known is None:
        organisation = Organisation.objects.create(**asdict(details))
    else:
        organisation = known
        _check_not_here(organisation, by)
    link = PartnershipOrganisation.objects.create(partnership=by.partnership, organisation=organisation, code=code)
    return Linked(link, known is not None)


@transaction.atomic
def change_organisation(
    *,
    link: PartnershipOrganisation,
    code: str,
    details: OrganisationDetails,
    version: str | None = None,
    by: Actor,
) -> PartnershipOrganisation:
    """Changes the partnership's code, and the organisation itself where no other partnership uses its record.

    Raises Stale where either was saved since it was opened at `version`; Refused for a change to a shared record, for
    an identifier another organisation has, or a code taken.
    """
    require_commissioner(by)
    details, code = _tidied(details), code.strip()
    organisation = Organisation.objects.select_for_update().get(pk=link.organisation_id)
    link.refresh_from_db(from_queryset=PartnershipOrganisation.objects.select_for_update())
    check(version, link, organisation)
    _check(details)
    _check_code(code, by, link)
    changed = [name for name, value in asdict(details).items() if getattr(organisation, name) != value]
    if changed:
        _check_not_shared(organisation, changed[0], by)
        _check_identifiers_free(details, organisation)
        for name, value in asdict(details).items():
            setattr(organisation, name, value)
        organisation.save()
    link.code = code
    link.save(update_fields=["code"])
    return link


def _tidied(details: OrganisationDetails) -> OrganisationDetails:
    return replace(
        details,
        name=" ".join(details.name.split()),
        cqc_provider_id=details.cqc_provider_id.strip(),
        ods_code=details.ods_code.strip().upper(),
        gss_code=details.gss_code.strip().upper(),
    )


def _check(details: OrganisationDetails) -> None:
    refusals = []
    if not details.name:
        refusals.append(Refused("Enter the organisation’s name", field="name"))
    if details.kind not in OrganisationKind.values:
        refusals.append(Refused("Choose what kind of organisation it is", field="kind"))
    if refusals:
        raise RefusedMany(refusals)


def _check_code(code: str, by: Actor, link: PartnershipOrganisation | None) -> None:
    if wrong := check_reference(code):
        raise Refused(wrong, field="code")
    taken = by.partnership.links.filter(code__iexact=code).exclude(pk=link.pk if link else 0)
    if other := taken.select_related("organisation").first():
        raise Refused(f"The code {code} is {other.organisation}’s. Enter another", field="code")


def _known(details: OrganisationDetails) -> Organisation | None:
    """The organisation with any of these identifiers. Raises Refused where they belong to different ones."""
    found: dict[int, Organisation] = {}
    for name in IDENTIFIERS:
        if value := getattr(details, name):
            found.update({each.pk: each for each in Organisation.objects.filter(**{name: value})})
    if len(found) > 1:
        names = " and ".join(sorted(each.name for each in found.values()))
        raise Refused(f"These identifiers belong to different organisations: {names}", field="cqc_provider_id")
    return next(iter(found.values()), None)


def _check_not_here(organisation: Organisation, by: Actor) -> None:
    if link := by.partnership.links.filter(organisation=organisation).first():
        raise Refused(f"{organisation} is already here, as {link.code}", field=_first_identifier(organisation))


def _first_identifier(organisation: Organisation) -> str:
    return next((name for name in IDENTIFIERS if getattr(organisation, name)), "name")


def _check_not_shared(organisation: Organisation, field: str, by: Actor) -> None:
    others = organisation.links.exclude(partnership=by.partnership).count()
    if others:
        who = "another partnership uses" if others == 1 else f"{others} other partnerships use"
        message = (
            f"{organisation} cannot be changed here, because {who} the same record. Your own code for it can be changed"
        )
        raise Refused(message, field=field)


def _check_identifiers_free(details: OrganisationDetails, organisation: Organisation) -> None:
    for name, label in IDENTIFIERS.items():
        value = getattr(details, name)
        if value and Organisation.objects.filter(**{name: value}).exclude(pk=organisation.pk).exists():
            raise Refused(f"The {label} {value} is another organisation’s", field=name)
