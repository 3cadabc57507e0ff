"""Every hostile file is refused in plain words, quickly, in little memory, and leaves nothing behind."""

import html
import logging
import re
import time
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from commissioning.accounts.models import Membership, Partnership
from commissioning.core.models import Job
from commissioning.interchange import actions as interchange
from commissioning.tests.figures import Say
from commissioning.tests.fixtures import make_person, signed_in
from commissioning.tests.hostile.corpus import CORPUS, Hostile
from finance.tasks import read_spending_file

pytestmark = [pytest.mark.django_db, pytest.mark.drill]

ADDRESSES = {
    "dataset": ("data", "dataset"),
    "spending": ("payments_upload", "spending_files"),
    "cqc": ("cqc_import", "file"),
}
# Where it is kept that somebody brought a file, and what they looked at. Everything else must stay as it was.
BOOKKEEPING = {
    "Job", "Upload", "SpendingFile", "SpendingImport", "Session", "UserSession", "RecordRead", "Refusal", "SealedBatch",
}  # fmt: skip
CANARY = "Zebedee Quillfeather"
INSIDES = re.compile(r"Traceback|site-packages|/work/|/tmp/|openpyxl|defusedxml|zipfile|psycopg|\bline \d+ in\b")
MOST_SECONDS = 60
MOST_MEGABYTES = 512


@dataclass
class Came:
    """What came of one file."""

    file: Hostile
    text: str
    status: int
    seconds: float
    megabytes: int

    @property
    def is_clean(self) -> bool:
        is_named = self.file.name in self.text or "people.csv" in self.text or re.search(r"[Rr]ow \d", self.text)
        hides = CANARY not in self.text and not INSIDES.search(self.text)
        return self.status == 200 and self.file.says in self.text and bool(is_named) and hides


def counts() -> dict[str, int]:
    models = [model for model in apps.get_models() if model.__name__ not in BOOKKEEPING]
    return {model._meta.label: model._default_manager.count() for model in models}


def visible(page: str) -> str:
    """The words of a page."""
    main = re.sub(r"(?s)<(script|style|svg|head).*?</\1>", " ", page)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def bring(client: Client, file: Hostile) -> tuple[str, int]:
    """What the person sees who brings the file and waits for the worker: the words of the page, and its status."""
    address, field = ADDRESSES[file.intake]
    chosen = SimpleUploadedFile(file.name, file.make())
    response = client.post(reverse(address), {field: chosen})
    for job in Job.objects.filter(state="due").order_by("pk"):
        if job.name == "interchange.check_upload":
            interchange.check_upload(**job.arguments)
        elif job.name == "finance.read_spending_file":
            read_spending_file(**job.arguments)
        job.delete()
    if response.status_code == 302:
        response = client.get(response["Location"])
    return visible(response.content.decode()), response.status_code


def test_hostile_files_are_refused_and_nothing_is_saved(
    alice: Membership, elsewhere: Partnership, caplog: pytest.LogCaptureFixture, figure: Say
) -> None:
    make_person(elsewhere, "H-1", given_name="Zebedee", family_name="Quillfeather")
    client = signed_in(alice)
    came, partial = [], []
    before = counts()
    for file in CORPUS:
        with caplog.at_level(logging.INFO, logger="commissioning.core.intake.process"):
            caplog.clear()
            started = time.monotonic()
            text, status = bring(client, file)
            read = [record.args for record in caplog.records if record.msg.startswith("Read a file")]
        peak = max((int(str(args[2])) for args in read if isinstance(args, tuple)), default=0)
        came.append(Came(file, text, status, time.monotonic() - started, peak))
        if (after := counts()) != before:
            partial.append(file.what)
            before = after
    clean = [each for each in came if each.is_clean]
    slowest, largest = max(came, key=lambda each: each.seconds), max(came, key=lambda each: each.megabytes)
    figure("hostile files: clean refusals / total", f"{len(clean)} / {len(came)}")
    figure("hostile files: longest", f"{slowest.seconds:.1f} s ({slowest.file.what})")
    figure("hostile files: most memory of the reader", f"{largest.megabytes} MB ({largest.file.what})")
    figure("hostile files: partial imports", str(len(partial)))
    wrong = [(each.file.what, each.file.says, each.status, each.text[:1500]) for each in came if not each.is_clean]
    assert not wrong, "\n".join(map(str, wrong))
    assert not partial
    assert len(came) >= 60
    assert slowest.seconds < MOST_SECONDS and largest.megabytes <= MOST_MEGABYTES
