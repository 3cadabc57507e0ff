"""Reads of accounts: partnerships, organisations, users."""

from commissioning.accounts.models import Organisation, Partnership
from commissioning.core.errors import Refused


def partnership_named(code: str) -> Partnership:
    """The partnership with this code. Raises Refused, naming those that exist."""
    try:
        return Partnership.objects.get(code=code)
    except Partnership.DoesNotExist as error:
        codes = ", ".join(Partnership.objects.order_by("code").values_list("code", flat=True)) or "none yet"
        raise Refused(f"There is no partnership {code}. There are: {codes}.", field="partnership") from error


def organisations_of(partnership: Partnership, *kinds: str) -> list[tuple[str, Organisation]]:
    """The partnership's code and record of each organisation it works with, of these kinds or of any."""
    links = partnership.links.select_related("organisation").order_by("organisation__name")
    if kinds:
        links = links.filter(organisation__kind__in=kinds)
    return [(link.code, link.organisation) for link in links]
