"""Which months a person's page shows, from its address."""

from dataclasses import dataclass

from commissioning.core.periods import Month


@dataclass(frozen=True)
class Window:
    """`key` is what the address says; `months` how many up to and with this one, None for all that is known."""

    key: str
    words: str
    months: int | None

    def first(self, now: Month, earliest: Month) -> Month:
        """The first month shown: none before anything is known."""
        if self.months is None:
            return min(earliest, now)
        return min(max(earliest, now.plus(1 - self.months)), now)


WINDOWS = (
    Window("12", "12 months", 12),
    Window("24", "2 years", 24),
    Window("60", "5 years", 60),
    Window("all", "Everything", None),
)


def window_of(text: str) -> Window:
    """The window an address names; a year for anything else."""
    return next((window for window in WINDOWS if window.key == text), WINDOWS[0])
