"""Tags that know who is looking: the navigation, and whether a link would be let in."""

from django import template
from django.template import Context

from commissioning.accounts import navigation as table

register = template.Library()


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> list[table.Link]:
    """`{% navigation as links %}`: the main navigation for whoever is here."""
    request = context.get("request")
    return table.links(context.get("actor"), request.path if request else "")


@register.simple_tag(takes_context=True)
def person_tabs(context: Context, reference: str, tab: str = "") -> list[table.Link]:
    """`{% person_tabs person.reference as tabs %}`: the pages about a person that this role may open.

    `tab` is the url name of the one this page belongs to, where the address does not say it.
    """
    request = context.get("request")
    return table.person_links(context.get("actor"), reference, request.path if request else "", tab)


@register.simple_tag(takes_context=True)
def money_tabs(context: Context) -> list[table.Link]:
    """`{% money_tabs as tabs %}`: the pages about money that this role may open."""
    request = context.get("request")
    return table.money_links(context.get("actor"), request.path if request else "")


@register.simple_tag(takes_context=True)
def may(context: Context, url_name: str) -> bool:
    """`{% may "person_edit" as can_edit %}`: does the address exist and let this role in?"""
    return table.may_open(context.get("actor"), url_name)


@register.simple_tag
def page(url_name: str) -> str:
    """`{% page "help" as url %}`: the address of a page without arguments, or nothing while there is none."""
    return table.address_of(url_name)


@register.simple_tag(takes_context=True)
def search_address(context: Context) -> str:
    """`{% search_address as url %}`: where the search for a person goes, for those who may."""
    return table.search_address(context.get("actor"))
