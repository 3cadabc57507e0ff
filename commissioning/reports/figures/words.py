"""Sentences made from figures, by rules that never claim more than the figures do.

Every rule branches on told figures alone (`Shown.number`, None where hidden), so words give nothing away that the
figures do not. A cause is never named. What is not known is said beside what is.
"""

from dataclasses import dataclass

from commissioning.core.money import format_pence
from commissioning.reports.disclosure import Published
from commissioning.reports.figures.cost import CostSection
from commissioning.reports.figures.homes import HomesSection, QualitySection
from commissioning.reports.figures.living import LivesSection, TogetherSection
from commissioning.reports.telling import Shown


@dataclass(frozen=True)
class Page:
    """A page's title, which says what it found, and the lines under it."""

    title: str
    lede: str


@dataclass(frozen=True)
class Key:
    """One key figure of the cover."""

    kind: str
    big: str
    what: str
    move: str


@dataclass(frozen=True)
class Need:
    """Something that needs the board, made from a finding."""

    ask: str
    why: str
    short: str


@dataclass(frozen=True)
class Headline:
    lives: str
    money: str
    needs: str


def about(shown: Shown) -> str:
    """`about 60` where it was rounded, `60` where it is exact, `fewer than 8` where it is hidden."""
    if isinstance(shown, Published) and shown.number and shown.unit:
        return f"about {shown.words}"
    return shown.words


def people(shown: Shown) -> str:
    """`about 60 people`, `1 person`, `nobody`."""
    if shown.number == 0:
        return "nobody"
    return f"{about(shown)} {'person' if shown.number == 1 else 'people'}"


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def money_less_or_more(change: Shown) -> str:
    """`£20,000 a week less`, `£5,000 a week more`."""
    pence = change.number or 0
    exact = not isinstance(change, Published) and abs(pence) % 100 != 0
    amount = format_pence(abs(pence), pennies=exact)
    return f"{amount} a week {'less' if pence < 0 else 'more'}"


def headline(cost: CostSection, lives: LivesSection, needs: tuple[Need, ...]) -> Headline:
    return Headline(lives=_lives(lives), money=_money(cost), needs=_needs(needs))


def _lives(lives: LivesSection) -> str:
    """Better is claimed for those compared only, and those not known about are always said."""
    everyone = lives.everyone
    if not lives.is_shown:
        return "We cannot say yet. Too few people have answers from then and now that can be compared."
    better, known = everyone.better.number or 0, everyone.known.number or 0
    of_known = f"of {people(everyone.known)} we can compare, and worse for {about(everyone.worse)}"
    if better * 2 > known:
        opening = f"Yes, for most. Life is better for {about(everyone.better)} {of_known}"
    elif better > (everyone.worse.number or 0):
        opening = f"For some. Life is better for {about(everyone.better)} {of_known}"
    else:
        opening = f"Life is better for {about(everyone.better)} {of_known}"
    return f"{opening}. {sentence(_unknown(lives))}."


def _worse(lives: LivesSection) -> str:
    return f"for {about(lives.everyone.worse)} life is worse"


def _unknown(lives: LivesSection) -> str:
    unknown = lives.everyone.not_known
    if unknown.number == 0:
        return "everyone was asked then and now"
    return f"for {about(unknown)} we do not know"


def _money(cost: CostSection) -> str:
    if not cost.is_shown:
        return (
            "We cannot show it here. Fewer than ten people can be compared with before, and a total would come close "
            "to telling one person’s price."
        )
    who = sentence(f"support for {people(cost.compared)}")
    if not cost.change.number:
        return f"{who} costs about the same as before: {cost.now.words} a week."
    year = cost.a_year.words.lstrip("−+")
    return f"{who} costs {money_less_or_more(cost.change)} than before, {year} a year if that goes on."


def _needs(needs: tuple[Need, ...]) -> str:
    if not needs:
        return "Nothing in the figures that can be shown here asks the board to act."
    count = {1: "One thing needs", 2: "Two things need", 3: "Three things need"}[min(3, len(needs))]
    shorts = [need.short for need in needs[:3]]
    listed = shorts[0] if len(shorts) == 1 else f"{', '.join(shorts[:-1])}, and {shorts[-1]}"
    return f"{count} the board: {listed}."


