"""Charts tell the truth: steps begin and end where they should, gaps are not zeros, no label covers another."""

import datetime as dt
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from django.template import Context, Template

from commissioning.core.charts import (
    PRINT,
    Axis,
    BandRow,
    Bands,
    Bar,
    BarRow,
    Bars,
    BetterSameWorse,
    Chart,
    CostAndLife,
    CostStep,
    Count,
    DomainRow,
    IncidentMonth,
    LifePoint,
    LifeSeries,
    LinesOverTime,
    MoneyAndLife,
    MoneyLevel,
    MoneyPanel,
    MoneyPoint,
    MoneyRange,
    Move,
    OneOff,
    OutcomeRow,
    PersonPoint,
    Quadrants,
    Share,
    ShareRow,
    Shares,
    Stay,
    StepsOverTime,
    View,
    bands,
    bars,
    better_same_worse,
    lines_over_time,
    money_and_life,
    quadrants,
    render,
    render_svg,
    render_table,
    scatter,
    shares,
    sparkline,
    steps_over_time,
)
from commissioning.core.charts.canvas import spread
from commissioning.core.charts.marks import Circle, Drawing, Line, Path, Rect, written
from commissioning.core.charts.scales import TimeScale, add_months, less_or_more, nice_steps, tick_money, value_words
from commissioning.core.charts.typeset import measure, shorten, wrap

SVG = "{http://www.w3.org/2000/svg}"
TODAY = dt.date(2026, 11, 5)
HOSTILE = '<script>alert("x")</script> & Sons'
LONG = "I have people in my life who know me well and who are not paid to be there"


def month(year: int, number: int) -> dt.date:
    return dt.date(year, number, 1)


def months(first: dt.date, count: int) -> Iterator[dt.date]:
    return (add_months(first, place) for place in range(count))


def panel(*pence: int | None, baseline: int | None = None, heading: str = "Weekly cost") -> MoneyPanel:
    points = tuple(
        MoneyPoint(day, amount) for day, amount in zip(months(month(2026, 1), len(pence)), pence, strict=True)
    )
    return MoneyPanel(heading, points, MoneyLevel("Baseline", baseline) if baseline is not None else None)


def paths(drawing: Drawing, role: str) -> list[Path]:
    return [mark for mark in drawing.of(role) if isinstance(mark, Path)]


def texts(drawing: Drawing) -> list[str]:
    return [text.words for text in drawing.texts]


# ---------------------------------------------------------------- messy data, one of each chart


def ten_years(seed: int, *, scale: int = 10_000_00) -> MoneyPanel:
    chance = random.Random(seed)
    amount, points = 50, []
    for day in months(month(2016, 1), 130):
        amount = max(1, amount + chance.randint(-6, 6))
        points.append(MoneyPoint(day, None if chance.random() < 0.08 else amount * scale))
    forecast = tuple(MoneyRange(day, amount * scale, (amount + 9) * scale) for day in months(month(2026, 11), 8))
    levels = tuple(MoneyPoint(month(year, 4), (year - 1970) * scale) for year in range(2016, 2027))
    return MoneyPanel(
        LONG, tuple(points), MoneyLevel("Before", points=levels), MoneyLevel("Budget", 60 * scale), forecast
    )


