"""A browser in words its owner knows, from what it says of itself."""

from django import template

register = template.Library()

# In this order: a browser also names those it descends from.
BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
DEVICES = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"), ("Linux", "Linux"),
)  # fmt: skip


@register.filter
def browser_name(user_agent: str) -> str:
    """Such as “Firefox on Windows”."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "A browser")
    device = next((name for mark, name in DEVICES if mark in user_agent), "an unknown device")
    return f"{browser} on {device}"
