"""The six rules, each from its inputs to parts and steps, and the statement that they make."""

from collections.abc import Callable
from fractions import Fraction

from commissioning.core.money import format_pence, round_half_away
from commissioning.core.periods import words as day_words
from finance.risk_share.figures import CannotShare, Inputs, Part, Row, Rule, Statement, Step, Surplus
from finance.risk_share.sharing import agreed, by_contribution, by_percent, percent_words, shared

OTHER_UNDERSPENDS = "Other underspends"
RESERVE = "Risk reserve"
KEPT = "Kept in the pool"
Shared = tuple[list[Part], list[Step]]


def statement(inputs: Inputs) -> Statement:
    """Who bears what of an over- or underspend, by the agreement's rule, with every step.

    Raises CannotShare where the figures do not allow it, with what to do.
    """
    if not inputs.partners:
        raise CannotShare("The agreement has no partners. Add them on the agreement.")
    parts, steps = _RULES[inputs.rule](inputs)
    return Statement(inputs.variance_pence, (*_position(inputs), *steps), _rows(inputs, parts))


def _rows(inputs: Inputs, parts: list[Part]) -> tuple[Row, ...]:
    sums: dict[tuple[str, str], int] = {}
    for part in parts:
        sums[part.code, part.name] = sums.get((part.code, part.name), 0) + part.pence
    of_partners = [
        Row(
            each.code,
            each.name,
            each.contribution_pence,
            sums.pop((each.code, each.name), 0),
            each.spent_pence,
        )
        for each in inputs.partners
    ]
    return (*of_partners, *(Row(code, name, 0, pence, 0) for (code, name), pence in sums.items()))


def _position(inputs: Inputs) -> list[Step]:
    """What was put in, what was spent, and the difference."""
    steps = list(inputs.given)
    for each in inputs.transfers:
        said = (
            f"{each.person} moved on {day_words(each.moved_on)} with {format_pence(each.weekly_pence)} a week: "
            f"{format_pence(each.weekly_pence)} × {each.days} days ÷ 7 = {format_pence(each.transferred_pence)} "
            "goes into the pool"
        )
        steps.append(Step(said, each.transferred_pence))
    put_in = " + ".join(f"{each.name} {format_pence(each.contribution_pence)}" for each in inputs.partners)
    spent = " + ".join(f"{each.name} {format_pence(each.spent_pence)}" for each in inputs.partners)
    total, paid, over = inputs.contribution_pence, inputs.spent_pence, inputs.variance_pence
    end = "over" if over > 0 else "under" if over < 0 else ": nothing over or under"
    gap = "" if end.startswith(":") else " "
    return [
        *steps,
        Step(f"Put in: {put_in} = {format_pence(total)}", total),
        Step(f"Spent: {spent} = {format_pence(paid)}", paid),
        Step(f"{format_pence(paid)} − {format_pence(total)} = {format_pence(abs(over))}{gap}{end}", over),
    ]


# ---------------------------------------------------------------- the rules


def _proportional(inputs: Inputs) -> Shared:
    """Rule 1: in proportion to contributions, or by agreed percentages."""
    return _share_out(inputs, inputs.variance_pence)


def _each_its_own(inputs: Inputs) -> Shared:
    """Rule 2: each partner bears what it spent above its own contribution, and keeps what it did not spend."""
    parts, steps = [], []
    for each in inputs.partners:
        over = each.spent_pence - each.contribution_pence
        does = "bears" if over > 0 else "keeps"
        said = (
            f"{each.name} {does} its own: {format_pence(each.spent_pence)} − "
            f"{format_pence(each.contribution_pence)} = {format_pence(abs(over))} {'over' if over > 0 else 'under'}"
        )
        parts.append(Part(each.code, each.name, over))
        steps.append(Step(said, over))
    return parts, steps


def _by_line(inputs: Inputs) -> Shared:
    """Rule 3: each line of spending is shared by its own percentages; one that is 100% one partner's is fixed for the
    others. What is in no line is shared as agreed.
    """
    parts: list[Part] = []
    steps: list[Step] = []
    for line in inputs.lines:
        over = line.spent_pence - line.budget_pence
        found, said = shared(over, inputs.partners, by_percent(line.percents)) if over else ([], [])
        parts, steps = [*parts, *found], [*steps, _line_step(line.name, line.spent_pence, line.budget_pence), *said]
    budget = inputs.contribution_pence - sum(line.budget_pence for line in inputs.lines)
    spent = inputs.spent_pence - sum(line.spent_pence for line in inputs.lines)
    if budget or spent:
        found, said = _share_out(inputs, spent - budget)
        parts, steps = [*parts, *found], [*steps, _line_step("Everything else", spent, budget), *said]
    return parts, steps


