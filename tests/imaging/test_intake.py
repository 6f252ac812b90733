import dataclasses
import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from zhupei.imaging.intake import Rejected, accept
from zhupei.imaging.rules import KIB, MAX_UPLOAD, PAPER, PORTRAIT

from . import pictures
from .pictures import drawn, exif, file_of, noise, opened


def sentences(data, rule=PAPER):
    with pytest.raises(Rejected) as caught:
        accept(data, rule)
    return caught.value.sentences


# --- What fits ------------------------------------------------------------------------------------


def test_a_portrait_exactly_at_the_limit_is_taken_with_nothing_to_say():
    taken = accept(pictures.PORTRAIT_413x626, PORTRAIT)

    assert (taken.width, taken.height, taken.kind, taken.notes) == (413, 626, "JPEG", ())
    assert opened(taken.jpeg).size == (413, 626)
    assert taken.original_sha256 == hashlib.sha256(pictures.PORTRAIT_413x626).hexdigest()
    assert taken.original_size == len(pictures.PORTRAIT_413x626)


def test_the_same_file_gives_the_same_bytes():
    assert accept(pictures.PORTRAIT_413x626, PORTRAIT) == accept(pictures.PORTRAIT_413x626, PORTRAIT)


@pytest.mark.parametrize("size", ((413, 626), (626, 413)), ids=("upright", "landscape"))
def test_a_paper_may_stand_or_lie(size):
    taken = accept(file_of(drawn(*size)), PAPER)

    assert (taken.width, taken.height) == size


@pytest.mark.parametrize("kind", ("PNG", "WEBP"))
def test_png_and_webp_become_jpg_and_the_person_is_told(kind):
    taken = accept(file_of(drawn(), kind), PORTRAIT)

    assert (taken.kind, taken.notes) == (kind, ("已转换为 JPG",))
    assert opened(taken.jpeg).mode == "RGB"


def test_a_phone_photo_of_12_megapixels_is_made_to_fit():
    taken = accept(pictures.PHONE_12MP, PAPER)

    assert (taken.width, taken.height) == (2400, 1700)
    assert len(taken.jpeg) <= 800 * KIB
    assert taken.notes == ("已自动压缩",)


def test_a_large_portrait_is_brought_under_300_kib():
    taken = accept(file_of(noise(1300, 1900), quality=90), PORTRAIT)

    assert len(taken.jpeg) <= 300 * KIB
    assert taken.width >= 413
    assert taken.height >= 626
    assert "已自动压缩" in taken.notes


def test_a_noisy_paper_keeps_its_smallest_size_even_if_800_kib_cannot_be_reached():
    taken = accept(file_of(noise(413, 8000)), PAPER)

    assert (taken.width, taken.height) == (413, 8000)
    assert len(taken.jpeg) > 800 * KIB


def test_the_thumbnail_shows_the_whole_picture():
    taken = accept(pictures.PHONE_12MP, PAPER)

    assert opened(taken.thumbnail).size == (320, 227)


def test_a_long_narrow_paper_is_never_shrunk_below_the_smallest_size():
    taken = accept(file_of(drawn(500, 6000)), PAPER)

    assert (taken.width, taken.height) == (413, 4956)


# --- What is refused, and in which words ----------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "expected"),
    (
        ((412, 626), ["照片太小：应不小于 413×626 像素，现在是 412×626，请换一张更清晰的原图"]),
        ((413, 625), ["照片太小：应不小于 413×626 像素，现在是 413×625，请换一张更清晰的原图"]),
        ((626, 413), ["照片是横的（626×413），请转正成竖版后再上传"]),
        (
            (500, 400),
            [
                "照片是横的（500×400），请转正成竖版后再上传",
                "照片太小：应不小于 413×626 像素，现在是 400×500，请换一张更清晰的原图",
            ],
        ),
    ),
    ids=("one pixel narrow", "one pixel low", "lying", "lying and small"),
)
def test_a_portrait_of_the_wrong_shape_is_refused_with_everything_that_is_wrong(size, expected):
    assert sentences(file_of(drawn(*size)), PORTRAIT) == expected


@pytest.mark.parametrize("size", ((412, 626), (413, 625), (625, 413), (626, 412)))
def test_a_paper_one_pixel_short_is_refused(size):
    (sentence,) = sentences(file_of(drawn(*size)))

    assert sentence == f"图片太小：应不小于 413×626 像素，现在是 {size[0]}×{size[1]}，请换一张更清晰的原图"


def test_a_grey_portrait_is_refused_and_a_grey_paper_is_not():
    grey = opened(pictures.PORTRAIT_413x626).convert("L")

    assert sentences(file_of(grey), PORTRAIT) == ["这是黑白照片，请上传彩色照片"]
    assert sentences(file_of(grey.convert("RGB"), quality=40), PORTRAIT) == ["这是黑白照片，请上传彩色照片"]
    assert accept(file_of(grey), PAPER).jpeg


