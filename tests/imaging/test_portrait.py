"""Portraits: what blocks, what warns, and the crop that mends it."""

from itertools import islice

import pytest
from PIL import Image

from zhupei.imaging.crops import Crop
from zhupei.imaging.intake import accept
from zhupei.imaging.looking import inspector
from zhupei.imaging.portrait import fit_portrait, inspect_portrait, propose
from zhupei.imaging.rules import KIB, PORTRAIT, Rejected

from . import corpus
from .corpus import codes, photo


def test_good_portraits_are_neither_blocked_nor_warned_of():
    counted = corpus.alarms(islice(corpus.good_portraits(drawn=6), 0, None, 2), inspect_portrait)

    assert counted == {"": 27}


@pytest.mark.parametrize("code", corpus.SPOILT_PORTRAITS)
def test_a_known_flaw_is_found_by_its_code(code):
    for change in corpus.SPOILT_PORTRAITS[code]:
        assert code in codes(change(photo()), inspect_portrait)


HARD = {"grey", "turned", "several_faces", "no_face"}


@pytest.mark.parametrize("code", corpus.SPOILT_PORTRAITS)
def test_only_hard_facts_block(code):
    flaws = inspect_portrait(corpus.SPOILT_PORTRAITS[code][0](photo()))

    assert {flaw.code for flaw in flaws if flaw.weight == "blocks"} == HARD & {code}


def test_a_flaw_says_where_inside_the_picture():
    (flaw,) = inspect_portrait(corpus.two(photo()))

    assert flaw.text == "照片里有 2 张脸，只能有本人一人"
    assert len(flaw.data()["boxes"]) == 2
    assert all(0 <= edge <= 1 for box in flaw.data()["boxes"] for edge in box)


def test_a_look_at_a_picture_that_arrives_is_kept_with_the_version_of_the_checks():
    taken = accept(corpus.pictures.file_of(corpus.blue_wall(photo())), PORTRAIT, look=inspector("portrait"))

    assert [flaw.code for flaw in taken.flaws] == ["background"]
    assert taken.checks == 1
    assert accept(corpus.pictures.PORTRAIT_413x626, PORTRAIT).checks == 0


def test_nobody_is_turned_away_for_damaged_pixels_of_a_face():
    assert inspect_portrait(Image.new("RGB", (413, 626), (200, 120, 90)))[0].code == "no_face"


# --- Making it fit ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("degrees", (90, 180, 270))
def test_a_portrait_that_lies_is_turned_upright(degrees):
    made = fit_portrait(photo().rotate(degrees, expand=True))

    assert (made.width, made.height) == (413, 626)
    assert inspect_portrait(corpus.opened(made.jpeg)) == []
    assert made.done[0] == f"转正 {degrees}°"


def test_a_tilted_head_is_levelled():
    made = fit_portrait(corpus.tilted(-12)(photo()))

    assert "tilted" not in codes(corpus.opened(made.jpeg), inspect_portrait)
    assert made.done[0].startswith("拉平")


def test_a_small_head_at_the_side_of_a_large_photo_comes_into_its_place():
    large = corpus.at(photo().resize((1239, 1878)), 0.6, 0.35)

    made = fit_portrait(large)

    assert inspect_portrait(large) != []
    assert inspect_portrait(corpus.opened(made.jpeg)) == []


def test_the_result_is_413x626_or_a_multiple_and_within_300_kib():
    made = fit_portrait(photo().resize((1239, 1878)))

    assert (made.width % 413, made.height % 626) == (0, 0)
    assert made.width // 413 == made.height // 626
    assert len(made.jpeg) <= 300 * KIB


def test_too_few_pixels_about_the_head_are_said_in_a_sentence():
    with pytest.raises(Rejected, match="只有 206×313 像素，不够 413×626"):
        fit_portrait(photo(), Crop(width=0.5))


def test_one_pixel_less_than_413_is_refused_and_413_is_not():
    wide = photo().resize((4130, 6260))

    assert fit_portrait(wide, Crop(width=0.1)).width == 413
    with pytest.raises(Rejected):
        fit_portrait(wide, Crop(width=0.097))


@pytest.mark.parametrize(
    "spoil", (corpus.two, corpus.SPOILT_PORTRAITS["no_face"][0]), ids=("two faces", "none")
)
def test_without_exactly_one_face_nothing_is_proposed(spoil):
    with pytest.raises(Rejected, match="没有找到唯一一张正面人脸"):
        propose(spoil(photo()))


def test_a_crop_by_hand_is_taken_as_it_is_and_the_background_goes_on_beyond_the_edge():
    made = fit_portrait(photo().resize((826, 1252)), Crop(left=-0.2, top=-0.2, width=1.2))

    assert corpus.opened(made.jpeg).getpixel((3, 3)) == (255, 255, 255)


def test_the_same_picture_gives_the_same_bytes():
    assert fit_portrait(photo()) == fit_portrait(photo())
