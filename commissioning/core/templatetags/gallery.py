"""For the gallery of components alone."""

from typing import Any

from django import template
from django.core.paginator import Paginator

from commissioning.core import gallery

register = template.Library()


@register.simple_tag
def samples() -> dict[str, Any]:
    """`{% samples as sample %}`: forms, figures and lists to show the components with."""
    resting, wrong = gallery.sample_forms()
    return {
        "form": resting,
        "wrong": wrong,
        "figures": gallery.FIGURES,
        "needs": gallery.NEEDS,
        "page_obj": Paginator(range(300), 20).page(7),
        "rows": [("Reference", "EP-0126", "#rows"), ("Born", "14 March 2002", "#rows"), ("Register", "Green", "")],
        "trail": [("Home", "/"), ("People", "#breadcrumbs"), ("Jo Example", "")],
        "steps": ["Person", "Provider and contract", "Home and dates", "Costs and funding", "Check your answers"],
    }
