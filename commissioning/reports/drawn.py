"""The charts of a document, drawn from its frozen figures alone. Each comes with its table for the numbers pages."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from commissioning.core.charts import (
    PRINT,
    Axis,
    Bar,
    BarRow,
    Bars,
    BetterSameWorse,
    Chart,
    CostAndLife,
    Count,
    DomainRow,
    LifePoint,
    LifeSeries,
    LinesOverTime,
    MoneyLevel,
    MoneyPanel,
    MoneyPoint,
    MoneyRange,
    PersonPoint,
    Quadrants,
    Share,
    ShareRow,
    Shares,
    StepsOverTime,
    bars,
    better_same_worse,
    lines_over_time,
    quadrants,
    scatter,
    shares,
    steps_over_time,
)
from commissioning.reports.models import Edition

# Widths of the grid, in points: all twelve columns, and the nine beside the rail.
TWELVE, NINE = (493.2,), (367.1,)
ROUNDED_TO = 5
NAMED_POINTS = 12
FEWEST_LEVELS = 4

Figures = Mapping[str, Any]


def draw_all(figures: Figures) -> dict[str, Chart]:
    """The charts that these figures have something to draw for, in the order of the pages."""
    found = {
        "cost": _cost(figures),
        "life": _life(figures),
        "lives": _lives_over_time(figures),
        "bodies": _bodies(figures),
        "places": _places(figures),
        "measures": _measures(figures),
        "views": _views(figures),
        "together": _together(figures),
        "people": _points(figures),
        "homes": _homes(figures),
    }
    return {name: chart for name, chart in found.items() if chart is not None}


def _is_public(figures: Figures) -> bool:
    return bool(figures["meta"]["edition"] != Edition.WORKING)


def _first(month: str) -> dt.date:
    return dt.date.fromisoformat(f"{month}-01")


def _cost(figures: Figures) -> Chart | None:
    cost = figures["cost"]
    if not cost["is_shown"]:
        return None
    panel = MoneyPanel(
        "What their support costs",
        tuple(MoneyPoint(_first(each["month"]), each["cost"]["number"]) for each in cost["months"]),
        baseline=MoneyLevel("Before", cost["baseline"]["number"]),
        forecast=tuple(
            MoneyRange(_first(each["month"]), each["low"]["number"], each["high"]["number"])
            for each in cost["ahead"]
            if each["low"]["number"] is not None and each["high"]["number"] is not None
        ),
    )
    month = figures["meta"]["month_words"]
    title = (
        f"Weekly cost of the same people, {cost['compared']['words']}, over two years and a year ahead: "
        f"{cost['now']['words']} in {month}, {cost['baseline']['words']} before."
    )
    per = f"a week, changes to the nearest {cost['change_unit']}" if _is_public(figures) else "a week"
    data = StepsOverTime("cost", (panel,), title=title, from_zero=_is_coarse(cost), per=per)
    return steps_over_time(data, widths=TWELVE, style=PRINT)


def _is_coarse(cost: Mapping[str, Any]) -> bool:
    """Whether rounding makes most of the movement: then the scale starts at nought, so that steps do not look large."""
    changes = {each["change"]["number"] for each in cost["months"]}
    return len(changes) <= FEWEST_LEVELS


def _life(figures: Figures) -> Chart | None:
    """The cover's one line of life: everyone, by how their life compares with before."""
    everyone = figures["lives"]["everyone"]
    if not figures["lives"]["is_shown"]:
        return None
    names = ("better", "same", "worse", "not_known")
    labels = ("Better", "The same", "Worse", "Not known")
    parts = tuple(
        Share(label, everyone[name]["number"], f"{everyone[name]['words']}")
        for name, label in zip(names, labels, strict=True)
    )
    told = ", ".join(f"{label.lower()} {part.words}" for label, part in zip(labels, parts, strict=True))
    data = Shares(
        "life",
        "How their lives are",
        (ShareRow("Everyone", parts),),
        unit="people, each against their own first answers",
        kind="life",
        title=f"How people’s lives compare with before: {told}.",
    )
    return shares(data, widths=TWELVE, style=PRINT)


