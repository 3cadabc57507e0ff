"""Two people on one checklist: nothing is overwritten unseen, nothing typed is lost."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from commissioning.audit.models import RecordRead
from commissioning.core.periods import Month
from outcomes.models import Answer, Checklist, ChecklistStep, Measure
from outcomes.tests.conftest import ALL_ANSWERS
from people.models import Placement

Make = Callable[..., Checklist]
Post = Callable[..., dict[str, str]]


def address(month: Month, name: str = "checklist_view") -> str:
    return reverse(name, args=["JO", str(month), "staff"])


def values() -> dict[str, str]:
    return dict(Answer.objects.values_list("measure__code", "value"))


def test_it_keeps_both_where_they_answered_different_questions(
    as_sam: Client, as_mabel: Client, posted: Post, jos_home: Placement, month: Month
) -> None:
    as_sam.post(address(month), posted({"home": "4"}, act="save"))
    as_mabel.post(address(month), posted({"medication": "2"}, act="save"))
    assert values() == {"home": "4", "medication": "2"}


def test_it_shows_both_values_where_they_differ_and_the_second_chooses(
    as_sam: Client, as_mabel: Client, posted: Post, jos_home: Placement, month: Month, measures: dict[str, Measure]
) -> None:
    as_sam.post(address(month), posted({"home": "4"}, act="save"))
    page = as_mabel.post(address(month), posted({"home": "2", "people": "3"}, act="send")).content.decode()
    assert "Sam Worker saved “4” while you had “2”" in page
    assert values() == {"home": "4", "people": "3"}
    assert Checklist.objects.get().status == Checklist.Status.DRAFT
    key = measures["home"].pk
    assert f'name="was-{key}" value="4"' in page
    assert f'id="a-{key}-2" name="a-{key}" value="2" checked' in page
    as_mabel.post(address(month), posted({"home": "2", "people": "3"}, was={"home": "4", "people": "3"}, act="save"))
    assert values()["home"] == "2"


def test_it_saves_while_typing_and_says_what_was_kept(
    as_mabel: Client, posted: Post, jos_home: Placement, month: Month, measures: dict[str, Measure]
) -> None:
    told = as_mabel.post(address(month, "checklist_autosave"), posted({"home": "4", "people": "many"})).json()
    assert told["answered"] == 1
    assert told["kept"][str(measures["home"].pk)] == ["4", ""]
    assert "whole number" in told["faults"][str(measures["people"].pk)]
    assert values() == {"home": "4"}


def test_it_records_who_opened_the_page_and_not_every_pause(
    as_mabel: Client, posted: Post, jos_home: Placement, month: Month
) -> None:
    as_mabel.get(address(month))
    for _ in range(3):
        as_mabel.post(address(month, "checklist_autosave"), posted({"home": "4"}))
    assert list(RecordRead.objects.values_list("route", flat=True)) == ["checklist_view"]


def test_it_tells_of_a_conflict_while_typing(
    as_sam: Client, as_mabel: Client, posted: Post, jos_home: Placement, month: Month
) -> None:
    as_sam.post(address(month, "checklist_autosave"), posted({"home": "4"}))
    told = as_mabel.post(address(month, "checklist_autosave"), posted({"home": "2"})).json()
    assert [(each["theirs"], each["mine"], each["by"]) for each in told["conflicts"]] == [("4", "2", "Sam Worker")]
    assert values() == {"home": "4"}


def test_it_clears_an_answer(as_mabel: Client, posted: Post, jos_home: Placement, month: Month) -> None:
    as_mabel.post(address(month), posted({"people": "4"}, act="save"))
    as_mabel.post(address(month), posted({"people": ""}, was={"people": "4"}, act="save"))
    assert values() == {}


def test_it_keeps_evidence_with_its_answer(
    as_mabel: Client, posted: Post, jos_home: Placement, month: Month, measures: dict[str, Measure]
) -> None:
    evidence = {f"e-{measures['home'].pk}": "New curtains, chosen by Jo\r\nand hung by Jo"}
    page = as_mabel.post(address(month), posted({}, act="save", **evidence)).content.decode()
    assert "Answer the question too" in page
    as_mabel.post(address(month), posted({"home": "5"}, act="save", **evidence))
    assert Answer.objects.get().evidence == "New curtains, chosen by Jo\nand hung by Jo"


def test_it_loses_nothing_when_a_colleague_sent_it_meanwhile(
    as_sam: Client, send: Make, posted: Post, month: Month
) -> None:
    send(ALL_ANSWERS, month)
    response = as_sam.post(address(month), posted(ALL_ANSWERS | {"home": "2"}, act="ready"))
    page = response.content.decode()
    assert response.status_code == 409
    assert "was sent while you were here" in page
    assert "<strong>2</strong>" in page
    assert values()["home"] == "5"
    told = as_sam.post(address(month, "checklist_autosave"), posted({"home": "2"}))
    assert told.status_code == 409
    assert values()["home"] == "5"


def test_it_corrects_a_sent_checklist_only_with_a_reason(
    as_mabel: Client, send: Make, posted: Post, month: Month
) -> None:
    checklist = send(ALL_ANSWERS, month)
    changed = posted(ALL_ANSWERS | {"home": "4"}, was=ALL_ANSWERS)
    page = as_mabel.post(address(month, "checklist_correct"), changed).content.decode()
    assert "Say why the answers change" in page
    assert values()["home"] == "5"
    as_mabel.post(address(month, "checklist_correct"), changed | {"reason": "Typed by mistake"})
    assert values()["home"] == "4"
    step = ChecklistStep.objects.get(checklist=checklist, kind=ChecklistStep.Kind.CORRECTED)
    assert step.words == "Typed by mistake"
    assert [(each["measure"], each["before"], each["now"]) for each in step.changes] == [("home", "5", "4")]


def test_it_refuses_a_correction_that_changes_nothing_or_is_wrong(
    as_mabel: Client, send: Make, posted: Post, month: Month
) -> None:
    send(ALL_ANSWERS, month)
    same = posted(ALL_ANSWERS, was=ALL_ANSWERS, reason="None")
    assert "Nothing has changed" in as_mabel.post(address(month, "checklist_correct"), same).content.decode()
    wrong = posted(ALL_ANSWERS | {"home": "9", "days": "1"}, was=ALL_ANSWERS, reason="Both")
    page = as_mabel.post(address(month, "checklist_correct"), wrong).content.decode()
    assert "Enter 5 or less" in page
    assert (values()["home"], values()["days"]) == ("5", "5")


def test_it_shows_both_when_two_managers_correct_at_once(
    as_mabel: Client, send: Make, posted: Post, month: Month
) -> None:
    send(ALL_ANSWERS, month)
    as_mabel.post(
        address(month, "checklist_correct"), posted(ALL_ANSWERS | {"home": "4"}, was=ALL_ANSWERS, reason="First")
    )
    page = as_mabel.post(
        address(month, "checklist_correct"), posted(ALL_ANSWERS | {"home": "3"}, was=ALL_ANSWERS, reason="Second")
    ).content.decode()
    assert "saved “4” while you had “3”" in page
    assert values()["home"] == "4"


def test_it_does_not_let_staff_correct(as_sam: Client, send: Make, posted: Post, month: Month) -> None:
    send(ALL_ANSWERS, month)
    assert as_sam.post(address(month, "checklist_correct"), posted(ALL_ANSWERS, reason="x")).status_code == 403


def test_it_asks_again_for_acceptance_after_a_correction(
    as_mabel: Client, as_alice: Client, send: Make, posted: Post, month: Month
) -> None:
    checklist = send(ALL_ANSWERS, month)
    as_alice.post(reverse("checklists_accept"), {"chosen": f"{checklist.pk}:{checklist.version}"})
    checklist.refresh_from_db()
    assert checklist.status == Checklist.Status.ACCEPTED
    as_mabel.post(
        address(month, "checklist_correct"), posted(ALL_ANSWERS | {"home": "4"}, was=ALL_ANSWERS, reason="Mistake")
    )
    checklist.refresh_from_db()
    assert checklist.status == Checklist.Status.SUBMITTED
