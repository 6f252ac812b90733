"""What the province chooses beside the spreadsheet of a 轮转方案."""

from __future__ import annotations

from typing import Any

from zhupei.files.forms import SheetForm
from zhupei.organisations.models import Specialty
from zhupei.training.forms import Choice, Text

from ..scheme_sheet import IMPORTER
from .trainee import Year

YEARS = [(str(years), f"{years} 年") for years in (3, 2, 1)]
SAMPLE = [("no", "正式方案"), ("yes", "示例方案")]


class SchemeForm(SheetForm):
    """Whose scheme it is, and the file."""

    specialty = Choice("培训专业", [], required=True)
    grade_from = Year("适用年级起", help_text="从这一年入培的学员开始适用")
    name = Text("方案名称", longest=100, required=True)
    years = Choice("培训年限", YEARS, required=True, initial="3")
    is_sample = Choice("性质", SAMPLE, required=True, initial="no")

    field_order = ("specialty", "grade_from", "name", "years", "is_sample", "file")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, importer=IMPORTER, **kwargs)
        self.specialties = {str(it.pk): it for it in Specialty.objects.order_by("code")}
        offered = [(key, f"{it.code} {it}") for key, it in self.specialties.items()]
        self.fields["specialty"].choices = [*self.fields["specialty"].choices, *offered]  # type: ignore[attr-defined]

    def given(self) -> dict[str, str]:
        """What was chosen, as text."""
        names = ("specialty", "grade_from", "name", "years", "is_sample")
        return {name: str(self.cleaned_data[name]) for name in names}
