"""What is new, read from the change log that developers keep."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class News:
    """One release: its heading, and what changed for people who use As One, a line each."""

    heading: str
    changes: tuple[str, ...]


def read_news(text: str) -> list[News]:
    """The releases of a change log: `## ` headings and the list items under them; other text is passed over."""
    found: list[News] = []
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        heading, _, body = part.partition("\n")
        items = re.findall(r"^[-*] (.+(?:\n {2,}\S.*)*)", body, flags=re.MULTILINE)
        changes = tuple(_plain(" ".join(item.split())) for item in items)
        found.append(News(_plain(heading.strip()), changes))
    return [release for release in found if release.changes]


def _plain(text: str) -> str:
    """Without Markdown's marks for links, emphasis and code."""
    text = re.sub(r"\[([^\]]+)\](\([^)]*\))?", r"\1", text)
    return re.sub(r"[*`]", "", text)