def busy_person(seed: int, *, shown: int | None = None) -> MoneyAndLife:
    chance = random.Random(seed)
    history = list(months(month(2016, 9), 122))

    def view(who: str, highest: int = 5) -> View:
        known = chance.random()
        return View(
            who,
            tuple(LifePoint(day, chance.randint(1, highest) if chance.random() < known else None) for day in history),
        )

    scores = tuple(
        OutcomeRow(LONG, (view("Christopher-James says"), view("Family say"), view("Staff say"))) for _ in range(5)
    )
    counts = tuple(OutcomeRow("Out in the community", (view("", 150),), "count", "hours a week") for _ in range(3))
    incidents = []
    for day in history:
        total = chance.choice([0, 1, 3, 14, 41, 250])
        incidents.append(IncidentMonth(day, total, chance.randint(0, total)))
    return MoneyAndLife(
        "busy",
        "Christopher-James",
        TODAY,
        stays=(
            Stay(
                dt.date(2014, 2, 1),
                dt.date(2018, 3, 14),
                "St Aldhelm’s Assessment and Treatment Unit",
                "far away",
                "",
                "hospital",
            ),
            Stay(dt.date(2018, 3, 15), dt.date(2021, 8, 31), "Larch Road", "care home", "", "care"),
            Stay(dt.date(2019, 6, 1), dt.date(2019, 8, 20), "Cedar Ward", "", "", "hospital"),
            Stay(dt.date(2021, 9, 1), dt.date(2021, 9, 20), "Respite at The Willows", "", "Willows", "away"),
            Stay(dt.date(2021, 9, 21), None, "Own flat, Harbour Row", "own tenancy"),
        ),
        cost=(
            CostStep(dt.date(2014, 2, 1), 612_345),
            CostStep(dt.date(2018, 3, 15), None),
            CostStep(dt.date(2018, 5, 1), 384_067),
            CostStep(dt.date(2021, 9, 1), 890_000),
            CostStep(dt.date(2021, 12, 1), 455_055),
            CostStep(dt.date(2026, 4, 1), 528_765),
        ),
        baseline_pence=612_345,
        one_offs=(
            OneOff(dt.date(2025, 12, 18), 45_000, "wet room"),
            OneOff(dt.date(2026, 2, 3), 2_345_000, "adaptations"),
        ),
        forecast=tuple(MoneyRange(day, 500_000, 560_000) for day in months(month(2026, 11), 5)),
        outcomes=scores + counts,
        incidents=tuple(incidents),
        moves=(Move(dt.date(2018, 3, 15)), Move(dt.date(2021, 9, 1)), Move(dt.date(2021, 9, 21))),
        months=shown,
        gap_note="£112,345 less in a year, after the cost of moving",
    )


def many_people(seed: int) -> CostAndLife:
    chance = random.Random(seed)
    people = tuple(
        PersonPoint(
            f"EP-{place:04d}",
            int(chance.gauss(-20_000, 60_000)),
            chance.randint(0, 8),
            chance.randint(0, 4),
            place % 30 == 0,
        )
        for place in range(140)
    )
    return CostAndLife("people", "Change in cost against change in life", people)


HIDDEN = Count("fewer than 8")
DRAWN: dict[str, Callable[..., Chart]] = {
    "steps": lambda **k: steps_over_time(StepsOverTime("a", (ten_years(1),), today=TODAY), **k),
    "steps, four panels": lambda **k: steps_over_time(StepsOverTime("b", tuple(ten_years(n) for n in range(4))), **k),
    "steps, change": lambda **k: steps_over_time(
        StepsOverTime("c", (ten_years(2),), today=TODAY, against_baseline=True), **k
    ),
    "steps, one month": lambda **k: steps_over_time(StepsOverTime("d", (panel(310_000, baseline=550_000),)), **k),
    "lines": lambda **k: lines_over_time(
        LinesOverTime(
            "e",
            LONG,
            tuple(
                LifeSeries(
                    LONG,
                    tuple(
                        LifePoint(day, None if day.month == n else day.month + n) for day in months(month(2024, 1), 30)
                    ),
                )
                for n in range(3)
            ),
            today=TODAY,
        ),
        **k,
    ),
    "bars": lambda **k: bars(
        Bars(
            "f",
            "By setting",
            (
                BarRow(LONG, Bar(5_840_000), Bar(9_800_000), "80 people"),
                BarRow("Own tenancy", Bar(0), Bar(1)),
                BarRow("Abroad", Bar(None, "hidden, fewer than 10 people"), None, "fewer than 8"),
            ),
        ),
        **k,
    ),
    "shares": lambda **k: shares(
        Shares(
            "g",
            "Who pays",
            (ShareRow(LONG, (Share(LONG, 216_239), Share("Council", 1), Share("Other", None, "hidden"))),),
        ),
        **k,
    ),
    "bands": lambda **k: bands(
        Bands("h", "Where", (BandRow(LONG, busy_person(1).stays), BandRow("Sam", ())), TODAY), **k
    ),
    "scatter": lambda **k: scatter(many_people(3), **k),
    "quadrants": lambda **k: quadrants(
        Quadrants(
            "i",
            "Cost against life",
            (Axis("Life better", "about 60 people"), Axis("Life the same"), Axis("Life worse")),
            tuple(Axis(words, "over £500 a week") for words in ("Much less", "Less", "The same", "More")),
            tuple(tuple(HIDDEN if n % 3 else Count("about 95 people", 95) for n in range(4)) for _ in range(3)),
        ),
        **k,
    ),
    "better, same, worse": lambda **k: better_same_worse(
        BetterSameWorse(
            "j",
            "How lives changed",
            (
                DomainRow(LONG, Count("65", 65), Count("25", 25), HIDDEN, Count("40", 40)),
                DomainRow("Health", Count("0", 0), Count("140,000", 140_000), Count("10", 10), HIDDEN),
            ),
            least_unit=5,
        ),
        **k,
    ),
    "person, a year": lambda **k: money_and_life(busy_person(4, shown=12), **k),
    "person, two years": lambda **k: money_and_life(busy_person(5, shown=24), **k),
    "person, whole history": lambda **k: money_and_life(busy_person(6), **k),
    "person, nothing known": lambda **k: money_and_life(MoneyAndLife("k", "Sam", TODAY), **k),
}


