"""The first page of each role, and the gallery of components."""

from django.http import HttpResponse
from django.shortcuts import render

from commissioning.accounts.routes import ActorRequest


def home(request: ActorRequest) -> HttpResponse:
    return render(request, "overview/home.html")


def components(request: ActorRequest) -> HttpResponse:
    """A gallery of every component, for developers and for the accessibility checker."""
    return render(request, "overview/components.html")
