import struct
import time

import pytest

from zhupei.imaging.jpeg_walk import walk
from zhupei.imaging.rules import Rejected

from . import pictures
from .pictures import EOI, drawn, file_of, with_scans, with_segment

PROGRESSIVE = file_of(drawn(), progressive=True)
SCANS = PROGRESSIVE.count(b"\xff\xda")


def refusal(data):
    with pytest.raises(Rejected) as caught:
        walk(data)
    return str(caught.value)


def resized_header(jpeg, width, height):
    """``jpeg`` whose frame announces another size."""
    frame = next(p for p in (jpeg.find(b"\xff\xc0"), jpeg.find(b"\xff\xc2")) if p > 0)
    return jpeg[: frame + 5] + struct.pack(">HH", height, width) + jpeg[frame + 9 :]


def test_size_and_scans_are_read_without_decoding():
    walked = walk(PROGRESSIVE)

    assert (walked.width, walked.height, walked.scans) == (413, 626, SCANS)


def test_the_pixels_of_what_is_kept_are_those_of_the_file():
    assert (
        pictures.opened(walk(pictures.PHONE_12MP).data).tobytes()
        == pictures.opened(pictures.PHONE_12MP).tobytes()
    )


@pytest.mark.parametrize("options", ({"restart_marker_blocks": 5}, {"progressive": True}, {"subsampling": 0}))
def test_restart_markers_and_progressive_files_are_walked_to_their_end(options):
    data = file_of(drawn(), **options)

    assert walk(data).data.endswith(EOI)
    assert pictures.opened(walk(data).data).tobytes() == pictures.opened(data).tobytes()


def test_a_comment_is_not_kept_and_a_colour_profile_is():
    data = with_segment(with_segment(file_of(drawn()), 0xFE, b"<script>"), 0xE2, b"ICC_PROFILE\0\1\1profile")

    kept = walk(data).data

    assert b"script" not in kept
    assert b"profile" in kept


def test_an_end_marker_inside_a_preview_is_not_the_end():
    data = with_segment(file_of(drawn()), 0xE1, b"Exif\0\0MM\0*" + pictures.PORTRAIT_413x626[:9000] + EOI)

    assert (walk(data).width, walk(data).height) == (413, 626)


def test_100_scans_are_walked_and_101_are_not():
    assert walk(with_scans(PROGRESSIVE, 100 - SCANS)).scans == 100
    assert "编码方式太复杂" in refusal(with_scans(PROGRESSIVE, 101 - SCANS))


def test_1500_scans_are_refused_in_a_moment():
    data = with_scans(PROGRESSIVE, 1500)
    start = time.perf_counter()

    assert "编码方式太复杂" in refusal(data)
    assert time.perf_counter() - start < 0.1  # seconds


def test_many_scans_of_many_pixels_are_refused_although_neither_is_over_its_limit():
    data = resized_header(with_scans(PROGRESSIVE, 60), 8000, 8000)

    assert "编码方式太复杂" in refusal(data)


@pytest.mark.parametrize(
    ("size", "fine"),
    (((8192, 8192), True), ((8193, 8192), False), ((65535, 65535), False)),
    ids=("64", "64+", "4295"),
)
def test_a_frame_has_at_most_64_megapixels(size, fine):
    data = resized_header(file_of(drawn()), *size)

    if fine:
        assert walk(data).width == 8192
    else:
        assert "太大" in refusal(data)


@pytest.mark.parametrize("size", ((0, 626), (413, 0)))
def test_a_frame_without_pixels_is_broken(size):
    assert "损坏" in refusal(resized_header(file_of(drawn()), *size))


@pytest.mark.parametrize("code", (0xC3, 0xC9), ids=("lossless", "arithmetic"))
def test_codings_that_browsers_do_not_show_are_refused(code):
    assert "编码方式太复杂" in refusal(file_of(drawn()).replace(b"\xff\xc0", bytes([0xFF, code]), 1))


def test_a_second_frame_is_refused():
    data = file_of(drawn())
    start = data.index(b"\xff\xc0")
    frame = data[start : start + 19]

    assert "损坏" in refusal(data.replace(frame, frame * 2, 1))


def test_millions_of_tiny_segments_are_refused_in_a_moment():
    data = b"\xff\xd8" + b"\xff\xfe\0\2" * 1_000_000 + EOI
    start = time.perf_counter()

    assert "编码方式太复杂" in refusal(data)
    assert time.perf_counter() - start < 0.5  # seconds


@pytest.mark.parametrize("share", (0.001, 0.01, 0.3, 0.9))
def test_without_an_end_the_file_is_incomplete(share):
    data = file_of(drawn())

    assert "不完整" in refusal(data[: max(3, int(len(data) * share))])


@pytest.mark.parametrize(
    "data", (b"\xff\xd8\xff\xd9", b"\xff\xd8\xff\xe0\0\0\xff\xd9", b"\xff\xd8\xff\xe0\0\1\xff\xd9")
)
def test_a_file_without_picture_or_with_impossible_lengths_is_broken(data):
    assert "损坏" in refusal(data)
