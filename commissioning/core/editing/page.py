"""The page that shows both values and asks which to keep. Status 409."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from commissioning.core.editing.form import ASKED, KEEP, THEIRS, VERSION, EditForm
from commissioning.core.editing.since import Since, changes_since


def answer(request: HttpRequest, form: Any, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page with the form, or with both values where somebody else was first. `context` has heading, cancel_url."""
    if isinstance(form, EditForm) and form.is_stale:
        return show_conflict(request, form, heading=context["heading"], back=context["cancel_url"])
    return render(request, template, {**context, "form": form})


def show_conflict(request: HttpRequest, form: EditForm, *, heading: str, back: str) -> HttpResponse:
    """What differs, who saved what stands now and when, and what else they changed; the choice is checked again."""
    since = changes_since(form.opened, form.records)
    differences = form.differences()
    shown = {each.field for each in differences}
    context = {
        "heading": heading,
        "submit_text": form.submit_text,
        "since": since,
        "is_you": _is_you(request, since),
        "differences": [(each, since.saving_of(each.field)) for each in differences],
        "others": [each for each in since.changes if each.name not in shown and each.name not in form.fields],
        "only_yours": form.only_yours(),
        "may_go_on": form.is_act or bool(differences),
        "sent": _sent(request, form, shown),
        "asked": [each.field for each in differences],
        "version": form.initial[VERSION],
        "back": back,
        "unchosen": [each for each in differences if each.is_unchosen],
        "clashing": sum(not each.kept for each in differences),
    }
    return render(request, "layouts/conflict.html", context, status=409)


def _sent(request: HttpRequest, form: EditForm, shown: set[str]) -> list[tuple[str, str]]:
    """What was entered, to be sent again; where what is saved was kept before, it stays kept."""
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in {VERSION, ASKED, "csrfmiddlewaretoken"} and not name.startswith(KEEP)
        for value in values
    ]
    kept = [name for name in form.fields if request.POST.get(KEEP + name) == THEIRS and name not in shown]
    return [*sent, *((str(KEEP + name), THEIRS) for name in kept)]


def _is_you(request: HttpRequest, since: Since) -> bool:
    """One's own saving, from another window or a second click."""
    mine = getattr(getattr(request, "actor", None), "name", "")
    return bool(mine and since.savings) and all(each.by == mine for each in since.savings)
