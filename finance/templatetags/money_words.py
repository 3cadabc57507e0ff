"""Words for the codes of prices and funding."""

from decimal import Decimal

from django import template

from finance.models import CostKind, Route

register = template.Library()


@register.filter
def cost_kind(code: str) -> str:
    return CostKind(code).label


@register.filter
def funding_route(code: str) -> str:
    return Route(code).label


@register.filter
def percent(share: Decimal) -> str:
    """`33.3333%`, without zeros that say nothing."""
    return f"{share.normalize():f}%"
