"""Portraits and papers with known flaws, drawn here; ``python -m tests.imaging.corpus`` prints the rates.

Two generators of faces (the drawn ones of the demo, one photograph in the public domain) and of papers
(certificates and signed forms of the demo), each in several lights, sizes and qualities.
"""

import io
import sys
from collections.abc import Callable, Iterator

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from zhupei.demo import pictures as demo
from zhupei.imaging.document import inspect_document
from zhupei.imaging.portrait import inspect_portrait

from . import pictures

Change = Callable[[Image.Image], Image.Image]
BICUBIC = Image.Resampling.BICUBIC

PERSON = demo.Person(
    seed=1,
    name="林喆英",
    sex="女",
    birth_date="1993-08-08",
    id_number="420106199308084522",
    ethnic_group="汉族",
    address="湖北省江城市江北区示例路 1 号",
    school="江城大学",
    major="临床医学",
    diploma_number="104865201605000001",
    degree_number="1048642016000001",
    graduated_date="2016-06-30",
    degree="医学学士",
    licence_code="201742110420106199308084522",
    qualified_date="2017-12-01",
    base="江城大学附属第一医院",
    specialty="骨科",
)
ROTATION = demo.Rotation(
    department="关节外科",
    start="2025-01-01",
    end="2025-03-31",
    cases=(7, 7),
    diseases=(34, 36),
    skills=(0, 0),
    surgeries=(39, 40),
    teacher="李老师",
    head="王主任",
    theory=88,
    skill_name="缝合",
    skill_score=90,
    examiners=("甲", "乙"),
)


def opened(jpeg: bytes) -> Image.Image:
    return Image.open(io.BytesIO(jpeg)).convert("RGB")


def photo() -> Image.Image:
    return opened(pictures.PORTRAIT_413x626)


def drawn_faces(count: int) -> Iterator[Image.Image]:
    for seed in range(count):
        yield opened(demo.portrait(seed, "女" if seed % 2 else "男"))


def good_portraits(drawn: int = 60) -> Iterator[Image.Image]:
    """Portraits that no one should complain of: ``drawn`` and 48 of the photograph."""
    yield from drawn_faces(drawn)
    for image in (photo(), ImageOps.mirror(photo())):
        for light in (0.9, 1.0, 1.1):
            for warmth in (0.7, 1.2):
                for size in ((413, 626), (620, 940), (1239, 1878), (826, 1252)):
                    tinted = ImageEnhance.Color(ImageEnhance.Brightness(image).enhance(light)).enhance(warmth)
                    yield opened(pictures.file_of(tinted.resize(size, BICUBIC), quality=85))


def good_papers() -> list[Image.Image]:
    """The same paper scanned, and photographed on a desk in two ways."""
    drawn = [getattr(demo, name)(PERSON) for name in ("degree", "diploma", "id_back", "id_front", "licence")]
    flat = [opened(jpeg) for jpeg in (*drawn, *demo.exit_papers(PERSON, [ROTATION])[0])]
    return [*flat, *(on_desk(image, 2) for image in flat), *(on_desk(image, -1, 0.7) for image in flat)]


