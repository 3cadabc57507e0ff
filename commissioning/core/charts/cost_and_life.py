"""Change in cost against change in life: people as points in the working pack, counts as text in what is published."""

from collections.abc import Sequence
from dataclasses import dataclass

from commissioning.core.charts import frame
from commissioning.core.charts.canvas import Canvas, Place
from commissioning.core.charts.chart import Chart, Column, Table
from commissioning.core.charts.marks import Box, Drawing, Point
from commissioning.core.charts.palette import SCREEN, Style
from commissioning.core.charts.scales import ValueScale, exact, nice_steps, tick_money
from commissioning.core.money import MINUS, format_pence


@dataclass(frozen=True)
class PersonPoint:
    """One person: change in weekly cost against their baseline, and measures that are better and worse than before.

    `named` asks for the label beside the point; every person is in the table.
    """

    label: str
    change_pence: int
    better: int
    worse: int
    named: bool = False

    @property
    def balance(self) -> int:
        return self.better - self.worse


@dataclass(frozen=True)
class CostAndLife:
    """People by how their cost and their life changed. Never for publication: a point is a person."""

    key: str
    heading: str
    people: tuple[PersonPoint, ...]
    unit: str = "each mark is one person; the higher, the more measures are better than worse"
    title: str = ""
    desc: str = ""


def scatter(data: CostAndLife, *, widths: Sequence[float] = (720, 346), style: Style = SCREEN) -> Chart:
    """The chart of `data`, drawn once for each width, widest first."""
    title, desc = data.title or _finding(data), data.desc or _story(data)
    drawings = tuple(
        _Scatter(data, width, style).draw(f"{data.key}-{place}", title, desc) for place, width in enumerate(widths)
    )
    return Chart(data.key, title, desc, drawings, _table(data, title))


