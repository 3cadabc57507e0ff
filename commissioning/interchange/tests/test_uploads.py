"""In the browser: upload, see what would change, confirm, follow; download everything."""

import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from commissioning.accounts.models import Membership, Partnership
from commissioning.audit.models import RecordRead
from commissioning.core.models import Job
from commissioning.interchange import actions
from commissioning.interchange.models import Upload
from commissioning.interchange.tests.datasets import SOUND
from commissioning.tests.fixtures import signed_in
from finance.models import CostLine
from people.models import Person

pytestmark = pytest.mark.django_db

PEOPLE = SOUND["people.csv"].replace("JO,,Jo", "NEW,,Noor")
# The fixtures' partnership has its own organisations under these codes already.
FILES = {"people.csv": PEOPLE}


def upload(client: Client, **files: str | bytes) -> HttpResponse:
    chosen = [
        SimpleUploadedFile(name.replace("__", "."), text.encode() if isinstance(text, str) else text)
        for name, text in files.items()
    ]
    response = client.post(reverse("data"), {"dataset": chosen})
    assert isinstance(response, HttpResponse)
    return response


def work() -> None:
    """What a worker does with everything that waits."""
    for job in Job.objects.filter(state="due", name__startswith="interchange.").order_by("pk"):
        {"interchange.check_upload": actions.check_upload, "interchange.load_upload": actions.load_upload}[job.name](
            **job.arguments
        )
        job.delete()


def page(client: Client) -> str:
    return client.get(reverse("upload", args=[Upload.objects.latest("pk").pk])).content.decode()


def test_it_shows_what_would_change_and_loads_when_confirmed(alice: Membership) -> None:
    client = signed_in(alice)
    response = upload(client, people__csv=PEOPLE)
    assert response.status_code == 302
    assert "Checking the files" in page(client)
    assert client.get(response["Location"])["Refresh"]
    work()
    assert "Check what would change" in page(client) and "NEW" in page(client)
    assert not Person.objects.exists()
    number = Upload.objects.get().pk
    for _click in range(2):
        client.post(reverse("upload_confirm", args=[number]))
    assert Job.objects.filter(name="interchange.load_upload").count() == 1
    assert "Loading the files" in page(client)
    work()
    assert "The files are loaded" in page(client)
    assert Person.objects.filter(partnership=alice.partnership).count() == 2
    assert bytes(Upload.objects.get().contents) == b""


def test_it_shows_old_and_new_values_and_records_who_was_read(alice: Membership, jo: Person) -> None:
    client = signed_in(alice)
    upload(client, people__csv=SOUND["people.csv"].replace("JO,,Jo,Example", "JO,,Joanna,Example"))
    work()
    shown = page(client)
    assert "Joanna" in shown and "given_name" in shown
    assert RecordRead.objects.filter(person_id=jo.pk, route="upload").exists()


def test_faults_are_on_the_page_and_in_a_file(alice: Membership) -> None:
    client = signed_in(alice)
    upload(client, people__csv=PEOPLE.replace("2002-03-14", "0206-03-14").replace("NEW", "=NEW"))
    work()
    assert "1 thing to put right" in page(client) and "0206-03-14" in page(client)
    listed = client.get(reverse("upload_faults", args=[Upload.objects.get().pk]))
    assert "people.csv,2,date_of_birth,0206-03-14," in listed.content.decode("utf-8-sig")
    assert "attachment" in listed["Content-Disposition"]
    client.post(reverse("upload_confirm", args=[Upload.objects.get().pk]))
    assert not Job.objects.filter(name="interchange.load_upload").exists()


def test_what_changed_since_the_check_is_a_fault_at_the_load(alice: Membership) -> None:
    client = signed_in(alice)
    upload(client, people__csv=PEOPLE)
    work()
    client.post(reverse("upload_confirm", args=[Upload.objects.get().pk]))
    alice.partnership.links.filter(code="ICB").update(code="RENAMED")
    work()
    assert Upload.objects.get().state == Upload.State.FAULTY
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "Choose the files to load"),
        ({"people__pdf": "x"}, "Choose CSV files, or one zip of them"),
        ({"a__zip": "not a zip"}, "damaged or not what its name says"),
        ({"a__xlsx": "not a book"}, "damaged or not what its name says"),
        ({"a__csv": "x", "b__zip": "y"}, "Choose CSV files, or one zip of them"),
    ],
)
def test_it_refuses_what_it_cannot_read(alice: Membership, files: dict[str, str], words: str) -> None:
    response = upload(signed_in(alice), **files)
    assert words in response.content.decode()
    assert not Upload.objects.exists()


def test_two_hundred_megabytes_are_refused_before_any_is_read(
    alice: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "begin_upload", lambda **_: pytest.fail("it was read"))
    monkeypatch.setattr("commissioning.interchange.forms.UploadForm.base_fields", _limited(10))
    response = upload(signed_in(alice), people__csv=PEOPLE)
    assert "must be at most" in response.content.decode()
    assert not Upload.objects.exists()


def _limited(most: int) -> dict[str, object]:
    from copy import deepcopy

    from commissioning.interchange.forms import FilesField, UploadForm

    fields = deepcopy(UploadForm.base_fields)
    assert isinstance(fields["dataset"], FilesField)
    fields["dataset"].most_bytes = most
    return dict(fields)


def test_another_partnerships_upload_is_not_found(alice: Membership, charlie: Membership) -> None:
    upload(signed_in(alice), people__csv=PEOPLE)
    number = Upload.objects.get().pk
    outsider = signed_in(charlie)
    assert outsider.get(reverse("upload", args=[number])).status_code == 404
    assert outsider.get(reverse("upload_faults", args=[number])).status_code == 404
    assert outsider.post(reverse("upload_confirm", args=[number])).status_code == 404


def test_only_commissioners_come_in(finn: Membership, mabel: Membership) -> None:
    for member in (finn, mabel):
        for name in ("data", "data_zip", "data_xlsx", "data_files"):
            assert signed_in(member).get(reverse(name)).status_code == 403


def test_everything_downloads_and_every_person_counts_as_read(alice: Membership, jo: Person) -> None:
    client = signed_in(alice)
    response = client.get(reverse("data_zip"))
    with zipfile.ZipFile(BytesIO(response.content)) as archive:
        assert b"JO,,Jo,Example" in archive.read("people.csv")
    assert client.get(reverse("data_xlsx")).content.startswith(b"PK")
    assert RecordRead.objects.filter(person_id=jo.pk, route__in=["data_zip", "data_xlsx"]).count() == 2


def test_a_download_loads_again_and_changes_nothing(alice: Membership, jo: Person) -> None:
    client = signed_in(alice)
    contents = client.get(reverse("data_xlsx")).content
    upload(client, estuary__xlsx=contents)
    work()
    assert "These files change nothing" in page(client)
    assert CostLine.objects.count() == 0 and Partnership.objects.count() == 1


def test_the_files_are_explained(alice: Membership) -> None:
    text = signed_in(alice).get(reverse("data_files")).content.decode()
    assert "cost_lines.csv" in text and "units_per_week" in text
