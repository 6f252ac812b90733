"""What is typed about the 科室 of a base."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from zhupei.organisations.models import Organisation
from zhupei.training.forms import Choice, Text, TypedForm

LONGEST = 50  # characters of a name


class DepartmentForm(TypedForm):
    """The name of a 科室; ``bases`` only where one adds and there are several."""

    name = Text("科室名称", longest=LONGEST, required=True)
    base = Choice("培训基地", [], required=True)

    def __init__(self, *args: Any, bases: Sequence[Organisation] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bases = {str(base.pk): base for base in bases}
        if len(bases) > 1:
            listed = [(key, base.name) for key, base in self.bases.items()]
            self.fields["base"].choices = [*self.fields["base"].choices, *listed]  # type: ignore[attr-defined]
        else:
            del self.fields["base"]

    @property
    def chosen_base(self) -> Organisation:
        """Where it is added."""
        return self.bases[self.cleaned_data.get("base") or next(iter(self.bases))]
