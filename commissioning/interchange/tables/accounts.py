"""The partnership itself, and the organisations it works with under its own codes."""

from commissioning.accounts.models import (
    Organisation,
    OrganisationKind,
    Partnership,
    PartnershipOrganisation,
    WeeksPerYear,
)
from commissioning.interchange.cells import Choice, Day, Reference, Text, YesNo
from commissioning.interchange.tables.spec import Column, Table, ends_after, organisation

PARTNERSHIP = Table(
    file="partnership.csv",
    about="Settings of the partnership, in one row. The code is not among them: it is named when loading.",
    key=(),
    models=(Partnership,),
    owner="pk",
    columns=(
        Column("name", Text(200), extra=True),
        Column("weeks_per_year", Choice(WeeksPerYear.values), extra=True),
        Column("is_fictional", YesNo(), extra=True),
    ),
    left_out={"code": "Named when loading or dumping, so that a dataset can be loaded under another code."},
)

ORGANISATIONS = Table(
    file="organisations.csv",
    about="Councils, NHS bodies, providers and landlords, by the partnership's own code for each.",
    key=("code",),
    models=(PartnershipOrganisation, Organisation),
    columns=(
        Column("code", Reference(), required=True),
        Column("name", Text(200), required=True),
        Column("kind", Choice(OrganisationKind.values), required=True),
        Column("gss_code", Reference(9)),
        Column("ods_code", Reference(10)),
        Column("cqc_provider_id", Reference(20)),
        Column("valid_from", Day()),
        Column("valid_to", Day()),
        Column("successor", organisation()),
    ),
    checks=(ends_after("valid_from", "valid_to"),),
)
