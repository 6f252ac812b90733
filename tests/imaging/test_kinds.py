import pytest

from zhupei.imaging.intake import Rejected, accept
from zhupei.imaging.kinds import recognise
from zhupei.imaging.rules import PAPER

from .pictures import drawn, file_of, png_bomb


def refusal(data):
    with pytest.raises(Rejected) as caught:
        accept(data, PAPER)
    (sentence,) = caught.value.sentences
    return sentence


@pytest.mark.parametrize("kind", ("JPEG", "PNG", "WEBP", "TIFF", "HEIF", "PDF"))
def test_what_can_be_opened_is_known_by_its_content(kind):
    assert recognise(file_of(drawn(), kind)) == kind


def test_a_pdf_may_begin_with_empty_lines():
    assert recognise(b"\r\n\r\n%PDF-1.4") == "PDF"


@pytest.mark.parametrize(
    ("data", "what"),
    (
        (file_of(drawn(), "GIF"), "这是 GIF 动图，"),
        (file_of(drawn(), "BMP"), "这是 BMP 图片，"),
        (file_of(drawn(), "JPEG2000"), "这是 JPEG 2000 图片，"),
        (file_of(drawn(40, 60), "AVIF"), "这是 AVIF 图片，"),
        (b"\0\0\0\x18ftypqt  \0\0\0\0", "这是视频，"),
        (b"PK\x03\x04\x14\0", "这是 ZIP 压缩包或 Word、Excel 文件，"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "这是 Word 或 Excel 文件，"),
        (b"<!DOCTYPE html><html>", "这是网页，"),
        (b"\xef\xbb\xbf\n<HTML><script>", "这是网页，"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "这是 SVG 图片，"),
        (b'<?xml version="1.0"?>\n<!-- made by -->\n<svg width="9">', "这是 SVG 图片，"),
        (b'<?xml version="1.0"?><note/>', "这是 XML 文件，"),
        (b"MZ\x90\0", "这是程序，"),
        (b"hello", "这个文件不是图片，"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "这个文件不是图片，"),
    ),
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_anything_else_is_called_by_its_name_whatever_the_file_is_called(data, what):
    sentence = refusal(data)

    assert sentence.startswith(what)
    assert sentence.endswith("请上传 JPG、PNG、WebP、HEIC、TIFF 图片或 PDF 扫描件")


def test_an_empty_file_is_called_empty():
    assert refusal(b"") == "文件是空的，请重新选择"


def test_a_png_bomb_is_refused_before_anything_is_decoded():
    assert refusal(png_bomb(30_000, 30_000)) == "图片尺寸 30000×30000 太大，请换一张不超过 6400 万像素的图片"


@pytest.mark.parametrize("size", ((0, 100), (100, 0)))
def test_a_png_without_pixels_is_broken(size):
    assert refusal(png_bomb(*size)).startswith("图片已损坏")


@pytest.mark.parametrize(
    "chunk",
    (
        b"VP8X" + b"\x0a\0\0\0" + b"\0" * 4 + b"\x2f\x75\0" + b"\x2f\x75\0",
        b"VP8L" + b"\x0a\0\0\0" + b"\x2f" + b"\xff\xff\xff\x0f",
        b"VP8 " + b"\x0a\0\0\0" + b"\0\0\0\x9d\x01\x2a" + b"\xff\x3f\xff\x3f",
    ),
    ids=("canvas", "lossless", "lossy"),
)
def test_a_webp_bomb_of_each_kind_is_refused_before_anything_is_decoded(chunk):
    assert "太大" in refusal(b"RIFF\x40\0\0\0WEBP" + chunk + b"\0" * 40)


@pytest.mark.parametrize(
    "options", ({"lossless": True}, {"quality": 60}, {"quality": 60, "exif": b"Exif\0\0MM\0*"})
)
@pytest.mark.filterwarnings("ignore")  # Pillow's about the EXIF stub
def test_the_size_of_a_webp_is_read_from_each_kind_of_header(options):
    taken = accept(file_of(drawn(450, 650), "WEBP", **options), PAPER)

    assert (taken.width, taken.height) == (450, 650)


@pytest.mark.parametrize(
    "head", (b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"RIFF\0\0\0\0WEBPVP8X", b"RIFF\0\0\0\0WEBPJUNK")
)
def test_a_header_that_ends_early_is_broken(head):
    assert refusal(head) == "图片已损坏，打不开，请重新拍摄或换一个文件"
