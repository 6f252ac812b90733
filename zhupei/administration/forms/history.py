"""Scanned papers, as files are chosen: pictures, or zip files of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from zhupei.files.forms import name_of
from zhupei.lib.archive import MIB, Archive, Unreadable, looks_like_zip
from zhupei.lib.archive import name_of as name_inside

from ..history_sheet import PAPERS

UNPACKED = 80 * MIB
TOO_MUCH = f"一次最多 {PAPERS.most} 张图片，请分几次上传"


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True


class ManyFiles(forms.FileField):
    """One file or several, as a list."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        return [super(ManyFiles, self).clean(it, initial) for it in data or [None]]


class PapersForm(forms.Form):
    """``scans`` are the names and bytes of what came, zip files unpacked."""

    papers = ManyFiles(
        label="扫描件",
        help_text=f"一个 zip，或直接选多张 JPG、PNG；每个文件不超过 20 MB，一次最多 {PAPERS.most} 张",
        widget=ManyFilesInput(attrs={"accept": "image/jpeg,image/png,image/webp,.zip", "multiple": True}),
        error_messages=dict.fromkeys(("required", "invalid"), "请选择扫描件"),
        allow_empty_file=True,
        max_length=10_000,
    )
    scans: list[tuple[str, bytes]]

    def clean_papers(self) -> list[UploadedFile[Any]]:
        uploads: list[UploadedFile[Any]] = self.cleaned_data["papers"]
        self.scans = []
        for upload in uploads:
            for scan in _scans(upload):
                self.scans.append(scan)
                if len(self.scans) > PAPERS.most:
                    raise ValidationError(TOO_MUCH)
        if not self.scans:
            raise ValidationError("压缩文件里没有图片")
        return uploads

    @property
    def file_name(self) -> str:
        uploads = self.cleaned_data["papers"]
        is_one = len(uploads) == 1 and _is_zip(uploads[0])
        return name_of(uploads[0]) if is_one else f"{len(self.scans)} 个文件"


def _scans(upload: UploadedFile[Any]) -> Iterator[tuple[str, bytes]]:
    name = name_of(upload)
    if getattr(upload, "too_large", False):
        raise ValidationError("有文件超过 20 MB，请分成几个文件上传")
    content = upload.read()
    if not _is_zip(upload) and not looks_like_zip(content):
        yield name, content
        return
    try:
        archive = Archive(content, limit=UNPACKED)
        for info in archive.entries:
            inside = name_inside(info).replace("\\", "/").rpartition("/")[2]
            if not inside.startswith(".") and "__MACOSX" not in name_inside(info):
                yield inside, archive.read(info)
    except Unreadable as error:
        raise ValidationError(str(error)) from error


def _is_zip(upload: UploadedFile[Any]) -> bool:
    return (upload.name or "").lower().endswith(".zip")