@pytest.fixture(params=DRAWN)
def drawings(request: pytest.FixtureRequest) -> list[Drawing]:
    """Every width of a chart for screens, and its print."""
    make = DRAWN[request.param]
    return [*make().drawings, *make(widths=(493.2,), style=PRINT).drawings, *make(widths=(300,)).drawings]


def test_it_never_draws_words_over_words(drawings: list[Drawing]) -> None:
    for drawing in drawings:
        for one, other in combinations(drawing.texts, 2):
            assert not one.box.overlaps(other.box, -0.5), (drawing.width, one.words, other.words)


def test_it_keeps_all_words_inside_the_drawing(drawings: list[Drawing]) -> None:
    for drawing in drawings:
        for text in drawing.texts:
            box = text.box
            inside = (
                box.left >= -1 and box.top >= -1 and box.right <= drawing.width + 1 and box.bottom <= drawing.height + 1
            )
            assert inside, (drawing.width, drawing.height, text)


def test_it_writes_well_formed_svg_that_says_what_it_shows(drawings: list[Drawing]) -> None:
    for drawing in drawings:
        svg = fromstring(render_svg(drawing))
        named = {found.get("id"): found.text for found in svg if found.tag in (f"{SVG}title", f"{SVG}desc")}
        assert svg.get("role") == "img"
        assert svg.get("aria-labelledby") == " ".join(str(key) for key in named)
        assert all(named.values())


def test_it_uses_no_inline_style_that_the_content_security_policy_would_drop(drawings: list[Drawing]) -> None:
    for drawing in drawings:
        svg: Element = fromstring(render_svg(drawing))
        assert not [element for element in svg.iter() if element.get("style") or element.tag == f"{SVG}style"]


@pytest.mark.parametrize("name", DRAWN)
def test_it_gives_every_chart_a_table_whose_rows_match_its_columns(name: str) -> None:
    table = DRAWN[name]().table
    assert table.rows
    assert {len(row) for row in table.rows} == {len(table.columns)}
    assert "<caption" in render_table(table)


# ---------------------------------------------------------------- money over time


def test_it_draws_each_step_over_its_own_month() -> None:
    chart = steps_over_time(StepsOverTime("cost", (panel(100_000, 100_000, 300_000),)))
    (steps,) = paths(chart.drawing, "money")
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = steps.points
    assert (x1 - x0) == pytest.approx(2 * (x3 - x2))  # two months at £1,000, then one at £3,000
    assert y0 == y1 > y2 == y3
    assert x1 == x2  # square corners


