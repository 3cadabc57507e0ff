"""How much a page takes: refused before it is read, counted while it comes, never left on disk."""

import io
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadhandler import SkipFile
from django.test import Client, RequestFactory
from django.urls import reverse

from commissioning.accounts.models import Membership
from commissioning.core.intake.uploads import CountedUpload, NoFiles, TooLarge
from commissioning.interchange.models import Upload
from commissioning.tests.fixtures import signed_in

pytestmark = pytest.mark.django_db

MEGABYTE = 1024 * 1024
FORM = "multipart/form-data; boundary=part"
HEAD = b'--part\r\nContent-Disposition: form-data; name="dataset"; filename="people.csv"\r\n\r\n'


class Endless(io.RawIOBase):
    """A body that goes on as long as somebody reads it; counts how much was read."""

    def __init__(self, length: int) -> None:
        self.left, self.length = length, length

    def read(self, size: int = -1) -> bytes:
        taken = self.left if size < 0 else min(size, self.left)
        whole = HEAD if self.left == self.length else b""
        self.left -= taken
        return (whole + b"x" * taken)[:taken]

    @property
    def was_read(self) -> int:
        return self.length - self.left


def send(client: Client, address: str, length: int, **headers: Any) -> tuple[Any, Endless]:
    body = Endless(length)
    said = {"CONTENT_LENGTH": str(length), **headers}
    return client.generic("POST", address, b"", **{"CONTENT_TYPE": FORM, **said, "wsgi.input": body}), body


def test_200_megabytes_are_refused_before_a_byte_is_read(alice: Membership) -> None:
    response, body = send(signed_in(alice), reverse("data"), 200 * MEGABYTE)
    assert response.status_code == 413
    text = response.content.decode()
    assert "Your files are too large" in text and "at most 25&nbsp;MB" in text and "Nothing of what you sent" in text
    assert body.was_read == 0
    assert not Upload.objects.exists()


@pytest.mark.parametrize("who", ["nobody", "mabel", "finn"])
def test_who_may_not_bring_files_sends_no_more_than_a_form(who: str, mabel: Membership, finn: Membership) -> None:
    client = Client() if who == "nobody" else signed_in({"mabel": mabel, "finn": finn}[who])
    response, body = send(client, reverse("data"), 5 * MEGABYTE)
    assert (response.status_code, body.was_read) == (413, 0)
    assert "more than this page takes" in response.content.decode()


def test_a_page_that_asks_for_no_file_takes_none(alice: Membership) -> None:
    response, body = send(signed_in(alice), reverse("provider_create"), 5 * MEGABYTE)
    assert (response.status_code, body.was_read) == (413, 0)


def test_a_body_of_unsaid_length_is_refused(alice: Membership) -> None:
    headers = {"HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": ""}
    response, body = send(signed_in(alice), reverse("data"), 200 * MEGABYTE, **headers)
    assert (response.status_code, body.was_read) == (411, 0)
    assert "Length Required" in response.content.decode()


def test_a_body_that_says_less_than_it_sends_is_counted() -> None:
    """Whatever the request said of itself: after the limit not a byte more is taken."""
    body = Endless(200 * MEGABYTE)
    request = RequestFactory().generic("POST", "/", b"", CONTENT_TYPE=FORM, CONTENT_LENGTH=str(200 * MEGABYTE))
    request._stream = body  # type: ignore[assignment]  # where Django reads from
    request.upload_handlers = [CountedUpload(MEGABYTE)]
    with pytest.raises(TooLarge):
        _ = request.FILES
    assert body.was_read < MEGABYTE + 256 * 1024


def test_what_is_refused_while_it_comes_is_the_same_page(alice: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commissioning.accounts.uploads.CountedUpload", lambda _most: CountedUpload(1000))
    client = signed_in(alice)
    response = client.post(reverse("data"), {"dataset": io.BytesIO(b"x" * 5000)})
    assert response.status_code == 413
    assert "Your files are too large" in response.content.decode()


def test_a_file_being_taken_has_no_name_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So the system takes it away with the process, even when that is killed."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    handler = CountedUpload(10 * MEGABYTE)
    handler.new_file("dataset", "people.csv", "text/csv", None)
    handler.receive_data_chunk(b"x" * 3 * MEGABYTE, 0)
    assert list(tmp_path.iterdir()) == []
    file = handler.file_complete(3 * MEGABYTE)
    assert file is not None and file.size == 3 * MEGABYTE
    opened = str(Path(f"/proc/self/fd/{file.fileno()}").readlink())
    assert opened.startswith(str(tmp_path)) and opened.endswith("(deleted)")
    assert file.read() == b"x" * 3 * MEGABYTE


def test_without_a_word_from_the_route_nothing_is_taken() -> None:
    assert settings.FILE_UPLOAD_HANDLERS == ["commissioning.core.intake.uploads.NoFiles"]
    with pytest.raises(SkipFile):
        NoFiles().new_file("x", "x", "x", 1)


def test_files_that_were_brought_have_no_address_of_their_own() -> None:
    assert (settings.MEDIA_URL, settings.MEDIA_ROOT) in {("", ""), ("/", "")}
