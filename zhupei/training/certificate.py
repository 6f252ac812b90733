"""How the name and the 电子照片 will look on the 合格证书: a drawing, not a paper of value."""

from dataclasses import dataclass

from .choices import TrainingCategory

WIDTH = 16.5  # characters of 汉字 a line holds
CLOSING = "，。；、）》”"  # never begin a line
TRAINING = {TrainingCategory.RESIDENT: "住院医师规范化培训", TrainingCategory.ASSISTANT: "助理全科医生培训"}
FIRST_LINE, LINE = 160, 34  # of the drawing: where the text begins, and the height of a line


@dataclass(frozen=True, slots=True)
class Certificate:
    title: str
    name: str
    lines: list[tuple[int, str]]  # height in the drawing, text
    portrait_url: str  # "" without one


def sketch(
    *, name: str, sex: str, born: str, base: str, specialty: str, category: str, portrait_url: str
) -> Certificate:
    """``born`` is an ISO date; ``category`` a value or the label of ``TrainingCategory``."""
    assistant = TrainingCategory.ASSISTANT
    training = TRAINING[assistant if category in (assistant, assistant.label) else TrainingCategory.RESIDENT]
    year, _, rest = born.partition("-")
    text = (
        f"{name}，性别{sex}，{year} 年 {rest[:2].lstrip('0')} 月出生。"
        f"在{base}完成{specialty}专业{training}，考核合格，特发此证。"
    )
    lines = [(FIRST_LINE + LINE * number, line) for number, line in enumerate(wrapped(text))]
    return Certificate(f"{training}合格证书", name, lines, portrait_url)


def wrapped(text: str, width: float = WIDTH) -> list[str]:
    """``text`` in lines; a character of ASCII is half as wide as one of 汉字."""
    lines, room = [""], width
    for letter in text:
        size = 0.5 if letter.isascii() else 1.0
        if size > room and letter not in CLOSING:
            lines.append("")
            room = width
        lines[-1] += letter
        room -= size
    return [line.strip() for line in lines]