def on_desk(image: Image.Image, angle: float, scale: float = 0.8) -> Image.Image:
    """Photographed on a dark desk, ``angle`` degrees counter-clockwise."""
    width, height = image.size
    grain = Image.effect_noise((width // 4, height // 4), 40).resize((width, height))
    desk = ImageOps.colorize(grain, (40, 30, 25), (150, 120, 95))
    sheet = image.resize((int(width * scale), int(height * scale)), BICUBIC)
    mask = Image.new("L", sheet.size, 255).rotate(angle, expand=True)
    sheet = sheet.rotate(angle, BICUBIC, expand=True)
    desk.paste(sheet, ((width - sheet.width) // 2, (height - sheet.height) // 2), mask)
    return desk


def blue_wall(image: Image.Image) -> Image.Image:
    mask = image.convert("L").point(lambda value: 255 if value < 245 else 0)
    wall = Image.new("RGB", image.size, (90, 140, 200))
    wall.paste(image, (0, 0), mask)
    return wall


def two(image: Image.Image) -> Image.Image:
    both = Image.new("RGB", (2 * image.width, image.height), "white")
    both.paste(image, (0, 0))
    both.paste(ImageOps.mirror(image), (image.width, 0))
    return both


def at(image: Image.Image, scale: float, left: float) -> Image.Image:
    """The portrait made small on a white ground, ``left`` of the width from the left edge."""
    ground = Image.new("RGB", image.size, "white")
    small = image.resize((int(image.width * scale), int(image.height * scale)), BICUBIC)
    ground.paste(small, (int(left * image.width), image.height - small.height))
    return ground


def thumbnail(image: Image.Image) -> Image.Image:
    return image.resize((80, round(80 * image.height / image.width)), BICUBIC).resize(image.size, BICUBIC)


def tilted(degrees: float) -> Change:
    return lambda image: image.rotate(degrees, BICUBIC, fillcolor="white")


def turned(degrees: int) -> Change:
    return lambda image: image.rotate(degrees, expand=True)


def lit(factor: float) -> Change:
    return lambda image: ImageEnhance.Brightness(image).enhance(factor)


def soft(radius: float) -> Change:
    """Out of focus by ``radius`` pixels of a picture 413 wide."""
    return lambda image: image.filter(ImageFilter.GaussianBlur(radius * image.width / 413))


def glare(image: Image.Image) -> Image.Image:
    mask = Image.new("L", image.size, 0)
    width, height = image.size
    ImageDraw.Draw(mask).ellipse((width * 0.5, height * 0.3, width * 0.75, height * 0.5), fill=255)
    dimmed = image.point(lambda value: int(value * 0.82))
    dimmed.paste((255, 255, 255), (0, 0), mask.filter(ImageFilter.GaussianBlur(width * 0.02)))
    return dimmed


def quarter_gone(image: Image.Image) -> Image.Image:
    return image.crop((int(image.width * 0.2), 0, image.width, int(image.height * 0.8)))


SPOILT_PORTRAITS: dict[str, list[Change]] = {
    "grey": [lambda image: image.convert("L").convert("RGB")],
    "turned": [turned(90), turned(180), turned(270)],
    "several_faces": [two],
    "no_face": [
        lambda image: image.crop((0, image.height * 3 // 4, image.width, image.height)).resize(image.size)
    ],
    "background": [blue_wall],
    "tilted": [tilted(13), tilted(-13)],
    "small_head": [lambda image: at(image, 0.55, 0.22)],
    "off_centre": [lambda image: at(image, 0.8, -0.15), lambda image: at(image, 0.8, 0.4)],
    "dark": [lit(0.25)],
    "blurred": [soft(2.5), thumbnail],
}
SPOILT_PAPERS: dict[str, list[Change]] = {
    "blurred": [lambda image: image.filter(ImageFilter.GaussianBlur(max(image.size) / 300))],
    "skewed": [lambda image: on_desk(image, 7, 0.7), lambda image: on_desk(image, -6, 0.7)],
    "glare": [glare],
    "cut_off": [quarter_gone],
    "black": [lit(0.05)],
    "blank": [lambda image: Image.new("RGB", image.size, (247, 245, 240))],
}


def codes(image: Image.Image, inspect: Callable[[Image.Image], list]) -> set[str]:
    return {flaw.code for flaw in inspect(image)}


def portrait_rates(drawn: int) -> dict[str, tuple[int, int]]:
    """For each flaw: caught, of how many."""
    sitters = [*drawn_faces(drawn), photo()]
    return {
        code: (
            sum(code in codes(change(image), inspect_portrait) for image in sitters for change in changes),
            len(sitters) * len(changes),
        )
        for code, changes in SPOILT_PORTRAITS.items()
    }


def paper_rates() -> dict[str, tuple[int, int]]:
    flat = good_papers()[:7]
    return {
        code: (
            sum(code in codes(change(image), inspect_document) for image in flat for change in changes),
            len(flat) * len(changes),
        )
        for code, changes in SPOILT_PAPERS.items()
    }


def alarms(images: Iterator[Image.Image] | list[Image.Image], inspect: Callable[[Image.Image], list]) -> dict:
    """For each code raised on good pictures: how often; ``""`` counts the pictures."""
    counted = {"": 0}
    for image in images:
        counted[""] += 1
        for flaw in inspect(image):
            counted[f"{flaw.weight} {flaw.code}"] = counted.get(f"{flaw.weight} {flaw.code}", 0) + 1
    return counted


def table() -> Iterator[str]:
    for title, rates in (("portrait", portrait_rates(30)), ("document", paper_rates())):
        yield f"| {title} | caught |\n|---|---|"
        yield from (f"| `{code}` | {caught} of {of} |" for code, (caught, of) in rates.items())
    yield f"good portraits: {alarms(good_portraits(), inspect_portrait)}"
    yield f"good papers: {alarms(good_papers(), inspect_document)}"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in table())
