"""What keeps a history: every model, or the reason why not."""

import pghistory.models
import pytest
from django.apps import apps
from django.db import models

from commissioning.accounts.models import Membership, SecondFactor, SignInAddress, User
from commissioning.audit.sealing.tables import history_models
from commissioning.audit.untracked import UNTRACKED
from commissioning.reports.models import Board, BoardMembership

TRACKED = {model.pgh_tracked_model._meta.db_table for model in history_models()}  # type: ignore[attr-defined]


def every_model() -> list[type[models.Model]]:
    found = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    return [model for model in found if not model._meta.proxy and not issubclass(model, pghistory.models.Event)]


@pytest.mark.parametrize("model", every_model(), ids=lambda model: model._meta.label)
def test_a_model_is_tracked_or_says_why_not(model: type[models.Model]) -> None:
    assert (model._meta.db_table in TRACKED) != (model._meta.label in UNTRACKED), (
        f"{model._meta.label}: give it @track(), or a reason in commissioning/audit/untracked.py"
    )


def test_no_reason_is_given_for_a_model_that_is_no_more() -> None:
    assert set(UNTRACKED) <= {model._meta.label for model in every_model()}


def test_no_history_keeps_a_secret() -> None:
    kept = {f"{model._meta.db_table}.{field.name}" for model in history_models() for field in model._meta.fields}
    assert not {name for name in kept if name.rpartition(".")[2] in {"password", "data", "pdf", "contents", "figures"}}


@pytest.mark.django_db
def test_who_is_on_a_board_is_kept(alice: Membership, bea: Membership) -> None:
    board = Board.objects.create(partnership=bea.partnership, code="B", name="Board")
    board.members.add(bea)
    board.members.clear()
    rows = BoardMembership.pgh_event_model.objects.order_by("pgh_id").values_list("pgh_label", "board", "membership")
    assert list(rows) == [("insert", board.pk, bea.pk), ("delete", board.pk, bea.pk)]


@pytest.mark.django_db
def test_a_second_factor_that_goes_is_kept_without_its_secret(alice: Membership) -> None:
    factor = SecondFactor.objects.create(user=alice.user, type="totp", data={"secret": "abc"})
    factor.delete()
    events = SecondFactor.pgh_event_model.objects
    assert list(events.order_by("pgh_id").values_list("pgh_label", "user", "type")) == [
        ("insert", alice.user_id, "totp"),
        ("delete", alice.user_id, "totp"),
    ]


@pytest.mark.django_db
def test_an_address_that_changes_is_kept(alice: Membership) -> None:
    SignInAddress.objects.create(user=alice.user, email="a@example.org", primary=True)
    SignInAddress.objects.update(email="b@example.org")
    events = SignInAddress.pgh_event_model.objects
    assert list(events.order_by("pgh_id").values_list("email", flat=True)) == ["a@example.org", "b@example.org"]
    assert User.objects.exists()