def test_it_ends_the_current_month_at_today() -> None:
    data = StepsOverTime("cost", (panel(100_000, 200_000),), today=dt.date(2026, 2, 15))
    (steps,) = paths(steps_over_time(data).drawing, "money")
    (today,) = [mark for mark in steps_over_time(data).drawing.of("today") if isinstance(mark, Line)]
    assert steps.points[-1][0] == pytest.approx(today.start[0])


def test_it_puts_zero_on_the_axis() -> None:
    drawing = steps_over_time(StepsOverTime("cost", (panel(0, 400_000),))).drawing
    (steps,) = paths(drawing, "money")
    axis = [mark for mark in drawing.of("axis") if isinstance(mark, Line) and mark.start[1] == mark.end[1]]
    assert steps.points[0][1] == pytest.approx(axis[0].start[1])
    assert "£0" in texts(drawing)


def test_it_says_where_the_scale_starts_when_that_is_not_zero() -> None:
    drawing = steps_over_time(StepsOverTime("cost", (panel(12_800_000, 11_200_000),), from_zero=False)).drawing
    assert any("The scale starts at £110k." in words for words in texts(drawing))


def test_it_breaks_the_line_where_nothing_is_known_and_never_falls_to_zero() -> None:
    drawing = steps_over_time(StepsOverTime("cost", (panel(100_000, None, None, 100_000),))).drawing
    first, second = paths(drawing, "money")
    assert first.points[-1][0] < second.points[0][0]
    assert {y for path in (first, second) for _, y in path.points} == {first.points[0][1]}


def test_it_shows_change_with_the_baseline_at_zero() -> None:
    data = StepsOverTime("cost", (panel(14_820_000, 13_186_000, baseline=14_820_000),), against_baseline=True)
    drawing = steps_over_time(data).drawing
    (steps,), (baseline,) = paths(drawing, "money"), paths(drawing, "baseline")
    assert steps.points[0][1] == pytest.approx(baseline.points[0][1])
    assert "£16,340 a week less" in texts(drawing)
    assert "Baseline £148,200" in texts(drawing)


def test_it_takes_each_month_from_the_baseline_of_that_month() -> None:
    levels = (MoneyPoint(month(2026, 1), 100_000), MoneyPoint(month(2026, 2), 200_000))
    one = MoneyPanel("Weekly cost", panel(100_000, 200_000).points, MoneyLevel("Before", points=levels))
    drawing = steps_over_time(StepsOverTime("cost", (one,), against_baseline=True)).drawing
    (steps,) = paths(drawing, "money")
    assert len({y for _, y in steps.points}) == 1


def test_it_gives_panels_one_scale() -> None:
    drawing = steps_over_time(
        StepsOverTime("cost", (panel(900_000, heading="Council"), panel(100_000, heading="NHS")))
    ).drawing
    council, nhs = paths(drawing, "money")
    assert council.points[0][1] < nhs.points[0][1]
    assert texts(drawing).count("£0") == 2


def test_it_draws_the_forecast_as_a_band_after_what_is_known() -> None:
    one = MoneyPanel("Weekly cost", panel(100_000).points, forecast=(MoneyRange(month(2026, 2), 90_000, 120_000),))
    drawing = steps_over_time(StepsOverTime("cost", (one,))).drawing
    (band,), (steps,) = paths(drawing, "forecast"), paths(drawing, "money")
    assert band.closed
    assert min(x for x, _ in band.points) >= steps.points[-1][0]
    assert "forecast" in texts(drawing)


def test_it_says_the_finding_in_the_title_and_the_pence_in_the_table() -> None:
    chart = steps_over_time(StepsOverTime("cost", (panel(550_000, 310_001, baseline=550_000),)))
    assert chart.title == (
        "Weekly cost: £5,500 a week in January 2026, £3,100 in February 2026: "
        "£2,400 a week less than the baseline of £5,500."
    )
    assert chart.table.rows[1] == ("February 2026", "£3,100.01", "£5,500.00")


def test_it_writes_rounded_amounts_without_pence_in_the_table() -> None:
    chart = steps_over_time(StepsOverTime("cost", (panel(13_200_000, None),), pennies=False))
    assert chart.table.rows == (("January 2026", "£132,000"), ("February 2026", "not known"))


