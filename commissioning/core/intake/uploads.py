"""Files as they arrive: counted while they come, kept in memory or in a file without a name, never more than may be."""

import tempfile
from typing import IO, Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

IN_MEMORY = 1024 * 1024


class TooLarge(RequestDataTooBig):
    """More was sent than the page takes; what came so far is gone."""


class CountedUpload(FileUploadHandler):
    """Takes files up to `most` bytes together, and none at all where that is 0.

    What is too large for memory goes to a file that has no name (`O_TMPFILE`), so nothing is left of it when the
    process ends, however it ends. Raises TooLarge with the first byte too many.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self._left = most
        self._takes_files = most > 0
        self._file: IO[bytes] | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if not self._takes_files:
            raise SkipFile
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 closed with the request

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._left -= len(raw_data)
        if self._left < 0:
            self.upload_interrupted()
            raise TooLarge
        if self._file is not None:
            self._file.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":
        file, self._file = self._file, None
        if file is None:
            return None
        file.seek(0)
        return UploadedFile(
            file=file, name=self.file_name, content_type=self.content_type, size=file_size, charset=self.charset
        )

    def upload_interrupted(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


class NoFiles(CountedUpload):
    """What takes files where nothing else was said: nothing does."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(0)
        self.request = request
