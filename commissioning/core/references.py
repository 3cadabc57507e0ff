"""References are addresses of records, so they hold nothing that an address cannot."""


def check_reference(reference: str) -> str:
    """What is wrong with a reference that somebody enters, in words; empty when nothing is."""
    if not reference:
        return "Enter a reference"
    if any(mark in reference for mark in "/\\?#") or reference in {".", ".."}:
        return f"“{reference}” cannot be used: a reference cannot hold / \\ ? or #, or be only dots"
    return ""


class ReferenceConverter:
    """A reference as part of an address. Files may bring any text; a slash or only dots would lead elsewhere."""

    regex = "[^/]+"
    _ESCAPES = (("~", "~7e"), ("/", "~2f"))
    _DOTS = {".": "~2e", "..": "~2e~2e"}

    def to_url(self, value: object) -> str:
        text = str(value)
        for mark, escape in self._ESCAPES:
            text = text.replace(mark, escape)
        return self._DOTS.get(text, text)

    def to_python(self, value: str) -> str:
        for mark, escape in ((".", "~2e"), *reversed(self._ESCAPES)):
            value = value.replace(escape, mark)
        return value
