"""A copy of one person's data: two people, every value, and what is left out with its reason."""

import csv
import datetime as dt
import hashlib
import io
import json
import zipfile
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from pypdf import PdfReader

from commissioning.accounts.actors import Actor
from commissioning.accounts.models import Membership
from commissioning.core import jobs
from commissioning.core.errors import Refused
from commissioning.core.models import Job, JobState
from commissioning.rights.actions import (
    TextChoice,
    approve_export,
    ask_for_approval,
    begin_export,
    decide_columns,
    expire_exports,
    make_export,
    send_back,
    take_copy,
)
from commissioning.rights.exporting import gather_all
from commissioning.rights.models import AccessExport, RightsRequest, TextDecision
from commissioning.rights.redaction import black_out
from commissioning.rights.registry import OWN
from commissioning.rights.tasks import make_export as make_export_task
from commissioning.rights.tests.conftest import SECRETS, decide_everything
from commissioning.tests.figures import Say
from people.models import Goal, Person

pytestmark = pytest.mark.django_db


def made(export: AccessExport, by: Actor) -> zipfile.ZipFile:
    approve_export(export=export, by=by)
    make_export(export_id=export.pk)
    export.refresh_from_db()
    assert export.state == AccessExport.State.READY, export.note
    return zipfile.ZipFile(io.BytesIO(bytes(export.contents or b"")))


def everything_in(archive: zipfile.ZipFile) -> str:
    return "\n".join(archive.read(name).decode() for name in archive.namelist() if not name.endswith(".pdf"))


def test_the_copy_holds_every_value_of_every_table(
    waiting: AccessExport, someone_else: Person, by_bob: Actor, figure: Say
) -> None:
    archive = made(waiting, by_bob)
    page = archive.read("your-data.html").decode()
    missing = [secret for secret in SECRETS if secret not in page and secret != "07700 900123"]
    assert not missing
    assert "07700 900123" not in everything_in(archive) and "Contact" in page and "Hers" in page
    for table in OWN:
        assert f"data/{table.file}.csv" in archive.namelist()
    assert "Ottoline" not in everything_in(archive) and "910.10" not in everything_in(archive)
    figure("values of a copy that are in it / planted (the rest left out with a reason)",
           f"{len(SECRETS) - 1} / {len(SECRETS)}")  # fmt: skip


def test_it_says_who_looked_and_what_was_changed(waiting: AccessExport, by_bob: Actor) -> None:
    archive = made(waiting, by_bob)
    looks = list(csv.DictReader(io.StringIO(archive.read("data/recordread.csv").decode())))
    assert looks[0]["user_name"] == "Clara Clinician" and looks[0]["route"] == "plan"
    changes = list(csv.DictReader(io.StringIO(archive.read("data/changes.csv").decode())))
    changed = [each for each in changes if each["what"] == "changed" and each["field"] == "relationship"]
    assert [(each["before"], each["after"], each["by"]) for each in changed] == [("", "Aunt", "Alice Commissioner")]
    assert "became" in archive.read("your-data.html").decode() or "“Aunt”" in archive.read("your-data.html").decode()


def test_the_manifest_proves_every_file(waiting: AccessExport, by_bob: Actor) -> None:
    archive = made(waiting, by_bob)
    manifest = json.loads(archive.read("manifest.json"))
    assert set(manifest["files"]) == set(archive.namelist()) - {"manifest.json"}
    for name, said in manifest["files"].items():
        assert hashlib.sha256(archive.read(name)).hexdigest() == said["sha256"]
    assert hashlib.sha256(bytes(waiting.contents or b"")).hexdigest() == waiting.sha256
    assert manifest["record_sha256"] == waiting.fingerprint


def test_the_pdf_is_tagged_and_holds_the_same(waiting: AccessExport, by_bob: Actor) -> None:
    pdf = PdfReader(io.BytesIO(made(waiting, by_bob).read("your-data.pdf")))
    text = " ".join(page.extract_text() for page in pdf.pages)
    assert "Purple blanket" in text and "What was left out, and why" in text
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]


def test_words_are_blacked_out_everywhere_with_the_reason(asked: RightsRequest, by_alice: Actor, by_bob: Actor) -> None:
    export = begin_export(request=asked, by=by_alice)
    hide = TextChoice("", "black_out", ("Marigold",), "She asked not to be named")
    decide_everything(export, by_alice, Smiled=hide, Broke=TextChoice("", "leave_out", (), "Police ask for it"))
    ask_for_approval(export=export, by=by_alice)
    text = everything_in(made(export, by_bob))
    assert "Smiled at Marigold" not in text and "Smiled at [blacked out]" in text
    assert "Broke a mug" not in text and "Police ask for it" in text and "She asked not to be named" in text


def test_blacking_out_leaves_no_part_of_a_longer_name() -> None:
    assert black_out("Ann and ANNABEL", ["Ann", "Annabel"]) == "[blacked out] and [blacked out]"


def test_the_asker_cannot_approve(waiting: AccessExport, by_alice: Actor) -> None:
    with pytest.raises(Refused, match="Somebody else"):
        approve_export(export=waiting, by=by_alice)
    waiting.refresh_from_db()
    assert waiting.state == AccessExport.State.WAITING and not Job.objects.filter(name="rights.make_export").exists()