def test_it_draws_a_sparkline_that_says_its_figures() -> None:
    drawing = sparkline("row-1", panel(550_000, 310_000, baseline=550_000))
    assert drawing.title == "Weekly cost: £5,500 in Jan 2026, £3,100 in Feb 2026, £2,400 a week less"
    assert sparkline("row-2", MoneyPanel("Weekly cost", ())).title == "Weekly cost: not known"


# ---------------------------------------------------------------- life


def test_it_joins_a_gap_with_dots_and_gives_it_no_mark() -> None:
    values = (Fraction(60), None, None, Fraction(61, 1))
    points = tuple(LifePoint(day, value) for day, value in zip(months(month(2026, 1), 4), values, strict=True))
    drawing = lines_over_time(LinesOverTime("life", "Home", (LifeSeries("Mine", points),))).drawing
    assert len(drawing.of("dot-1")) == 2
    (gap,) = [mark for mark in drawing.of("missing") if isinstance(mark, Line)]
    first, last = (mark for mark in drawing.of("dot-1") if isinstance(mark, Circle))
    assert (gap.start, gap.end) == (first.centre, last.centre)


def test_it_tells_series_apart_by_dash_and_shape_not_colour_alone() -> None:
    points = (LifePoint(month(2026, 1), 1), LifePoint(month(2026, 2), 2))
    data = LinesOverTime("life", "Home", tuple(LifeSeries(name, points) for name in "ABC"), low=1, high=5, suffix="")
    style = lines_over_time(data).drawing.style
    assert len({style.look(f"life-{n}").dash for n in (1, 2, 3)}) == 3
    assert len({style.look(f"dot-{n}").fill for n in (1, 2, 3)}) == 3


def test_it_shows_at_most_three_series() -> None:
    with pytest.raises(ValueError, match="1 to 3 series"):
        LinesOverTime("life", "Home", ())


def test_it_gives_bars_lengths_in_proportion_and_a_true_zero_none() -> None:
    data = Bars("bars", "By setting", (BarRow("A", Bar(400_00)), BarRow("B", Bar(100_00)), BarRow("C", Bar(0))))
    chart = bars(data)
    widths = [mark.box.right - mark.box.left for mark in chart.drawing.of("money-bar") if isinstance(mark, Rect)]
    assert len(widths) == 2
    assert widths[0] == pytest.approx(4 * widths[1])
    assert "£0" in texts(chart.drawing)


def test_it_uses_the_words_of_an_edition_in_picture_and_table_alike() -> None:
    row = BarRow("Abroad", Bar(None, "fewer than 8"))
    chart = bars(Bars("bars", "By setting", (row, BarRow("Here", Bar(50)))))
    assert "fewer than 8" in texts(chart.drawing)
    assert chart.table.rows[0] == ("Abroad", "fewer than 8")
    assert "fewer than 8" in chart.title


def test_it_makes_parts_of_a_whole_fill_the_bar() -> None:
    data = Shares("who", "Who pays", (ShareRow("Who pays", (Share("NHS", 300_00), Share("Council", 100_00))),))
    drawing = shares(data).drawing
    first, second = (
        max((mark for mark in drawing.of(role) if isinstance(mark, Rect)), key=lambda mark: mark.box.right)
        for role in ("share-1", "share-2")
    )
    assert second.box.right == pytest.approx(drawing.width, abs=3)
    assert first.box.right < second.box.left
    assert "NHS £300 (75%)" in texts(drawing)


def test_it_never_says_that_a_small_share_is_none_or_a_large_one_all() -> None:
    data = Shares("who", "Who pays", (ShareRow("Who pays", (Share("NHS", 999_999), Share("Council", 1))),))
    assert {"NHS £10,000 (over 99%)", "Council £0 (under 1%)"} <= set(texts(shares(data).drawing))


