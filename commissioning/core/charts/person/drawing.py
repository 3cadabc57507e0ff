"""Draws one person's money and life, row under row on one time axis.

Wide: labels at the left of the rows, the change in words after today. Narrow: labels above the rows, fewer months.
"""

import datetime as dt

from commissioning.core.charts.canvas import Canvas
from commissioning.core.charts.marks import Drawing
from commissioning.core.charts.palette import Style
from commissioning.core.charts.person.data import MoneyAndLife, columns_for
from commissioning.core.charts.person.life_rows import LifeRows
from commissioning.core.charts.person.money_rows import MoneyRows
from commissioning.core.charts.person.page import Page
from commissioning.core.charts.scales import TimeScale, add_months, day_words, month_words

_COLUMN_WORDS = {3: "a quarter", 6: "half a year", 12: "a year"}


class PersonDrawing:
    def __init__(self, data: MoneyAndLife, width: float, style: Style) -> None:
        canvas = Canvas(width, style)
        narrow = width < canvas.u(560)
        wide = width >= canvas.u(1000)
        left = self._left(canvas, data, narrow=narrow, wide=wide)
        words_room = canvas.u(36 if narrow else 168 if wide else 140)
        room = width - left - canvas.u(2)
        columns, right = columns_for(data, room, canvas.u(27), words_room, drop=narrow)
        time = TimeScale(columns.first, columns.months, left, left + right)
        self.page = Page(canvas, data, columns, time, narrow)

    @staticmethod
    def _left(canvas: Canvas, data: MoneyAndLife, *, narrow: bool, wide: bool) -> float:
        """Where time begins: after the labels, or on a phone after whose view it is and the scale of money."""
        views = [view.who for row in data.outcomes for view in row.views if view.who]
        if not narrow:
            longest = max((canvas.measure("tick", who) for who in views), default=0)
            return canvas.u(262 if wide else 208) + min(max(0, longest - canvas.u(72)), canvas.u(60))
        who = [view.split()[0] for view in views]
        widest = max((canvas.measure("tick", word) for word in who), default=0)
        return min(max(canvas.u(42), widest + canvas.u(10)), canvas.u(76))

    def draw(self, key: str, title: str, desc: str) -> Drawing:
        page = self.page
        self._axis()
        money = MoneyRows(page)
        money.stays()
        if page.data.shows_money:
            money.cost()
        life = LifeRows(page)
        for row in page.data.outcomes:
            life.outcome(row)
        life.incidents()
        self._uprights()
        self._notes(life.cut)
        return page.canvas.finish(key, title, desc, page.y + page.u(6))

    def _axis(self) -> None:
        """The first month of each column, the year under January and the first; years alone where columns are years."""
        page, canvas = self.page, self.page.canvas
        named = page.columns.per < 12
        every = 1
        while page.column * every < canvas.measure("tick", "May") + canvas.u(4):
            every += 1
        years = [place for place, (start, _) in enumerate(page.columns.all) if start.month == 1]
        for place, (start, _) in enumerate(page.columns.all):
            if named and place % every == 0:
                canvas.text("tick", (page.middle(start), page.u(14)), month_words(start, short=True)[:3], "middle")
        for place in [*years, 0]:
            start = page.columns.all[place][0]
            canvas.if_free("strong", (page.middle(start), page.u(29 if named else 22)), str(start.year), "middle", 4)
        page.y = page.u(42)

    # -- what crosses all rows
    def _uprights(self) -> None:
        """Moves and today, behind everything; their names stand under the last row."""
        page, canvas = self.page, self.page.canvas
        bottom = page.y
        canvas.line("axis", (page.left, bottom), (page.right, bottom))
        names: list[tuple[str, str, dt.date]] = [("today", "Today", page.data.today)]
        names += [
            ("event", self._named(move.label, move.on), move.on)
            for move in sorted(page.data.moves, key=lambda move: move.on, reverse=True)
            if page.time.first <= move.on <= page.data.today
        ]
        lowest = bottom
        for role, words, day in names:
            x = page.time.x(day)
            canvas.upright(role, x, page.u(38), bottom)
            half = canvas.measure("strong", words) / 2
            at = min(max(x, half), canvas.width - half)
            for row in (17, 34, 51):
                if canvas.if_free("strong", (at, bottom + page.u(row)), words, "middle", 8):
                    lowest = max(lowest, bottom + page.u(row))
                    break
        page.y = lowest + page.u(8)

    def _named(self, label: str, day: dt.date) -> str:
        if self.page.narrow:
            return label if len(self.page.data.moves) == 1 else f"{label} {month_words(day, short=True)}"
        return f"{label} {day_words(day, year=day.year != self.page.data.today.year)}"

    def _notes(self, cut: int) -> None:
        """How to read what is not plain: long columns, and stacks that were cut."""
        page = self.page
        words = []
        if page.columns.per in _COLUMN_WORDS:
            column = _COLUMN_WORDS[page.columns.per]
            words.append(f"Each column is {column}: the last answer given in it, and all its incidents.")
        if cut:
            words.append(f"Stacks of incidents stop at {cut} marks; the number above is the count.")
        wanted = page.data.earliest if page.data.months is None else add_months(page.data.today, 1 - page.data.months)
        if page.columns.first > max(wanted, page.data.earliest):
            words.append(f"From {month_words(page.columns.first)}; the table goes further back.")
        if words:
            page.y = page.canvas.paragraph("note", (0, page.y + page.u(14)), " ".join(words), page.canvas.width)