@pytest.mark.parametrize("who", ["finn", "clara", "mabel", "bea", "audrey", "adam"])
def test_nobody_but_a_commissioner_approves(who: str, waiting: AccessExport, request: pytest.FixtureRequest) -> None:
    membership: Membership = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        approve_export(export=waiting, by=Actor.of(membership))


def test_it_is_approved_once(waiting: AccessExport, by_bob: Actor) -> None:
    approve_export(export=waiting, by=by_bob)
    with pytest.raises(Refused, match="not waiting"):
        approve_export(export=waiting, by=by_bob)
    assert Job.objects.filter(name="rights.make_export").count() == 1


def test_what_changed_since_the_preview_is_not_approved(waiting: AccessExport, by_bob: Actor) -> None:
    Goal.objects.filter(person=waiting.person).update(words="Own red door")
    with pytest.raises(Refused, match="changed since"):
        approve_export(export=waiting, by=by_bob)
    waiting.refresh_from_db()
    assert waiting.state == AccessExport.State.WAITING and not waiting.approved_by_name


def test_what_changed_after_the_approval_goes_back(waiting: AccessExport, by_bob: Actor) -> None:
    approve_export(export=waiting, by=by_bob)
    Goal.objects.filter(person=waiting.person).update(words="Own red door")
    make_export(export_id=waiting.pk)
    waiting.refresh_from_db()
    assert waiting.state == AccessExport.State.PREPARING and waiting.contents is None
    assert "changed since" in waiting.note and not waiting.approved_by_name


def test_a_text_that_nobody_read_stops_it(asked: RightsRequest, by_alice: Actor) -> None:
    export = begin_export(request=asked, by=by_alice)
    with pytest.raises(Refused, match="Nobody has decided"):
        ask_for_approval(export=export, by=by_alice)
    decide_everything(export, by_alice)
    Goal.objects.filter(person=export.person).update(words="Own blue door")
    with pytest.raises(Refused, match="Your goals"):
        ask_for_approval(export=export, by=by_alice)
    export.refresh_from_db()
    assert export.state == AccessExport.State.PREPARING


def test_a_column_is_left_out_only_with_a_reason(asked: RightsRequest, by_alice: Actor) -> None:
    export = begin_export(request=asked, by=by_alice)
    with pytest.raises(Refused, match="why"):
        decide_columns(export=export, decisions={"people.CircleMember.contact": (False, " ")}, by=by_alice)
    assert not export.columns.exists()


def test_nobody_decides_while_it_waits(waiting: AccessExport, by_alice: Actor) -> None:
    with pytest.raises(Refused, match="no longer being prepared"):
        decide_everything(waiting, by_alice)
    send_back(export=waiting, reason="Look at the incidents again", by=by_alice)
    decide_everything(waiting, by_alice)
    assert TextDecision.objects.filter(export=waiting).exists()


def test_it_needs_to_be_known_who_asks(asked: RightsRequest, by_alice: Actor) -> None:
    RightsRequest.objects.filter(pk=asked.pk).update(identity_checked="")
    export = begin_export(request=asked, by=by_alice)
    decide_everything(export, by_alice)
    with pytest.raises(Refused, match="who asks"):
        ask_for_approval(export=export, by=by_alice)


def test_the_copy_expires_and_is_emptied(waiting: AccessExport, by_bob: Actor) -> None:
    made(waiting, by_bob)
    assert take_copy(export=waiting, by=by_bob)
    AccessExport.objects.filter(pk=waiting.pk).update(expires_at=timezone.now() - dt.timedelta(minutes=1))
    with pytest.raises(Refused, match="30 days"):
        take_copy(export=waiting, by=by_bob)
    assert expire_exports() == 1
    waiting.refresh_from_db()
    assert waiting.contents is None and waiting.state == AccessExport.State.EXPIRED and waiting.downloads == 1


def test_the_worker_makes_it_from_the_row(waiting: AccessExport, by_bob: Actor) -> None:
    approve_export(export=waiting, by=by_bob)
    job = Job.objects.get(name=make_export_task.name)
    jobs.run(job.pk)
    job.refresh_from_db()
    waiting.refresh_from_db()
    assert job.state == JobState.DONE and waiting.state == AccessExport.State.READY
    make_export(export_id=waiting.pk)
    assert AccessExport.objects.get(pk=waiting.pk).sha256 == waiting.sha256


def test_a_fault_while_making_it_gives_nothing(
    waiting: AccessExport, by_bob: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_kwargs: object) -> bytes:
        raise RuntimeError("no")

    approve_export(export=waiting, by=by_bob)
    monkeypatch.setattr("commissioning.rights.actions.exports.make_zip", fail)
    make_export(export_id=waiting.pk)
    waiting.refresh_from_db()
    assert waiting.state == AccessExport.State.FAILED and waiting.contents is None


def test_it_finds_names_in_free_text(zuleika: Person, someone_else: Person) -> None:
    Goal.objects.filter(person=zuleika).update(words="Live near Ottoline Bright, anna@example.org")
    found = {text.text: text.names for text in gather_all(zuleika).texts}
    assert found["Live near Ottoline Bright, anna@example.org"] == ("Ottoline Bright", "anna@example.org")
    assert found["Smiled at Marigold"] == ("Marigold",)
    assert found["Purple blanket"] == ()
