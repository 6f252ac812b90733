import io
from dataclasses import replace

import pytest
from PIL import Image

from zhupei.demo import pictures
from zhupei.demo.pictures import Person, Rotation

KIB = 1024

PERSON = Person(
    seed=7, name="沈知远", sex="男", birth_date="1993-08-08", id_number="420106199308084515",
    ethnic_group="汉族", address="江城市示例区樟树路 1 号", school="江城大学医学院", major="临床医学",
    diploma_number="104861201705001234", degree_number="1048642017001234", graduated_date="2017-06-30",
    degree="医学学士", licence_code="201942110420106199308084515", qualified_date="2019-11-20",
    base="江城大学附属第一医院", specialty="骨科",
)  # fmt: skip
ROTATION = Rotation(
    department="骨科 · 关节外科", start="2025-06-01", end="2025-08-31", cases=(7, 7), diseases=(34, 36),
    skills=(0, 0), surgeries=(39, 41), teacher="罗文澜", head="许静川", theory=78, skill_name="换药",
    skill_score=82, examiners=("罗文澜", "孙砚"),
)  # fmt: skip

PERSONAL = [pictures.id_front, pictures.id_back, pictures.diploma, pictures.degree, pictures.licence]


@pytest.mark.parametrize("sex", ("男", "女"))
def test_a_portrait_meets_the_guides_rule(sex):
    """Upright, colour, 413×626 or more, at most 300 KiB, white at the upper corners."""
    for seed in range(12):
        portrait = pictures.portrait(seed, sex)
        image = opened(portrait)

        assert image.width >= 413
        assert image.height >= 626
        assert image.width / image.height == pytest.approx(413 / 626, abs=0.002)
        assert len(portrait) <= 300 * KIB
        assert min(image.getpixel((5, 5)) + image.getpixel((image.width - 6, 5))) >= 250


def test_people_look_different_and_always_like_themselves():
    faces = {pictures.portrait(seed, sex) for seed in range(30) for sex in "男女"}

    assert len(faces) == 60
    pictures.portrait.cache_clear()
    assert pictures.portrait(3, "女") in faces


@pytest.mark.parametrize("draw", PERSONAL, ids=lambda draw: draw.__name__)
def test_a_document_is_a_large_enough_jpeg(draw):
    picture = draw(PERSON)

    assert opened(picture).width == pytest.approx(1240, abs=4)
    assert min(opened(picture).size) >= 626
    assert 60 * KIB <= len(picture) <= 400 * KIB
    assert picture == draw(PERSON)
    assert picture != draw(replace(PERSON, name="林晚", seed=8))


def test_the_papers_of_a_rotation_are_pages_of_a4():
    papers = [pictures.exit_summary(PERSON, ROTATION), pictures.exit_assessment(PERSON, ROTATION)]

    for paper in papers:
        width, height = opened(paper).size
        assert height / width == pytest.approx(297 / 210, abs=0.01)
        assert width >= 1050
        assert 90 * KIB <= len(paper) <= 400 * KIB


def test_papers_made_together_are_those_made_one_by_one():
    other = replace(ROTATION, department="普通外科", head="白露")

    together = pictures.exit_papers(PERSON, [ROTATION, other])

    assert together == [
        (pictures.exit_summary(PERSON, rotation), pictures.exit_assessment(PERSON, rotation))
        for rotation in (ROTATION, other)
    ]
    assert pictures.exit_papers(PERSON, []) == []


def test_a_missing_signature_can_be_seen():
    unsigned = replace(ROTATION, head_signed=False)

    assert pictures.exit_summary(PERSON, ROTATION) != pictures.exit_summary(PERSON, unsigned)


def test_long_texts_stay_on_one_page():
    wordy = replace(ROTATION, summary="认真负责。" * 800, comment="很好。" * 400, department="科" * 60)

    assert len(pictures.exit_papers(PERSON, [wordy])) == 1


def test_a_blurred_picture_is_a_smaller_file_of_the_same_size():
    sharp = pictures.id_front(PERSON)
    blurred = pictures.blurred(sharp)

    assert opened(blurred).size == opened(sharp).size
    assert len(blurred) < len(sharp)


def opened(picture: bytes) -> Image.Image:
    with Image.open(io.BytesIO(picture), formats=["JPEG"]) as image:
        return image.convert("RGB")
