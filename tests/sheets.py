"""Spreadsheets as people send them, made for the tests."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from xlsxwriter import Workbook


def xlsx(rows: Sequence[Sequence[Any]], *, merge: str = "", **options: Any) -> bytes:
    """A workbook with one sheet of ``rows``."""
    output = io.BytesIO()
    with Workbook(
        output, {"constant_memory": not merge, "default_date_format": "yyyy-mm-dd", **options}
    ) as book:
        sheet = book.add_worksheet("数据")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if merge:
            sheet.merge_range(merge, "合并")
    return output.getvalue()


def zipped(files: Mapping[str, bytes | str], *, packed: bool = True) -> bytes:
    """A zip file of ``files`` by name."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return output.getvalue()


def with_file(workbook: bytes, name: str, data: bytes) -> bytes:
    """The workbook with one more file inside, or another in its place."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        files = {info.filename: archive.read(info) for info in archive.infolist()}
    return zipped({**files, name: data})
