"""Puts charts on pages: `{% chart chart %}`, `{% chart_table chart.table "Every figure as a table" %}`."""

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

from commissioning.core.charts.chart import Chart, Table
from commissioning.core.charts.marks import Drawing
from commissioning.core.charts.svg import render, render_svg, render_table

register = template.Library()


@register.simple_tag(takes_context=True)
def chart(context: Context, shown: Chart) -> SafeString:
    """Every drawing of a chart, of which the page shows the one that fits. Ids stay unique if it is shown twice."""
    return mark_safe(render(shown, _suffix(context, shown.key)))  # noqa: S308 the templates escape every value


@register.simple_tag(takes_context=True)
def chart_print(context: Context, shown: Chart) -> SafeString:
    """The widest drawing alone, for documents."""
    return mark_safe(render_svg(shown.drawing, "chart chart-print", _suffix(context, shown.key)))  # noqa: S308


@register.simple_tag(takes_context=True)
def sparkline(context: Context, shown: Drawing) -> SafeString:
    """A small drawing inside a table's cell."""
    return mark_safe(render_svg(shown, "chart chart-spark", _suffix(context, shown.key)))  # noqa: S308


@register.simple_tag
def chart_table(table: Table, summary: str = "") -> SafeString:
    """The figures of a chart; folded under `summary` if one is given."""
    return mark_safe(render_table(table, summary))  # noqa: S308 the template escapes every value


def _suffix(context: Context, key: str) -> str:
    """Nothing the first time a page shows a chart, then -2, -3."""
    shown: dict[str, int] = context.dicts[0].setdefault("_charts_shown", {})
    shown[key] = shown.get(key, 0) + 1
    return f"-{shown[key]}" if shown[key] > 1 else ""
