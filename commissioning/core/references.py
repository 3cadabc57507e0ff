"""References are addresses of records, so they hold nothing that an address cannot."""


def check_reference(reference: str) -> str:
    """What is wrong with a reference that somebody enters, in words; empty when nothing is."""
    if not reference:
        return "Enter a reference"
    if any(mark in reference for mark in "/\\?#") or reference in {".", ".."}:
        return f"“{reference}” cannot be used: a reference cannot hold / \\ ? or #, or be only dots"
    return ""
