"""Who a supplier is: matched to a provider once, remembered for every later file."""

from collections.abc import Mapping

from django.db import transaction

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Organisation
from commissioning.core.editing import check
from commissioning.core.errors import Refused
from finance.actions.spending import require_payments_right
from finance.models import Supplier
from finance.queries.suppliers import NOT_A_PROVIDER

UNDECIDED = ""


@transaction.atomic
def match_suppliers(*, decisions: Mapping[str, str], version: str | None = None, by: Actor) -> int:
    """Say who suppliers are: by supplier ID, the partnership's code of the provider, `NOT_A_PROVIDER`, or
    `UNDECIDED` to take a match back. Several suppliers may be one provider. How many changed.

    Raises Stale where one of them was decided otherwise since they were opened at `version`, Refused for a supplier or
    a provider that is not the partnership's, and for a private person.
    """
    require_payments_right(by)
    mine = Supplier.objects.visible_to(by).select_for_update(of=("self",))
    suppliers = {each.supplier_id: each for each in mine.filter(supplier_id__in=list(decisions))}
    check(version, *suppliers.values())
    changed = 0
    for supplier_id, decision in decisions.items():
        supplier = suppliers.get(supplier_id)
        if supplier is None:
            raise Refused(f"There is no supplier {supplier_id} in your payments")
        changed += _decide(supplier, decision, by)
    return changed


def _decide(supplier: Supplier, decision: str, by: Actor) -> bool:
    """Keep one decision; whether it changed anything."""
    is_provider = decision not in {NOT_A_PROVIDER, UNDECIDED}
    if is_provider and supplier.kind == Supplier.Kind.INDIVIDUAL:
        raise Refused(f"Supplier {supplier.supplier_id} is a private person and cannot be matched to a provider")
    provider = _provider(decision, by) if is_provider else None
    before = (supplier.provider, supplier.not_a_provider)
    supplier.provider, supplier.not_a_provider = provider, decision == NOT_A_PROVIDER
    if (supplier.provider, supplier.not_a_provider) == before:
        return False
    supplier.save(update_fields=["provider", "not_a_provider"])
    return True


def _provider(code: str, by: Actor) -> Organisation:
    link = by.partnership.links.filter(code=code).select_related("organisation").first()
    if link is None:
        raise Refused(f"There is no provider {code} in your partnership", field="provider")
    return link.organisation
