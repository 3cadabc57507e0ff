"""Characters that no text of ours may hold: those that cannot be seen, or that show others in another order."""

import re
import unicodedata

# Control characters other than tab and line ends; marks that reverse the order of what follows, by which
# a name passes for another; halves of characters; what Unicode says is no character.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def unseen_in(text: str) -> str:
    """The first character of a text that may not be kept, as people look it up (`U+202E`); else empty."""
    found = _UNSEEN.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""


def hidden_in(name: str) -> str:
    """The same for references and names of files, which must be what they look like: nothing in them is invisible."""
    found = next((char for char in name if unicodedata.category(char) in _HIDDEN), "")
    return f"U+{ord(found):04X}" if found else ""


def foreign_letters(name: str) -> str:
    """Letters of other alphabets in a name that should be plain, such as a Cyrillic “р” in “рerson_ref”."""
    return "".join(dict.fromkeys(char for char in name if char.isalpha() and not char.isascii()))
