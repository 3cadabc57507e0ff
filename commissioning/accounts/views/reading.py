"""Pages anybody may read, signed in or not."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from commissioning.accounts.news import News, read_news

CHANGELOG = settings.BASE_DIR / "CHANGELOG.md"


def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/help.html")


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/accessibility.html")


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/privacy.html")


def whats_new(request: HttpRequest) -> HttpResponse:
    releases: list[News] = read_news(CHANGELOG.read_text(encoding="utf-8")) if CHANGELOG.exists() else []
    return render(request, "accounts/whats_new.html", {"releases": releases})