def test_a_pale_portrait_is_still_a_colour_portrait():
    pale = Image.blend(opened(pictures.PORTRAIT_413x626), Image.new("RGB", (413, 626), "white"), 0.4)

    assert accept(file_of(pale), PORTRAIT).jpeg


def test_size_and_colour_are_complained_about_together():
    assert len(sentences(file_of(drawn(300, 200, "L")), PORTRAIT)) == 3


def test_a_portrait_that_cannot_be_brought_under_300_kib_is_refused():
    assert sentences(file_of(noise(413, 5000)), PORTRAIT) == [
        "照片压缩后仍超过 300 KB，请换一张背景简洁的原图"
    ]


def test_an_upload_may_have_20_mib_and_not_a_byte_more():
    portrait = pictures.PORTRAIT_413x626
    largest = portrait + b"\0" * (MAX_UPLOAD - len(portrait))

    assert accept(largest, PORTRAIT).original_size == MAX_UPLOAD
    assert sentences(largest + b"\0") == ["文件有 20.1 MB，超过 20 MB 上限，请压缩后再上传"]


@pytest.mark.parametrize("kind", ("JPEG", "PNG", "WEBP"))
@pytest.mark.parametrize("share", (0.02, 0.5, 0.98))
def test_a_picture_that_was_cut_off_is_refused(kind, share):
    data = file_of(noise(450, 650), kind)

    assert len(sentences(data[: int(len(data) * share)])) == 1


def test_a_cut_off_jpg_is_called_incomplete():
    assert sentences(pictures.PORTRAIT_413x626[:-2]) == ["图片不完整，可能没有传完，请重新选择原图上传"]


def test_a_png_with_a_flipped_bit_is_refused():
    data = bytearray(file_of(noise(450, 650), "PNG"))
    data[len(data) // 2] ^= 0x10

    assert sentences(bytes(data)) == ["图片打不开，可能已损坏，请重新拍摄或换一张原图上传"]


def test_running_out_of_memory_is_a_sentence_too(monkeypatch):
    def exhausted(*_, **__):
        raise MemoryError

    monkeypatch.setattr(Image, "open", exhausted)

    assert len(sentences(pictures.PORTRAIT_413x626)) == 1


# --- Nothing but pixels gets through --------------------------------------------------------------


def test_place_and_camera_are_gone():
    data = file_of(drawn(), exif=exif(latitude="N"), dpi=(72, 72))
    assert opened(data).getexif().get_ifd(pictures.GPS)

    taken = accept(data, PORTRAIT)

    assert not opened(taken.jpeg).getexif()
    assert b"Exif" not in taken.jpeg + taken.thumbnail


@pytest.mark.parametrize("code", (0xFE, 0xE1, 0xE2, 0xED), ids=("comment", "XMP", "previews", "Photoshop"))
def test_a_script_in_a_segment_is_gone(code):
    taken = accept(pictures.with_segment(file_of(drawn()), code, b"<script>alert(1)</script>"), PORTRAIT)

    assert b"script" not in taken.jpeg + taken.thumbnail


def test_a_script_in_the_text_of_a_png_is_gone():
    from_png = file_of(drawn(), "PNG", exif=exif(latitude="N"), icc_profile=b"<script>")

    assert b"script" not in accept(from_png, PORTRAIT).jpeg


@pytest.mark.parametrize(
    "garbage", (b"<script>alert(1)</script>", b"PK\x03\x04" + b"\0" * 5000, pictures.PORTRAIT_413x626)
)
def test_what_hangs_behind_the_end_is_dropped(garbage):
    clean = accept(pictures.PORTRAIT_413x626, PORTRAIT)

    assert accept(pictures.PORTRAIT_413x626 + garbage, PORTRAIT).jpeg == clean.jpeg


# --- Whatever arrives -----------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_damage_to_a_file_gets_anything_but_rejected_out(data):
    original = data.draw(st.sampled_from([file_of(drawn(), kind) for kind in ("JPEG", "PNG", "WEBP")]))
    damaged = bytearray(original)
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, min(len(damaged) - 1, 700)))] = data.draw(st.integers(0, 255))
    try:
        taken = accept(bytes(damaged), PORTRAIT)
    except Rejected:
        return
    assert opened(taken.jpeg).size == (taken.width, taken.height)


def test_a_rule_of_ones_own_is_followed():
    stamp = dataclasses.replace(PAPER, min_width=50, min_height=50, max_width=100, max_height=100)

    assert accept(file_of(drawn(200, 400)), stamp).height == 100
