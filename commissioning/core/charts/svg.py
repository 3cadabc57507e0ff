"""Writes drawings as SVG and charts as HTML. The only place that knows of Django's templates."""

from django.template.loader import render_to_string

from commissioning.core.charts.chart import Chart, Table
from commissioning.core.charts.marks import Drawing


def render_svg(drawing: Drawing, css: str = "chart", suffix: str = "") -> str:
    """One drawing as inline SVG; `suffix` keeps its ids apart where a page shows it twice."""
    key = f"{drawing.key}{suffix}"
    return render_to_string("charts/drawing.svg", {"drawing": drawing, "css": css, "key": key}).strip()


def render(chart: Chart, suffix: str = "") -> str:
    """Every drawing of a chart, in a frame that shows the one that fits."""
    drawn = [render_svg(fitted.drawing, fitted.css, suffix) for fitted in chart.fitted]
    return render_to_string("charts/chart.html", {"chart": chart, "drawn": drawn}).strip()


def render_table(table: Table, summary: str = "") -> str:
    """The figures as a table, folded under `summary` if one is given."""
    return render_to_string("charts/table.html", {"table": table, "summary": summary}).strip()