def _line_step(name: str, spent: int, budget: int) -> Step:
    over = spent - budget
    end = " over" if over > 0 else " under" if over < 0 else ""
    said = f"{name}: spent {format_pence(spent)} − put in {format_pence(budget)} = {format_pence(abs(over))}{end}"
    return Step(said, over)


def _waterfall(inputs: Inputs) -> Shared:
    """Rule 4: other underspends bear an overspend first, then the risk reserve, then the partners with new money."""
    left = inputs.variance_pence
    if left <= 0:
        return _left_over(inputs, -left)
    parts, steps = [], []
    sources = ((OTHER_UNDERSPENDS, inputs.other_underspend_pence), (RESERVE, inputs.reserve_pence))
    for name, there in sources:
        used = min(left, there)
        left -= used
        said = f"{name}: {format_pence(there)} there, {format_pence(used)} used, {format_pence(left)} still to find"
        parts.append(Part("", name, used))
        steps.append(Step(said, used))
    found, more = _share_out(inputs, left)
    return [*parts, *found], [*steps, *more]


def _threshold(inputs: Inputs) -> Shared:
    """Rule 5: one partner bears it up to a percentage of the pool; the others move only past that."""
    first = next((each for each in inputs.partners if each.code == inputs.first_bearer), None)
    if first is None:
        raise CannotShare("Say on the agreement which partner bears it up to the threshold.")
    over = inputs.variance_pence
    limit = inputs.contribution_pence * Fraction(inputs.threshold_percent) / 100
    within = min(abs(over), round_half_away(limit.numerator, limit.denominator))
    past = abs(over) - within
    sign = 1 if over > 0 else -1
    percent = percent_words(inputs.threshold_percent)
    steps = [
        Step(
            f"Threshold: {format_pence(inputs.contribution_pence)} × {percent} = "
            f"{format_pence(round_half_away(limit.numerator, limit.denominator))}",
            round_half_away(limit.numerator, limit.denominator),
        ),
        Step(
            f"{first.name} {'bears' if over > 0 else 'keeps'} up to the threshold: {format_pence(within)}",
            sign * within,
        ),
        Step(f"Past the threshold: {format_pence(abs(over))} − {format_pence(within)} = {format_pence(past)}", past),
    ]
    found, more = _share_out(inputs, sign * past)
    return [Part(first.code, first.name, sign * within), *found], [*steps, *more]


def _transfer(inputs: Inputs) -> Shared:
    """Rule 6: the in-patient cost at the move goes into the pool. What support costs above it is met from surplus that
    was kept, and the excess is shared by the agreed percentages; what is left is kept for the next person, or returned.
    """
    over = inputs.variance_pence
    if over <= 0:
        return _left_over(inputs, -over)
    used = min(over, inputs.brought_forward_pence)
    there = format_pence(inputs.brought_forward_pence)
    said = f"{KEPT} from before: {there} there, {format_pence(used)} used, {format_pence(over - used)} excess"
    found, more = _share_out(inputs, over - used)
    return [Part("", KEPT, used), *found], [Step(said, used), *more]


# ---------------------------------------------------------------- what several rules do


def _share_out(inputs: Inputs, pence: int) -> Shared:
    """An amount among the partners as agreed; nothing where there is none."""
    return shared(pence, inputs.partners, agreed(inputs)) if pence else ([], [])


def _left_over(inputs: Inputs, pence: int) -> Shared:
    """An underspend: kept in the pool, or returned in proportion to the contributions."""
    if not pence:
        return [], []
    if inputs.surplus is Surplus.KEPT:
        said = f"{format_pence(pence)} is kept in the pool for what comes next"
        return [Part("", KEPT, -pence)], [Step(said, -pence)]
    return shared(-pence, inputs.partners, by_contribution(inputs.partners))


_RULES: dict[Rule, Callable[[Inputs], Shared]] = {
    Rule.PROPORTIONAL: _proportional,
    Rule.EACH_ITS_OWN: _each_its_own,
    Rule.BY_LINE: _by_line,
    Rule.WATERFALL: _waterfall,
    Rule.THRESHOLD: _threshold,
    Rule.TRANSFER: _transfer,
}
