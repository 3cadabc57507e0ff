"""The form that takes files."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from commissioning.core.forms import FileField, Form

MEGABYTE = 1024 * 1024


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(FileField):
    """One file or several. Their size together is judged before any of them is read."""

    def __init__(self, *, accept: str, most_bytes: int, **options: Any) -> None:
        super().__init__(**options)
        self.most_bytes = most_bytes
        self.widget = SeveralFiles(attrs={"accept": accept, "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        given = data if isinstance(data, list) else [data]
        files = [super(FilesField, self).clean(each, initial) for each in given or [None]]
        if sum(file.size or 0 for file in files) > self.most_bytes:
            most = self.most_bytes // MEGABYTE
            raise forms.ValidationError(
                f"The files must be at most {most} MB together; zip them, or load them in parts", code="too_large"
            )
        return files


class UploadForm(Form):
    """A dataset to check."""

    submit_text = "Check the files"
    marks_optional: ClassVar[bool] = False
    dataset = FilesField(
        label="Files to load",
        accept=".csv,.zip,.xlsx",
        most_bytes=settings.UPLOAD_LIMIT_BYTES,
        missing="Choose the files to load",
        help_text="CSV files in UTF-8, a zip of them, or one Excel workbook with a sheet for each file. At most "
        f"{settings.UPLOAD_LIMIT_BYTES // MEGABYTE}\u00a0MB.",
    )