def test_it_counts_better_same_and_worse_in_marks() -> None:
    row = DomainRow("Home", Count.of(6), Count.of(3), Count.of(1), Count.of(0))
    drawing = better_same_worse(BetterSameWorse("lives", "Lives", (row,))).drawing
    heads = 1  # each group's name has its mark too
    assert [len(drawing.of(role)) - heads for role in ("better", "same", "fell", "unknown")] == [6, 3, 1, 0]


def test_it_shows_a_hidden_count_as_words_and_one_hollow_mark() -> None:
    row = DomainRow("Home", Count("65", 65), Count("25", 25), HIDDEN, Count("40", 40))
    chart = better_same_worse(BetterSameWorse("lives", "Lives", (row,), least_unit=5))
    assert len(chart.drawing.of("hidden")) == 1
    assert "fewer than 8" in texts(chart.drawing)
    assert chart.table.rows[0] == ("Home", "65", "25", "fewer than 8", "40")


# ---------------------------------------------------------------- cost against life


def test_it_puts_people_in_their_quadrant() -> None:
    people = (PersonPoint("A", -240_000, 5, 1), PersonPoint("B", 100_000, 1, 3), PersonPoint("C", 0, 2, 2))
    drawing = scatter(CostAndLife("people", "Change", people)).drawing
    (upright,) = [mark for mark in drawing.of("axis") if isinstance(mark, Line) and mark.start[0] == mark.end[0]]
    (level,) = [mark for mark in drawing.of("axis") if isinstance(mark, Line) and mark.start[1] == mark.end[1]]
    better = [mark for mark in drawing.of("better") if isinstance(mark, Circle)][-1]
    assert better.centre[0] < upright.start[0]
    assert better.centre[1] < level.start[1]
    worse = paths(drawing, "fell")[-1]
    assert min(x for x, _ in worse.points) > upright.start[0]
    assert "Better life, costs less: 1" in texts(drawing)


def test_it_pushes_people_apart_who_would_cover_one_another() -> None:
    people = tuple(PersonPoint(str(place), -100_000, 2, 0) for place in range(3))
    drawing = scatter(CostAndLife("people", "Change", (*people, PersonPoint("far", 100_000, 0, 1)))).drawing
    centres = [mark.centre for mark in drawing.of("better") if isinstance(mark, Circle)][-3:]
    assert len(set(centres)) == 3


def test_it_gives_counts_of_a_quadrant_only_as_told() -> None:
    cells = ((Count("about 35", 35), HIDDEN), (HIDDEN, Count("about 25", 25)))
    data = Quadrants("q", "Change", (Axis("Better"), Axis("Not better")), (Axis("Less"), Axis("More")), cells)
    chart = quadrants(data)
    assert len(chart.drawing.of("better")) == 7 + 5 + 1  # one mark is five people, and one stands in the key
    assert chart.table.rows == (("Better", "about 35", "fewer than 8"), ("Not better", "fewer than 8", "about 25"))


# ---------------------------------------------------------------- one person


def jo(**changed: Any) -> MoneyAndLife:
    home = OutcomeRow(
        "My home feels like mine",
        (
            View("Jo says", tuple(LifePoint(month(2026, n), value) for n, value in ((7, 3), (8, 4), (9, 5), (10, 5)))),
            View("Staff say", tuple(LifePoint(month(2026, n), value) for n, value in ((4, 1), (6, 1), (10, 5)))),
        ),
    )
    usual = MoneyAndLife(
        "jo",
        "Jo",
        TODAY,
        stays=(
            Stay(dt.date(2020, 9, 1), dt.date(2026, 6, 30), "Far House", "secure hospital", "", "hospital"),
            Stay(dt.date(2026, 7, 1), None, "Her own flat", "own tenancy"),
        ),
        cost=(CostStep(dt.date(2020, 9, 1), 550_000), CostStep(dt.date(2026, 7, 1), 310_000)),
        baseline_pence=550_000,
        outcomes=(home,),
        incidents=(
            IncidentMonth(month(2026, 5), 8, 3),
            IncidentMonth(month(2026, 6), 4, 2),
            IncidentMonth(month(2026, 7), 0, 0),
        ),
        moves=(Move(dt.date(2026, 7, 1)),),
    )
    return replace(usual, **changed)


