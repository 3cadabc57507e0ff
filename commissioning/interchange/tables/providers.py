"""Contracts with providers, with the terms that commissioners write into them."""

from decimal import Decimal

from commissioning.interchange.cells import Choice, Day, Number, Reference, Text, YesNo
from commissioning.interchange.tables.people import OWNER, VERSION
from commissioning.interchange.tables.spec import Column, Table, ends_after, organisation
from providers.models import Contract, ContractKind

CONTRACTS = Table(
    file="contracts.csv",
    about="Agreements with providers under which people are supported.",
    key=("contract_ref",),
    models=(Contract,),
    columns=(
        Column("contract_ref", Reference(), required=True, stored="reference"),
        Column("provider", organisation(), required=True),
        Column("title", Text(200), required=True),
        Column("kind", Choice(ContractKind.values), required=True),
        Column("framework_ref", Reference()),
        Column("start", Day(), required=True),
        Column("end", Day()),
        Column("notice_weeks", Number(Decimal(0), Decimal(520))),
        Column("days_paid_after_death", Number(Decimal(0), Decimal(365)), extra=True),
        *(Column(term, YesNo(), extra=True) for term in Contract.TERMS),
    ),
    checks=(ends_after(),),
    left_out={"version": VERSION, "partnership": OWNER},
)
