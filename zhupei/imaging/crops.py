"""How a picture is cut, and what comes of it: plain values, without anything that measures pixels."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Crop:
    """How a portrait is cut: quarter turns counter-clockwise, then degrees counter-clockwise, then a frame.

    ``left``, ``top`` and ``width`` are parts (0–1) of the turned picture's width, height and width; the
    frame's height follows from 413:626. It may stand out over the edge: the background goes on there.
    """

    turns: int = 0
    tilt: float = 0.0
    left: float = 0.0
    top: float = 0.0
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class FittedPicture:
    """A JPG that satisfies its rule, and what was done to get it, as sentences."""

    jpeg: bytes
    thumbnail: bytes
    width: int
    height: int
    done: tuple[str, ...]