def test_it_lines_up_the_move_the_new_home_and_the_new_cost() -> None:
    drawing = money_and_life(jo()).drawing
    moved = next(mark for mark in drawing.of("event") if isinstance(mark, Line)).start[0]
    (home,) = [mark for mark in drawing.of("stay-home") if isinstance(mark, Rect)]
    (cost,) = paths(drawing, "money")
    assert home.box.left == pytest.approx(moved)
    assert cost.points[1][0] == pytest.approx(moved)
    assert "Moved 1 July" in texts(drawing)


def test_it_draws_a_disc_for_each_answer_and_dots_where_nobody_asked() -> None:
    drawing = money_and_life(jo()).drawing
    discs = [mark for n in range(1, 6) for mark in drawing.of(f"score-{n}")]
    assert len(discs) == 7
    assert "not asked" in texts(drawing)
    assert drawing.of("missing")
    assert {"3 in July, 5 now", "1 in June, 5 now"} <= set(texts(drawing))


def test_it_draws_a_ring_for_each_incident_filled_where_a_restrictive_practice_was_used() -> None:
    drawing = money_and_life(jo()).drawing
    assert len(drawing.of("incident-held")) == 3 + 2 + 1  # and one in the key
    assert len(drawing.of("incident")) == 5 + 2 + 1
    assert {"8", "4", "0", "not known"} <= set(texts(drawing))


def test_it_cuts_tall_stacks_and_still_says_the_count() -> None:
    months_of_2026 = tuple(IncidentMonth(month(2026, n), 25 if n == 5 else 1, 0) for n in range(1, 11))
    drawing = money_and_life(jo(incidents=months_of_2026)).drawing
    assert "25" in texts(drawing)
    assert len(drawing.of("incident")) == 8 + 9 + 1
    assert any(words.startswith("Stacks of incidents stop at 8") for words in texts(drawing))


def test_it_gathers_a_long_history_in_years_and_says_so() -> None:
    drawing = money_and_life(busy_person(1)).drawing
    assert any("Each column is a year" in words for words in texts(drawing))
    assert "2016" in texts(drawing)


def test_it_gives_a_phone_fewer_months_and_says_where_the_rest_is() -> None:
    narrow, wide = (money_and_life(jo(), widths=(width,)).drawing for width in (346, 1180))
    assert "the table goes further back" in " ".join(texts(narrow))
    assert "the table goes further back" not in " ".join(texts(wide))
    assert len(narrow.of("stay-home")) == len(wide.of("stay-home"))


def test_it_never_shows_a_cost_that_is_not_known_as_nothing() -> None:
    steps = (
        CostStep(dt.date(2026, 1, 1), 550_000),
        CostStep(dt.date(2026, 3, 1), None),
        CostStep(dt.date(2026, 5, 1), 310_000),
    )
    lines = paths(money_and_life(jo(cost=steps)).drawing, "money")
    assert len(lines) == 2
    assert lines[0].points[-1][0] < lines[1].points[0][0]


def test_it_sends_nobody_to_a_table_that_has_no_more() -> None:
    nothing = money_and_life(MoneyAndLife("sam", "Sam", TODAY), widths=(346,)).drawing
    assert {"not recorded", "not known"} <= set(texts(nothing))
    assert "further back" not in " ".join(texts(nothing))


def test_it_keeps_views_apart_in_the_table() -> None:
    table = money_and_life(jo()).table
    labels = [column.label for column in table.columns]
    row = next(row for row in table.rows if row[0] == "August 2026")
    assert row[labels.index("My home feels like mine, Jo says, 1 to 5")] == "4"
    assert row[labels.index("My home feels like mine, Staff say, 1 to 5")] == "not asked"
    assert row[labels.index("Incidents")] == "not known"
    assert row[labels.index("Weekly cost at month’s end")] == "£3,100.00"


# ---------------------------------------------------------------- pages


