"""The rows of money: where the person lives, and what it costs in steps against the baseline."""

import datetime as dt
from collections.abc import Sequence

from commissioning.core.charts import typeset
from commissioning.core.charts.canvas import Place
from commissioning.core.charts.marks import Box, Point
from commissioning.core.charts.person.data import Stay
from commissioning.core.charts.person.lanes import lanes_of
from commissioning.core.charts.person.page import Page
from commissioning.core.charts.scales import (
    ValueScale,
    add_months,
    less_or_more,
    nice_steps,
    pounds,
    tick_money,
)

_DAY = dt.timedelta(days=1)


class MoneyRows:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.canvas = page.canvas
        self.data = page.data

    # -- where they live
    def stays(self) -> None:
        page = self.page
        ends = page.heading(f"Where {self.data.name} lives")
        lanes = lanes_of([stay for stay in self.data.stays if (stay.end or page.time.end) >= page.time.first])
        if not lanes:
            self.canvas.text("note", (page.left, page.y + page.u(18)), "not recorded")
            page.y += page.u(26)
        for place, lane in enumerate(lanes):
            high = page.u(26 if place else 46)
            unnamed = [stay for stay in lane if not self._stay(stay, page.y, high)]
            below = [self._under(stay, page.y + high + page.u(15)) for stay in unnamed]
            page.y += high + page.u(20 if any(below) else 4)
        page.y = max(page.y, ends) + page.u(26 if not page.narrow else 16)

    def _span(self, stay: Stay) -> tuple[float, float]:
        left = self.page.time.x(stay.start)
        right = self.page.time.x(stay.end + _DAY) - self.page.u(2) if stay.end else self.page.right
        return left, max(right, left + self.page.u(3))

    def _stay(self, stay: Stay, top: float, high: float) -> bool:
        """One band with its name and note inside; False where not even its short name fits."""
        canvas, (left, right) = self.canvas, self._span(stay)
        canvas.rect(
            f"stay-{stay.kind}", Box(left, top, right, top + high), self.page.u(0 if stay.kind == "hospital" else 12)
        )
        room = right - left - self.page.u(18)
        at = left + self.page.u(10)
        name = next((name for name in (stay.name, stay.short) if name and canvas.measure("band", name) <= room), "")
        tall = high > self.page.u(40)
        note_fits = tall and bool(stay.note) and canvas.measure("band-note", stay.note) <= room
        if name:
            canvas.text("band", (at, top + (self.page.u(20) if note_fits else high / 2 + self.page.u(5))), name)
            if note_fits:
                canvas.text("band-note", (at, top + self.page.u(37)), stay.note)
            return True
        for lines in (
            canvas.wrap("band-note", words, room, 2 if tall else 1) for words in (stay.name, stay.short) if words
        ):
            if lines and not any(line.endswith("…") for line in lines):
                y = top + high / 2 + self.page.u(5 - 8 * (len(lines) - 1))
                for line in lines:
                    canvas.text("band-note", (at, y), line)
                    y += self.page.u(16)
                return True
        return False

    def _under(self, stay: Stay, y: float) -> bool:
        left, right = self._span(stay)
        words = stay.short or stay.name
        return self.canvas.if_free("note", ((left + right) / 2, y), words, "middle") or self.canvas.if_free(
            "note", (left, y), words
        )

    # -- what it costs
    def cost(self) -> None:
        page, canvas = self.page, self.canvas
        page.heading("Weekly cost", "" if page.narrow else "all lines in force")
        if page.narrow:
            page.y += page.u(10)
        pieces = self._pieces()
        if not pieces and self.data.baseline_pence is None and not self.data.forecast:
            canvas.text("note", (page.left, page.y + page.u(18)), "not known")
            page.y += page.u(52)
            return
        top = page.y + page.u(4)
        self.scale = self._axis(top, top + page.u(166 if not page.narrow else 144), pieces)
        self._shapes(pieces)
        self._words(pieces)
        for cost in self.data.one_offs:
            if page.time.first <= cost.on < page.time.end:
                half, foot = page.u(5), self.scale.bottom
                x = page.time.x(cost.on)
                canvas.rect("money-end", Box(x - half, foot - 2 * half, x + half, foot))
                self._once(x, pounds(cost.pence), cost.label)
        page.y = self.scale.bottom + page.u(34 if not page.narrow else 22)

    def _pieces(self) -> Sequence[tuple[float, float, int]]:
        """Each known stretch within the window up to today: where it begins, ends, and its pence."""
        page = self.page
        found = []
        steps = sorted(self.data.cost, key=lambda step: step.start)
        ends = [step.start for step in steps[1:]] + [self.data.today]
        for step, until in zip(steps, ends, strict=False):
            start, end = page.time.x(step.start), min(page.time.x(until), page.now)
            if step.pence is not None and end > start:
                found.append((start, end, step.pence))
        return found

    def _axis(self, top: float, bottom: float, pieces: Sequence[tuple[float, float, int]]) -> ValueScale:
        page, canvas = self.page, self.canvas
        amounts = [pence for _, _, pence in pieces] + [expected.high_pence for expected in self.data.forecast]
        highest = max([*amounts, self.data.baseline_pence or 0, 10_000])
        ticks = nice_steps(0, highest, 5, least=10_000)
        high = highest + highest // 10
        ticks = [tick for tick in ticks if tick <= high]
        scale = ValueScale(0, high, bottom, top)
        for tick in ticks:
            canvas.line("grid" if tick else "axis", (page.left, scale.y(tick)), (page.right, scale.y(tick)))
            words = tick_money(tick, ticks[1] - ticks[0], short=page.narrow or highest >= 10_000_000)
            canvas.text("tick", (page.left - page.u(8), scale.y(tick) + canvas.size("tick") * 0.34), words, "end")
        return scale

    def _lines(self, pieces: Sequence[tuple[float, float, int]]) -> Sequence[list[Point]]:
        """The steps as unbroken lines; a stretch that is not known breaks them."""
        lines: list[list[Point]] = []
        for start, end, pence in pieces:
            y = self.scale.y(pence)
            if not lines or start - lines[-1][-1][0] > 0.05:
                lines.append([])
            lines[-1] += [(start, y), (end, y)]
        return lines

    def _shapes(self, pieces: Sequence[tuple[float, float, int]]) -> None:
        page, canvas, scale = self.page, self.canvas, self.scale
        lines = self._lines(pieces)
        if self.data.baseline_pence is not None:
            level = scale.y(self.data.baseline_pence)
            for line in lines:
                canvas.path("money-gap", [(line[0][0], level), *line, (line[-1][0], level)], closed=True)
            canvas.line("baseline", (page.left, level), (page.right, level))
            canvas.avoid_path([(page.left, level), (page.right, level)])
        band = self._band()
        if band:
            canvas.path("forecast", band, closed=True)
            canvas.avoid_path(band)
        for line in lines:
            canvas.path("money", line)
            canvas.avoid_path(line, 3)
        for cost in self.data.one_offs:
            x, half = page.time.x(cost.on), page.u(5)
            canvas.obstacles.append(Box(x - half, scale.bottom - 2 * half, x + half, scale.bottom))

    def _band(self) -> list[Point]:
        page = self.page
        up: list[Point] = []
        down: list[Point] = []
        for expected in self.data.forecast:
            start = page.time.x(expected.month)
            if not up and start <= page.now + page.time.column:  # what is expected begins where what is known ends
                start = page.now
            end = page.time.x(add_months(expected.month, 1))
            if end > start:
                high, low = self.scale.y(expected.high_pence), self.scale.y(expected.low_pence)
                thin = max(0.0, page.u(5) - (low - high)) / 2  # what is expected is a band, never a line
                up += [(start, high - thin), (end, high - thin)]
                down += [(start, low + thin), (end, low + thin)]
        return up + down[::-1]

    def _words(self, pieces: Sequence[tuple[float, float, int]]) -> None:
        page, canvas, scale = self.page, self.canvas, self.scale
        room = Box(page.left, scale.top - page.u(14), canvas.width, scale.bottom - page.u(2))
        if not pieces:
            canvas.label([("note", "not known")], [(page.left + page.u(8), scale.bottom - page.u(12), "start")], room)
        if pieces:
            (x, y), words = (pieces[-1][1], scale.y(pieces[-1][2])), pounds(pieces[-1][2])
            back = x - page.u(8)
            places: list[Place] = [(back, y + page.u(21), "end"), (back, y - page.u(9), "end")]
            canvas.label([("label-money", words)], [*places, (x + page.u(8), y - page.u(9), "start")], room)
            self._first(pieces, room)
        if self.data.baseline_pence is not None:
            level, words = scale.y(self.data.baseline_pence), f"Baseline {pounds(self.data.baseline_pence)}"
            over, under = level - page.u(8), level + page.u(17)
            right, left = page.right - page.u(4), page.left + page.u(8)
            places = [(right, over, "end"), (right, under, "end"), (left, over, "start"), (left, under, "start")]
            canvas.label([("label-reference", words)], places, room)
        self._gap_words(pieces, room)
        band = self._band()
        if band:
            left, right = min(x for x, _ in band), max(x for x, _ in band)
            under, over = max(y for _, y in band) + page.u(17), min(y for _, y in band) - page.u(8)
            places = [(left + page.u(8), under, "start")]
            places += [(page.right - page.u(2), under, "end"), (left + page.u(8), over, "start")]
            canvas.label([("note", "forecast")], places, room)

    def _first(self, pieces: Sequence[tuple[float, float, int]], room: Box) -> None:
        """What it cost at the start, where that differs from now."""
        if pieces[0][2] == pieces[-1][2]:
            return
        x, y = pieces[0][0] + self.page.u(8), self.scale.y(pieces[0][2])
        places: list[Place] = [(x, y + self.page.u(20), "start"), (x, y - self.page.u(9), "start")]
        self.canvas.label([("label-money", pounds(pieces[0][2]))], places, room)

    def _gap_words(self, pieces: Sequence[tuple[float, float, int]], room: Box) -> None:
        """How far the cost now is from the baseline, within the gap if it is roomy."""
        page, scale = self.page, self.scale
        if not pieces or self.data.baseline_pence is None or pieces[-1][2] == self.data.baseline_pence:
            return
        start, end, pence = pieces[-1]
        lines = [("label-gap", less_or_more(pence - self.data.baseline_pence))]
        if self.data.gap_note and not page.narrow:
            lines += [("note-gap", line) for line in self._gap_note(end - start - page.u(16))]
        middle = (scale.y(pence) + scale.y(self.data.baseline_pence)) / 2
        centre, half, _ = self.canvas.centred(lines, (start + end) / 2, middle)
        under = max(scale.y(pence), scale.y(self.data.baseline_pence)) + page.u(42)
        places: list[Place] = [
            (centre, half, "middle"),
            (end - page.u(8), half, "end"),
            (end - page.u(8), under, "end"),
        ]
        places += [(start - page.u(10), half, "end"), ((page.left + start) / 2, half, "middle")]
        if not self.canvas.label(lines, places, room):
            self.canvas.label(lines[:1], places, room)

    def _gap_note(self, room: float) -> Sequence[str]:
        """In two lines within the gap, else in lines that read well beside it."""
        size = self.canvas.size("note-gap")
        within = typeset.balance(self.data.gap_note, size, room) if room > self.page.u(110) else []
        if within and len(within) <= 2 and not any(line.endswith("…") for line in within):
            return within
        return typeset.balance(self.data.gap_note, size, self.page.u(230))[:3]

    def _once(self, x: float, amount: str, label: str) -> None:
        page, foot = self.page, self.scale.bottom
        room = Box(page.left, self.scale.top, self.canvas.width, foot - page.u(2))
        full = f"{amount} once, {label}" if label and not page.narrow else f"{amount} once"
        for words in (full, f"{amount} once", amount):
            places: list[Place] = [
                (x - page.u(11), foot - page.u(11), "end"),
                (x + page.u(11), foot - page.u(11), "start"),
                (x, foot - page.u(18), "middle"),
            ]
            if self.canvas.label([("note", words)], places, room, strict=True):
                return
