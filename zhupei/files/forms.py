"""A file of rows, as it is chosen: read at once, refused with a sentence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from zhupei.lib import typed, workbook
from zhupei.lib.columns import Sheet, read_grid
from zhupei.lib.workbook import Unreadable

from .importing import Importer

XLSX = ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SheetForm(forms.Form):
    """An .xlsx for ``importer``; ``sheet`` is what it says, once the form is valid."""

    file = forms.FileField(
        label="表格文件",
        help_text="Excel 工作簿 .xlsx，不超过 20 MB",
        allow_empty_file=True,
        max_length=10_000,
        widget=forms.FileInput(attrs={"accept": XLSX}),
        error_messages={"required": "请选择表格文件", "invalid": "请选择表格文件"},
    )
    sheet: Sheet

    def __init__(self, *args: Any, importer: Importer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.importer = importer

    def clean_file(self) -> UploadedFile[Any]:
        upload: UploadedFile[Any] = self.cleaned_data["file"]
        if getattr(upload, "too_large", False):
            raise ValidationError("文件超过 20 MB，请分成几个文件上传")
        try:
            grid = workbook.read(upload.read(), name=upload.name or "")
            self.sheet = read_grid(grid, self.importer.columns, most=self.importer.most)
        except Unreadable as error:
            raise ValidationError(str(error)) from error
        return upload

    @property
    def file_name(self) -> str:
        return name_of(self.cleaned_data["file"])


def name_of(upload: UploadedFile[Any]) -> str:
    """A file's name, for people only."""
    return " ".join(typed.clean(upload.name or "").split())[:255]