def keys(cost: CostSection, lives: LivesSection, homes: HomesSection) -> tuple[Key, ...]:
    """Four figures; each says what it is instead where it cannot be shown."""
    everyone = lives.everyone
    first = (
        Key(
            "life",
            f"{everyone.better.words} of {everyone.known.words}",
            "people have a better life than at the start",
            f"of those asked then and now; for {_others(everyone.not_known)} we do not know",
        )
        if lives.is_shown and everyone.better.is_shown
        else Key("life", "Not yet", "known for enough people whether life is better", "")
    )
    return (first, *_money_keys(cost), _home_key(cost, homes))


def _others(unknown: Shown) -> str:
    return "1 other" if unknown.number == 1 else f"{about(unknown)} others"


def _home_key(cost: CostSection, homes: HomesSection) -> Key:
    """Moves where they are told, else how many live in a home of their own."""
    moved = homes.moved_home
    if moved.number:
        what = "person" if moved.number == 1 else "people"
        return Key("life", moved.words, f"{what} moved to a home of their own", "in the past twelve months")
    own = next((place for place in cost.places if place.key == "own_home"), None)
    if own is None or not own.people.number:
        return Key("life", "Few", "people moved to a home of their own", f"{moved.words} in the past twelve months")
    return Key(
        "life",
        own.people.words,
        "people live in their own tenancy or supported living",
        f"a year ago {about(own.people_earlier)}",
    )


def _money_keys(cost: CostSection) -> tuple[Key, Key]:
    if not cost.is_shown:
        hidden = "fewer than ten people can be compared"
        return Key("money", "Not shown", "what support costs a week", hidden), Key(
            "money", "Not shown", "the change since before", hidden
        )
    since = "the same as the month before"
    moved = (cost.now.number or 0) - (cost.month_before.number or 0)
    if moved:
        since = f"{format_pence(abs(moved), pennies=False)} {'less' if moved < 0 else 'more'} than the month before"
    change = cost.change.number or 0
    word = "less" if change < 0 else "more"
    year = cost.a_year.words.lstrip("−+") if change else "About the same"
    told = f"a year {word} than before, if this week’s cost goes on" if change else "as before"
    return (
        Key("money", cost.now.words, f"a week for {people(cost.compared)}", since),
        Key("money", year, told, money_less_or_more(cost.change) if change else ""),
    )


def needs_of(cost: CostSection, lives: LivesSection, quality: QualitySection, ending: Shown) -> tuple[Need, ...]:
    """What the findings ask of the board, most pressing first; only findings whose number is told."""
    found = []
    if quality.uncovered.number:
        found.append(
            Need(
                f"Agree who pays for {people(quality.uncovered)}.",
                "On some days no funder’s share covers all their support costs. Council and NHS finance leads.",
                f"who pays for {people(quality.uncovered)}",
            )
        )
    if ending.number:
        found.append(
            Need(
                f"Decide on {about(ending)} contract{'' if ending.number == 1 else 's'} that end within three months.",
                "People are supported under them now. Commissioners, before notice is due.",
                f"{about(ending)} contract{'' if ending.number == 1 else 's'} that end soon",
            )
        )
    unknown, total = lives.everyone.not_known.number or 0, cost.supported.number or 0
    if unknown * 4 >= total > 0:
        found.append(
            Need(
                f"Ask again how life is for {people(lives.everyone.not_known)}.",
                "They were not asked twice, or not lately, and may be unlike the rest. Providers and commissioners.",
                f"how life is for {people(lives.everyone.not_known)}",
            )
        )
    if quality.without_baseline.number:
        found.append(
            Need(
                f"Find what support cost before for {people(quality.without_baseline)}.",
                "Without it their change in cost cannot be told. Finance leads.",
                f"what support cost before for {people(quality.without_baseline)}",
            )
        )
    if quality.late.number:
        found.append(
            Need(
                f"Ask for {about(quality.late)} checklists that did not come in.",
                "Lives are told from what comes in. Providers.",
                f"{about(quality.late)} checklists that did not come in",
            )
        )
    return tuple(found[:3])


