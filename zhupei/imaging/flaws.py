"""What is wrong with a picture, as a machine sees it: evidence for people, hardly ever a verdict.

Only hard facts block; everything else warns and shows why. A reviewer's own words are Findings, not these.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypedDict

CHECKS = 1  # version of the checks; goes up whenever the same picture might be judged differently

Weight = Literal["blocks", "warns"]
Box = tuple[float, float, float, float]  # left, top, right, bottom; 0–1 of the picture's width and height


class FlawData(TypedDict):
    """A flaw as it is stored and printed."""

    weight: Weight
    code: str
    text: str
    numbers: dict[str, float]
    boxes: list[list[float]]


@dataclass(frozen=True, slots=True)
class Flaw:
    """``text`` says it to the person, ``numbers`` were measured, ``boxes`` say where."""

    weight: Weight
    code: str
    text: str
    numbers: dict[str, float] = field(default_factory=dict)
    boxes: tuple[Box, ...] = ()

    def data(self) -> FlawData:
        """Plain data, rounded: the same picture gives the same text."""
        return FlawData(
            weight=self.weight,
            code=self.code,
            text=self.text,
            numbers={name: round(float(number), 3) for name, number in self.numbers.items()},
            boxes=[[round(float(edge), 4) for edge in box] for box in self.boxes],
        )


def blocks(code: str, text: str, *boxes: Box, **numbers: float) -> Flaw:
    return Flaw("blocks", code, text, numbers, boxes)


def warns(code: str, text: str, *boxes: Box, **numbers: float) -> Flaw:
    return Flaw("warns", code, text, numbers, boxes)
