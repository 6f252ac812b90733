"""登记 from a spreadsheet: the file, and whether it is handed in at once."""

from __future__ import annotations

from typing import Any

from zhupei.files.forms import SheetForm

from ..log_sheet import IMPORTER
from .inputs import Choice

DEEDS = [("draft", "存为草稿，以后再提交"), ("submit", "登记并提交，等待审核")]


class LogSheetForm(SheetForm):
    deed = Choice("导入后", DEEDS, required=True, initial="draft")

    field_order = ("file", "deed")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, importer=IMPORTER, **kwargs)