def cost_page(cost: CostSection) -> Page:
    if not cost.is_shown:
        return Page(
            "What support costs",
            "Fewer than ten people can be compared with what their support cost before. A total of so few would come "
            "close to telling one person’s price, so this edition gives no money.",
        )
    left_out = _left_out(cost)
    if not cost.change.number:
        lede = f"{cost.now.words} a week for {people(cost.compared)}.{left_out}"
        return Page("Support costs about the same as before", lede)
    less = cost.change.number < 0
    return Page(
        f"Support costs {'less' if less else 'more'} than before",
        f"{cost.now.words} a week for {people(cost.compared)}, against {cost.baseline.words} before: "
        f"{money_less_or_more(cost.change)}.{left_out}",
    )


def _left_out(cost: CostSection) -> str:
    outside = (cost.supported.number or 0) - (cost.compared.number or 0)
    if outside <= 0:
        return ""
    return f" Everyone supported, compared or not: {people(cost.supported)}, {cost.everyone.words} a week."


def lives_page(lives: LivesSection) -> Page:
    everyone = lives.everyone
    if not lives.is_shown:
        return Page(
            "Too few answers to compare lives yet",
            "A life is compared when the same person’s view was asked twice, six months apart or more. "
            f"So far that is {people(everyone.known)}.",
        )
    better, known = everyone.better.number or 0, everyone.known.number or 0
    title = "Most lives that we can compare are better"
    if better * 2 <= known:
        title = "Some lives are better, some are worse" if everyone.worse.number != 0 else "Some lives are better"
    return Page(
        title,
        f"Of {people(everyone.known)} asked then and now, life is better for {about(everyone.better)}. "
        f"{sentence(_worse(lives))}. {sentence(_unknown(lives))}.",
    )


def together_page(section: TogetherSection) -> Page:
    if not section.is_shown:
        few = "Fewer than ten people can be compared, so they are not shown beside each other."
        return Page("Lives and money together", few)
    aim = section.aim
    if aim.is_shown:
        lede = (
            f"For {people(aim)} of {about(section.compared)} support costs less and life is as good or better. "
            f"For {about(section.cheaper_and_worse)} it costs less and some of life is worse."
        )
    else:
        lede = f"Support costs less and life is as good or better for {people(aim)}."
    if section.cheaper_unknown.number:
        lede += f" For {about(section.cheaper_unknown)} whose support costs less we do not know how life is."
    return Page("Lower cost beside what changed in life", lede)


def homes_page(cost: CostSection, homes: HomesSection) -> Page:
    """What moved most: fewer or more people far from home, else in care homes, where both numbers are told."""
    moved = f"{sentence(people(homes.moved_home))} moved to a home of their own in the past year."
    care = next((place for place in cost.places if place.key == "care_home"), None)
    for now, earlier, title, where in (
        (homes.out_of_area, homes.out_of_area_earlier, "people live far from home", "outside our area"),
        (care and care.people, care and care.people_earlier, "people live in care homes", "in care homes"),
    ):
        if now and earlier and now.number and earlier.number and now.number != earlier.number:
            lede = f"{sentence(people(now))} live {where}; a year ago it was {about(earlier)}. {moved}"
            return Page(f"{'Fewer' if now.number < earlier.number else 'More'} {title}", lede)
    return Page("Where people live", moved)


def support_page(homes: HomesSection, needs: tuple[Need, ...]) -> Page:
    steady = homes.steadiness
    lasted = ""
    if steady.homes.number and steady.over_a_year.is_shown:
        lasted = f"{sentence(about(steady.over_a_year))} of {about(steady.homes)} homes have lasted a year or more. "
    ended = steady.ended_badly
    homes_were = "home was" if ended.number == 1 else "homes were"
    broke = "No home was" if ended.number == 0 else f"{sentence(about(ended))} {homes_were}"
    asks = " Below: what this month’s findings ask of the board." if needs else ""
    return Page("How steady support is", f"{lasted}{broke} ended by notice or breakdown in the past year.{asks}")