class _Scatter:
    """Cost grows to the right, life gets better upwards; the aim is the upper left."""

    def __init__(self, data: CostAndLife, width: float, style: Style) -> None:
        self.data = data
        self.canvas = Canvas(width, style)
        self.radius = self.canvas.u(5 if width >= self.canvas.u(480) else 4)
        changes = [person.change_pence for person in data.people]
        most = 6 if width >= self.canvas.u(480) else 4
        self.across = nice_steps(min([*changes, -1000]), max([*changes, 1000]), most, least=1000)
        balances = [person.balance for person in data.people]
        self.up = nice_steps(min([*balances, -1]), max([*balances, 1]), 8)

    def draw(self, key: str, title: str, desc: str) -> Drawing:
        canvas = self.canvas
        top = frame.heading(canvas, (0, 0), self.data.heading, self.data.unit, canvas.width)
        top = frame.key(canvas, (0, top), self._key(), canvas.width) + canvas.u(18)
        left = canvas.u(34)
        height = min(canvas.u(360), max(canvas.u(280), canvas.width * 0.5))
        corner = 2 * canvas.leading("label-bold") + canvas.u(10)  # quadrants are named above and below their points
        box = Box(left, top, canvas.width - canvas.u(8), top + height + 2 * corner)
        self.x = ValueScale(self.across[0], self.across[-1], box.left + canvas.u(8), box.right - canvas.u(8))
        self.y = ValueScale(self.up[0], self.up[-1], box.bottom - corner, box.top + corner)
        self._axes(box)
        self._quadrants(box)
        self._people(box)
        return canvas.finish(key, title, desc, box.bottom + canvas.u(42))

    def _key(self) -> Sequence[tuple[frame.Swatch, str]]:
        words = ("more measures better than worse", "as many better as worse", "more worse than better")
        people = [sum(_sign(person)[0] == life for person in self.data.people) for life in (1, 0, -1)]
        told = [f"{text}: {count:,}" for text, count in zip(words, people, strict=True)]
        return [(self._swatch(life), text) for life, text in zip((1, 0, -1), told, strict=True)]

    def _swatch(self, balance: int) -> frame.Swatch:
        return lambda at: self._mark(balance, at)

    def _mark(self, balance: int, at: Point) -> None:
        if balance < 0:
            self.canvas.triangle("fell", at, self.radius)
        else:
            self.canvas.circle("better" if balance else "same", at, self.radius - self.canvas.u(0.5))

    def _axes(self, box: Box) -> None:
        canvas = self.canvas
        aim = Box(box.left, box.top, self.x.y(0), self.y.y(0))
        canvas.rect("aim", aim, canvas.u(6))
        for tick in self.up:
            y = self.y.y(tick)
            canvas.line("axis" if tick == 0 else "grid", (box.left, y), (box.right, y))
            words = "0" if tick == 0 else f"{'+' if tick > 0 else MINUS}{abs(tick)}"
            canvas.text("tick", (box.left - canvas.u(8), y + canvas.size("tick") * 0.34), words, "end")
        canvas.line("axis", (self.x.y(0), box.top), (self.x.y(0), box.bottom))
        step = self.across[1] - self.across[0]
        short = max(abs(tick) for tick in self.across) >= 1_000_000 or canvas.width < canvas.u(480)
        below = box.bottom + canvas.u(16)
        for tick in sorted(self.across, key=abs):
            words = tick_money(tick, step, short=short)
            half = canvas.measure("tick", words) / 2
            x = min(max(self.x.y(tick), half), canvas.width - half)
            canvas.if_free("tick", (x, below), words, "middle", 8)
        last = below + canvas.leading("tick") + canvas.u(2)
        less, more = "← costs less, £ a week", "costs more →"
        canvas.text("note", (box.left, last), less)
        canvas.text("note", (box.right, last), more, "end")

    def _quadrants(self, box: Box) -> None:
        """Each named in its corner with its number of people."""
        canvas = self.canvas
        line = canvas.leading("label-bold")
        for words, life, cost in _QUADRANTS:
            people = sum(_sign(person) == (life, cost) for person in self.data.people)
            x, anchor = (box.left + canvas.u(8), "start") if cost < 0 else (box.right, "end")
            room = abs((box.left + canvas.u(8) if cost < 0 else box.right) - self.x.y(0)) - canvas.u(6)
            lines = canvas.wrap("label-bold", f"{words}: {people:,}", max(room, canvas.u(90)), 2)
            y = box.top + canvas.u(16) if life > 0 else box.bottom - canvas.u(7) - line * (len(lines) - 1)
            for part in lines:
                canvas.if_free("label-bold", (x, y), part, anchor, 4)
                y += line

    def _people(self, box: Box) -> None:
        """Points in rows by balance, pushed apart where they would cover one another."""
        canvas = self.canvas
        placed: list[Point] = []
        row = abs(self.y.y(1) - self.y.y(0)) * 0.46
        named = []
        for person in sorted(self.data.people, key=lambda person: (person.change_pence, person.label)):
            spot = self._free((self.x.y(person.change_pence), self.y.y(person.balance)), placed, row)
            placed.append(spot)
            self._mark(person.balance, spot)
            reach = self.radius
            canvas.obstacles.append(Box(spot[0] - reach, spot[1] - reach, spot[0] + reach, spot[1] + reach))
            if person.named:
                named.append((person, spot))
        for person, (x, y) in named:
            away, up = self.radius + canvas.u(4), canvas.u(12)
            places: list[Place] = [
                (x + away, y + canvas.u(5), "start"),
                (x - away, y + canvas.u(5), "end"),
                (x, y - up, "middle"),
                (x, y + up + canvas.u(9), "middle"),
            ]
            outward = places if x > self.x.y(0) else [places[1], places[0], *places[2:]]
            canvas.label([("label-bold", person.label)], outward, box)

    def _free(self, wanted: Point, placed: Sequence[Point], row: float) -> Point:
        """The nearest place in its row; where the row is full, points lie over one another."""
        x, y = wanted
        apart = (2 * self.radius + self.canvas.u(0.5)) ** 2
        near = [spot for spot in placed if abs(spot[0] - x) < 2 * self.radius + self.canvas.u(1)]
        step, tries = self.radius * 0.5, int(row / (self.radius * 0.5))
        for place in range(2 * tries + 1):
            shift = step * ((place + 1) // 2) * (1 if place % 2 else -1)
            if all((spot[0] - x) ** 2 + (spot[1] - y - shift) ** 2 >= apart for spot in near):
                return (x, y + shift)
        return wanted


_QUADRANTS = (
    ("Better life, costs less", 1, -1),
    ("Better life, costs the same or more", 1, 1),
    ("Worse life, costs less", -1, -1),
    ("Worse life, costs the same or more", -1, 1),
)


def _sign(person: PersonPoint) -> tuple[int, int]:
    """Life better 1, even 0, worse −1; cost less −1, the same or more 1."""
    life = (person.balance > 0) - (person.balance < 0)
    return life, -1 if person.change_pence < 0 else 1


def _counts(data: CostAndLife) -> Sequence[str]:
    found = [
        f"{words.lower()}, {sum(_sign(person) == (life, cost) for person in data.people):,}"
        for words, life, cost in _QUADRANTS
    ]
    even = sum(person.balance == 0 for person in data.people)
    return [*found, f"life neither better nor worse on balance, {even:,}"]


def _finding(data: CostAndLife) -> str:
    return f"{data.heading}, {len(data.people):,} people: {'; '.join(_counts(data))}."


def _story(data: CostAndLife) -> str:
    return (
        "Across: change in weekly cost, less to the left. Up: measures that are better minus those that are worse. "
        f"{len(data.people):,} people."
    )


def _table(data: CostAndLife, title: str) -> Table:
    columns = (
        Column("Person", False),
        Column("Change in weekly cost"),
        Column("Better"),
        Column("Worse"),
        Column("Balance"),
    )
    rows = []
    for person in sorted(data.people, key=lambda person: person.change_pence):
        change = exact(0) if person.change_pence == 0 else format_pence(person.change_pence, sign=True)
        balance = f"{MINUS if person.balance < 0 else '+' if person.balance else ''}{abs(person.balance)}"
        rows.append((person.label, change, str(person.better), str(person.worse), balance))
    return Table(title, columns, tuple(rows))