def _lives_over_time(figures: Figures) -> Chart | None:
    lives = figures["lives"]
    if not lives["is_shown"]:
        return None
    series = tuple(
        LifeSeries(label, tuple(LifePoint(_first(each["month"]), each[name]["number"]) for each in lives["quarters"]))
        for name, label in (("better", "Better"), ("worse", "Worse"))
    )
    known = [line for line in series if line.known]
    if not known:
        return None
    highest = max(int(value) for line in known for _, value in line.known)
    top = max(10, -(-highest // 10) * 10)
    everyone = lives["everyone"]
    title = (
        f"People whose life is better than at first, and people whose life is worse, every three months. "
        f"Now {everyone['better']['words']} of {everyone['known']['words']} are better."
    )
    data = LinesOverTime(
        "lives",
        "How their lives are",
        tuple(known),
        unit="people compared with their own first answers",
        high=top,
        suffix="",
        title=title,
    )
    return lines_over_time(data, widths=TWELVE, style=PRINT)


def _bodies(figures: Figures) -> Chart | None:
    bodies = [body for body in figures["cost"]["bodies"] if body["now"]["number"] is not None]
    panels = [
        MoneyPanel(
            body["label"],
            tuple(
                MoneyPoint(_first(month["month"]), told["number"])
                for month, told in zip(figures["cost"]["months"], body["months"], strict=True)
            ),
        )
        for body in bodies
        if body["key"] in {"council", "nhs"}
    ]
    if not panels:
        return None
    told = ", ".join(f"{body['label']} {body['now']['words']}" for body in bodies)
    title = f"Who pays, a week, over two years. In {figures['meta']['month_words']}: {told}."
    return steps_over_time(StepsOverTime("bodies", tuple(panels), title=title), widths=TWELVE, style=PRINT)


def _places(figures: Figures) -> Chart | None:
    parts = tuple(
        Share(place["label"], place["weekly"]["number"], place["weekly"]["words"])
        for place in figures["cost"]["places"]
        if place["weekly"]["number"]
    )
    if len(parts) < 2:
        return None
    data = Shares(
        "places",
        "Where the money goes",
        (ShareRow(figures["meta"]["month_words"], parts),),
        unit="a week, everyone supported",
        title="Weekly cost by where people live: " + ", ".join(f"{part.label} {part.words}" for part in parts) + ".",
    )
    return shares(data, widths=NINE, style=PRINT)


def _count(told: Mapping[str, Any]) -> Count:
    return Count(told["words"], told["number"])


def _measures(figures: Figures) -> Chart | None:
    rows = tuple(
        DomainRow(each["label"], *(_count(each[name]) for name in ("better", "same", "worse", "not_known")))
        for each in figures["lives"]["measures"]
    )
    if not rows or not figures["lives"]["is_shown"]:
        return None
    data = BetterSameWorse(
        "measures",
        "Each question, then and now",
        rows,
        unit="the same person, the same view",
        least_unit=ROUNDED_TO if _is_public(figures) else 1,
        title="How many people are better, the same and worse than before, and not known, by question.",
    )
    return better_same_worse(data, widths=TWELVE, style=PRINT)


def _views(figures: Figures) -> Chart | None:
    views = [each for each in figures["lives"]["views"] if each["people"]["number"]]
    if not views or not figures["lives"]["is_shown"]:
        return None
    rows = tuple(BarRow(each["label"], Bar(each["people"]["number"], each["people"]["words"])) for each in views)
    told = ", ".join(f"{row.label.lower()} {row.now.words}" for row in rows)
    data = Bars("views", "Whose view it is", rows, kind="life", unit="people", title=f"Whose view it is: {told}.")
    return bars(data, widths=NINE, style=PRINT)


def _together(figures: Figures) -> Chart | None:
    together = figures["together"]
    if not together["is_shown"]:
        return None
    public = _is_public(figures)
    data = Quadrants(
        "together",
        "Change in cost against change in life",
        tuple(Axis(row["label"], _people(row["people"])) for row in together["rows"]),
        tuple(
            Axis(label, _people(total))
            for label, total in zip(together["columns"], together["column_totals"], strict=True)
        ),
        tuple(tuple(_count(cell["people"]) for cell in row["cells"]) for row in together["rows"]),
        unit="people; the tinted fields are the aim",
        unit_people=ROUNDED_TO if public else 1,
        aim_rows=2,
    )
    return quadrants(data, widths=TWELVE, style=PRINT)


def _people(told: Mapping[str, Any]) -> str:
    return f"{told['words']} {'person' if told['number'] == 1 else 'people'}"


def _people_points(lines: Sequence[Mapping[str, Any]]) -> tuple[PersonPoint, ...]:
    """Everyone with both; the ones furthest from no change are named beside their mark."""
    points = [line for line in lines if line["is_point"]]
    named = {
        line["reference"]
        for line in sorted(points, key=lambda each: (-abs(each["change_pence"]), each["reference"]))[:NAMED_POINTS]
    }
    return tuple(
        PersonPoint(line["name"], line["change_pence"], line["better"], line["worse"], line["reference"] in named)
        for line in points
    )


def _points(figures: Figures) -> Chart | None:
    """People as points: the working pack's alone."""
    points = _people_points(figures["working"]["people"]) if figures["working"] else ()
    if not points:
        return None
    title = (
        f"Each of {len(points)} people by how their weekly cost and their life changed; "
        "every figure is in the people table."
    )
    return scatter(CostAndLife("people", "Each person", points, title=title), widths=TWELVE, style=PRINT)


def _homes(figures: Figures) -> Chart | None:
    rows = tuple(
        BarRow(
            place["label"],
            Bar(place["people"]["number"], place["people"]["words"]),
            Bar(place["people_earlier"]["number"], place["people_earlier"]["words"]),
        )
        for place in figures["cost"]["places"]
    )
    if not rows:
        return None
    told = "; ".join(f"{row.label} {row.before.words if row.before else ''}, now {row.now.words}" for row in rows)
    data = Bars(
        "homes",
        "Where people live",
        rows,
        kind="life",
        unit="people supported",
        now_label="Now",
        before_label="A year ago",
        title=f"Where people live, a year ago and now: {told}.",
    )
    return bars(data, widths=NINE, style=PRINT)