def test_it_escapes_hostile_text_everywhere() -> None:
    chart = money_and_life(
        jo(stays=(Stay(dt.date(2026, 1, 1), None, HOSTILE),), moves=(Move(dt.date(2026, 7, 1), HOSTILE),))
    )
    page = render(chart) + render_table(chart.table, HOSTILE)
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_it_keeps_ids_unique_where_a_page_shows_a_chart_twice() -> None:
    chart = steps_over_time(StepsOverTime("cost", (panel(1, 2),)))
    page = Template("{% load charts %}<div>{% chart one %}{% chart one %}</div>").render(Context({"one": chart}))
    ids = [element.get("id") for element in fromstring(page).iter() if element.get("id")]
    assert len(ids) == len(set(ids)) == 8


def test_it_shows_exactly_one_drawing_for_every_width_of_its_frame() -> None:
    chart = money_and_life(jo())
    for width in range(280, 1400, 20):
        shown = []
        for fitted in chart.fitted:
            names = fitted.css.split()
            over = [int(name.rsplit("-", 1)[1]) for name in names if "from-" in name]
            under = [int(name.rsplit("-", 1)[1]) for name in names if "below-" in name]
            if all(width >= least for least in over) and all(width < most for most in under):
                shown.append(fitted)
        assert len(shown) == 1, width


def test_it_prints_in_points() -> None:
    chart = steps_over_time(StepsOverTime("cost", (panel(1, 2),)), widths=(493.2,), style=PRINT)
    page = Template("{% load charts %}{% chart_print one %}").render(Context({"one": chart}))
    assert fromstring(page).get("width") == "493.2pt"


# ---------------------------------------------------------------- words and scales


@pytest.mark.parametrize(
    ("pence", "step", "words"),
    [
        (0, 1_000_000, "£0"),
        (1_000_000, 1_000_000, "£10k"),
        (-2_000_000, 1_000_000, "−£20k"),
        (250_000, 50_000, "£2.5k"),
        (50_000, 50_000, "£500"),
        (150_000_000, 50_000_000, "£1.5m"),
    ],
)
def test_it_writes_ticks_in_as_few_figures_as_tell_them_apart(pence: int, step: int, words: str) -> None:
    assert tick_money(pence, step) == words


def test_it_picks_round_ticks_that_hold_the_data() -> None:
    for low, high in ((0, 7), (-340, 1_210), (99_000, 101_000), (0, 123_456_789)):
        ticks = nice_steps(low, high, 4)
        assert ticks[0] <= low
        assert ticks[-1] >= high
        assert len({later - earlier for earlier, later in pairwise(ticks)}) == 1
        assert len(ticks) <= 5


def test_it_says_change_in_words() -> None:
    assert less_or_more(-1_634_000) == "£16,340 a week less"
    assert less_or_more(12_000) == "£120 a week more"
    assert less_or_more(0) == "no change"


def test_it_writes_values_with_at_most_one_decimal_and_a_true_minus() -> None:
    assert [value_words(value) for value in (5, Fraction(7, 3), Fraction(-1, 2), None)] == [
        "5",
        "2.3",
        "−0.5",
        "not known",
    ]


def test_it_writes_coordinates_with_one_decimal_and_no_minus_zero() -> None:
    assert [written(value) for value in (1.0, 2.25, -0.01, 13.96)] == ["1", "2.2", "0", "14"]


def test_it_places_days_within_their_month() -> None:
    scale = TimeScale(month(2026, 1), 12, 0, 1200)
    assert scale.x(dt.date(2026, 1, 1)) == 0
    assert scale.x(dt.date(2026, 2, 15)) == 150
    assert scale.x(dt.date(2030, 1, 1)) == 1200


def test_it_spreads_labels_apart_and_keeps_them_in_bounds() -> None:
    placed = spread([50, 52, 51, 99], 10, 0, 100)
    assert all(abs(one - other) >= 10 - 1e-9 for one, other in combinations(placed, 2))
    assert max(placed) <= 100


def test_it_wraps_and_shortens_words_to_the_room_they_have() -> None:
    assert all(measure(line, 14) <= 90 for line in wrap(LONG, 14, 90, most=9))
    assert wrap(LONG, 14, 90, most=2)[-1].endswith("…")
    assert shorten("Jo", 14, 90) == "Jo"
