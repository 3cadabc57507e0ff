"""The rows of life: scores as discs, counts as round-ended bars, incidents as rings, each view a row of its own."""

from collections.abc import Sequence
from fractions import Fraction

from commissioning.core.charts import frame, typeset
from commissioning.core.charts.marks import Box, Point
from commissioning.core.charts.person.data import OutcomeRow, View
from commissioning.core.charts.person.page import Page
from commissioning.core.charts.person.told import change_words
from commissioning.core.charts.scales import Value, value_words

_MOST_RINGS = 9
_EACH = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1000)


class LifeRows:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.canvas = page.canvas
        self.each = 1  # incidents to a ring
        self.cut = 0  # how many rings a stack may have, once one was cut
        moves = [move.on for move in page.data.moves if move.on <= page.data.today]
        self.moved = max(moves, default=None)

    def outcome(self, row: OutcomeRow) -> None:
        """One measure: its name, and a line of marks for each view."""
        page = self.page
        who = max((self.canvas.measure("tick", view.who) for view in row.views), default=0)
        top = page.y
        sub = row.unit if row.kind == "count" else ""
        ends = page.heading(row.label, sub, page.left - who - page.u(8 if who else 0))
        for view in row.views:
            if row.kind == "score":
                self._scores(row, view)
            else:
                self._counts(view)
        if not page.narrow:
            page.y = max(page.y, ends)
        page.y = max(page.y, top + page.u(26)) + page.u(14)

    def _who(self, view: View, y: float) -> None:
        if not view.who:
            return
        if self.page.narrow:
            self.canvas.text("tick", (0, y), self._short(view.who))
        else:
            self.canvas.text("tick", (self.page.left - self.page.u(8), y), view.who, "end")

    def _short(self, who: str) -> str:
        room = self.page.left - self.page.u(6)
        return typeset.shorten(who.split()[0], self.canvas.size("tick"), room)

    def _values(self, view: View) -> Sequence[tuple[float, Value | None]]:
        """The middle of each column up to today's, and the last answer in it."""
        return [(self.page.middle(start), view.last_in(start, end)) for start, end in self.page.columns.shown]

    def _scores(self, row: OutcomeRow, view: View) -> None:
        page, canvas = self.page, self.canvas
        radius = min(page.u(13), page.column * 0.42)
        middle = page.y + radius
        letters = middle + canvas.size("score-dark") * 0.35
        self._who(view, middle + canvas.size("tick") * 0.34)
        values = self._values(view)
        self._missing(values, middle, "not asked")
        for x, value in values:
            if value is not None:
                shade = _shade(value, row.low, row.high)
                canvas.circle(f"score-{shade}", (x, middle), radius)
                canvas.text("score-dark" if shade >= 4 else "score-light", (x, letters), value_words(value), "middle")
        self._change(view, middle + canvas.size("note") * 0.34)
        page.y += 2 * radius + page.u(6)

    def _counts(self, view: View) -> None:
        page, canvas = self.page, self.canvas
        high = page.u(48)
        foot = page.y + high
        values = self._values(view)
        most = max((value for _, value in values if value), default=1)
        half = min(page.u(5), page.column * 0.22)
        self._who(view, foot - page.u(4))
        self._missing(values, foot - page.u(6), "not asked")
        for x, value in reversed(values):
            if value is None:
                continue
            tall = max(2 * half, (high - page.u(16)) * float(Fraction(value) / Fraction(most)))
            if value:
                canvas.rect("life-bar", Box(x - half, foot - tall, x + half, foot), half)
            else:
                canvas.circle("zero", (x, foot - page.u(4)), page.u(3.5))
            above = tall if value else page.u(8)
            canvas.if_free("value", (x, foot - above - page.u(5)), value_words(value), "middle", 1)
        self._change(view, foot - page.u(4))
        page.y = foot + page.u(6)

    def _missing(self, values: Sequence[tuple[float, Value | None]], y: float, words: str) -> None:
        """One quiet dotted rule over columns when nobody asked; never a zero."""
        page, canvas = self.page, self.canvas
        reach = page.column * 0.36
        for run in _empty_runs(values):
            left, right = run[0] - reach, run[-1] + reach
            half = canvas.measure("note", words) / 2 + page.u(6)
            centre = (left + right) / 2
            if right - left < 2 * half + page.u(24):
                canvas.line("missing", (left, y), (right, y))
                continue
            canvas.line("missing", (left, y), (centre - half, y))
            canvas.line("missing", (centre + half, y), (right, y))
            canvas.text("note", (centre, y + canvas.size("note") * 0.34), words, "middle")

    def _change(self, view: View, y: float) -> None:
        """The change in words, in the empty columns after today."""
        if not self.page.narrow:
            words = change_words(view, self.moved, self.page.data.today)
            self._after(words, y)

    def _after(self, words: str, y: float) -> None:
        x = self.page.after + self.page.u(10)
        lines = self.canvas.wrap("note", words, self.canvas.width - x, 2)
        line = self.canvas.leading("note")
        y -= line * (len(lines) - 1) / 2
        for part in lines:
            self.canvas.text("note", (x, y), part)
            y += line

    # -- incidents
    def incidents(self) -> None:
        page, canvas = self.page, self.canvas
        if not page.data.incidents:
            return
        page.y += page.u(4)
        columns = self._columns()
        self.each = _marks_for([total for _, total, _ in columns if total])
        ends = page.heading("Incidents", self._unit())
        if page.narrow:
            ends = page.y = frame.key(canvas, (0, page.y + page.u(13)), self._key(), canvas.width) + page.u(4)
        else:
            for entry in self._key():
                ends = frame.key(canvas, (0, ends + page.u(20)), [entry], page.left) - page.u(5)
        tallest = min(_MOST_RINGS, max((-(-total // self.each) for _, total, _ in columns if total), default=0))
        foot = max(page.y + page.u(10 * tallest + 24), ends + page.u(4 if page.narrow else 8))
        self._missing([(x, total) for x, total, _ in columns], foot - page.u(6), "not known")
        for x, total, held in columns:
            if total is not None:
                self._stack(x, foot - page.u(8), total, held)
        page.y = foot

    def _unit(self) -> str:
        return {1: "each month", 3: "each quarter", 6: "each half year", 12: "each year"}[self.page.columns.per]

    def _key(self) -> Sequence[tuple[frame.Swatch, str]]:
        def ring(role: str) -> frame.Swatch:
            def draw(at: Point) -> None:
                self.canvas.circle(role, at, self.page.u(4))

            return draw

        entries = [(ring("incident-held"), "restrictive practice used"), (ring("incident"), "not used")]
        return entries if self.each == 1 else [*entries, (_no_mark, f"each mark up to {self.each}")]

    def _columns(self) -> Sequence[tuple[float, int | None, int]]:
        """Each column's middle, its incidents (None where no month of it is known) and those with restriction."""
        page, found = self.page, []
        for start, end in page.columns.shown:
            months = [incident for incident in page.data.incidents if start <= incident.month < end]
            total = sum(incident.total for incident in months) if months else None
            found.append((page.middle(start), total, sum(incident.restrictive for incident in months)))
        return found

    def _stack(self, x: float, foot: float, total: int, held: int) -> None:
        """One ring each; a stack that would be too tall ends in three dots under its number."""
        page, canvas = self.page, self.canvas
        radius, pitch = page.u(4), page.u(10)
        marks, filled = -(-total // self.each), -(-held // self.each)
        cut = marks > _MOST_RINGS
        rings = _MOST_RINGS - 1 if cut else marks
        for place in range(rings):
            canvas.circle("incident-held" if place < filled else "incident", (x, foot - place * pitch), radius)
        if cut:
            self.cut = _MOST_RINGS - 1
            for dot in range(3):
                canvas.circle("incident-more", (x, foot - rings * pitch + page.u(3 - 4 * dot)), page.u(1.2))
        top = foot - min(marks, _MOST_RINGS) * pitch + page.u(1 if total else 3)
        canvas.if_free("value", (x, top - page.u(2 if cut else 0)), f"{total:,}", "middle", 1)


def _marks_for(totals: Sequence[int]) -> int:
    """How many incidents a ring stands for: one, unless an ordinary column would not fit."""
    ordinary = sorted(totals)[len(totals) // 2] if totals else 0
    return next((each for each in _EACH if ordinary <= each * _MOST_RINGS), _EACH[-1])


def _no_mark(_: Point) -> None:
    """A line of a key that has words alone."""


def _shade(value: Value, low: int, high: int) -> int:
    """1 to 5: the darker the nearer to the best."""
    share = Fraction(value - low) / Fraction(max(1, high - low))
    return min(5, max(1, round(share * 4) + 1))


def _empty_runs(values: Sequence[tuple[float, Value | None]]) -> Sequence[Sequence[float]]:
    """The columns without an answer, run by run; the last column may still be answered, so it is not one."""
    runs: list[list[float]] = [[]]
    for x, value in values[:-1]:
        if value is None:
            runs[-1].append(x)
        else:
            runs.append([])
    return [run for run in runs if run]
