"""HEIC, TIFF and PDF: real files, made here, opened in the process that opens those of the site."""

import io

import pypdfium2
import pytest
from PIL import Image, ImageChops

from zhupei.imaging import leaves
from zhupei.imaging.intake import Rejected, accept, accept_all
from zhupei.imaging.rules import KIB, MAX_UPLOAD, PAPER, PORTRAIT

from . import pictures
from .pictures import drawn, exif, file_of, opened

BLUE = (20, 40, 200)  # of the upper left corner of what ``drawn`` draws


def sheaf(kind, pages, size=(413, 626), **options):
    """A file of ``pages`` pages that differ in their red corner."""
    images = [drawn(*size) for _ in range(pages)]
    for number, image in enumerate(images):
        image.paste((200, 0, 0), (0, image.height - 10 * number - 10, 40, image.height))
    return file_of(images[0], kind, save_all=True, append_images=images[1:], **options)


def refusal(data, rule=PAPER):
    with pytest.raises(Rejected) as caught:
        accept_all(data, rule)
    return "；".join(caught.value.sentences)


def is_near(pixel, colour, tolerance=24):
    return all(abs(have - want) <= tolerance for have, want in zip(pixel, colour, strict=True))


def red_pixels(image):
    """How many there are, of a picture made to 413 × 626."""
    small = image.resize((413, 626))
    return sum(ImageChops.subtract(small.getchannel("R"), small.getchannel("G")).histogram()[150:])


@pytest.mark.parametrize("kind", ("HEIF", "TIFF", "PDF"))
def test_one_picture_becomes_an_upright_jpg_and_the_person_is_told(kind):
    taken = accept(file_of(drawn(), kind), PORTRAIT)

    assert (taken.kind, taken.notes) == (kind, ("已转换为 JPG",))
    assert min(taken.width / 413, taken.height / 626) >= 1
    picture = opened(taken.jpeg)
    assert (picture.mode, dict(picture.getexif())) == ("RGB", {})
    assert is_near(picture.getpixel((20, 20)), BLUE)


@pytest.mark.parametrize("kind", ("TIFF", "PDF"))
def test_each_page_becomes_a_page_in_the_order_of_the_file(kind):
    data = sheaf(kind, 3)

    taken = accept_all(data, PAPER)

    reds = [red_pixels(opened(one.jpeg)) for one in taken]
    assert len(taken) == 3
    assert reds == sorted(reds)
    assert reds[0] < reds[1] < reds[2]
    assert [one.notes[0] for one in taken] == [f"{kind} 第 {number} 页" for number in (1, 2, 3)]
    assert len({one.original_sha256 for one in taken}) == 1
    assert {one.original_size for one in taken} == {len(data)}


@pytest.mark.parametrize("kind", ("TIFF", "PDF"))
def test_twelve_pages_are_taken_and_thirteen_refused(kind):
    assert len(accept_all(sheaf(kind, 12), PAPER)) == 12
    assert refusal(sheaf(kind, 13)) == f"这个 {kind} 有 13 页，一份材料最多 12 页，请拆分后再上传"


def test_a_portrait_is_one_picture():
    assert refusal(sheaf("PDF", 2), PORTRAIT) == "这个 PDF 有 2 页，这里只要一张照片，请只上传那一张"


def test_of_a_heic_with_several_pictures_the_primary_one_is_taken():
    taken = accept(sheaf("HEIF", 3), PAPER)

    assert "只保留了主图" in taken.notes


def test_a_pdf_is_drawn_at_the_resolution_of_its_scan():
    taken = accept(file_of(drawn(1000, 1400), "PDF", resolution=200), PAPER)

    assert (taken.width, taken.height) == (1000, 1400)


def test_a_pdf_without_a_picture_is_drawn_large_enough_to_read():
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)  # A4
    file = io.BytesIO()
    document.save(file)

    taken = accept(file.getvalue(), PAPER)

    assert (taken.width, taken.height) == (1240, 1755)


def test_a_scan_of_600_dpi_is_made_to_fit():
    taken = accept(file_of(drawn(4960, 7016), "PDF", resolution=600), PAPER)

    assert max(taken.width, taken.height) == 2400
    assert len(taken.jpeg) <= 800 * KIB


@pytest.mark.parametrize("size", ((412, 626), (413, 625)))
@pytest.mark.parametrize("kind", ("HEIF", "TIFF"))
def test_one_pixel_less_is_too_small_here_too(kind, size):
    assert "太小：应不小于 413×626 像素，现在是 {}×{}".format(*size) in refusal(file_of(drawn(*size), kind))


def test_a_page_that_is_too_small_is_called_by_its_number():
    small = file_of(drawn(), "TIFF", save_all=True, append_images=[drawn(300, 400)])

    assert refusal(small).startswith("第 2 页：图片太小")


@pytest.mark.parametrize("mode", ("1", "L", "P", "CMYK", "I;16", "RGBA"))
def test_a_tiff_of_any_mode_is_taken(mode):
    image = drawn(mode="L").convert("I;16") if mode == "I;16" else drawn().convert(mode)

    assert opened(accept(file_of(image, "TIFF"), PAPER).jpeg).mode == "RGB"


@pytest.mark.parametrize("orientation", (1, 3, 6, 8))
def test_a_tiff_is_turned_as_its_data_say(orientation):
    stored = (
        drawn().transpose(Image.Transpose({1: 0, 3: 3, 6: 2, 8: 4}[orientation]))
        if orientation > 1
        else drawn()
    )

    taken = accept(file_of(stored, "TIFF", exif=exif(orientation)), PAPER)

    assert (taken.width, taken.height) == (413, 626)
    assert is_near(opened(taken.jpeg).getpixel((20, 20)), BLUE)


def test_a_heic_of_a_phone_held_upright_is_upright():
    lying = drawn().transpose(Image.Transpose.ROTATE_90)

    taken = accept(file_of(lying, "HEIF", exif=exif(6).tobytes()), PORTRAIT)

    assert (taken.width, taken.height) == (413, 626)
    assert is_near(opened(taken.jpeg).getpixel((20, 20)), BLUE)


# --- Hostile ------------------------------------------------------------------------------------------

SEALED = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"3 0 obj<</Filter/Standard/V 1/R 2/P -4/O(" + b"a" * 32 + b")/U(" + b"b" * 32 + b")>>endobj\n"
    b"trailer<</Root 1 0 R/Encrypt 3 0 R/ID[(1234567890123456)(1234567890123456)]>>\n%%EOF"
)


def test_a_pdf_with_a_password_is_called_so():
    assert refusal(SEALED) == "这个 PDF 有密码，请先去掉密码再上传"


@pytest.mark.parametrize(
    "data",
    (
        b"%PDF-1.7\n" + bytes(500),
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(500),
        b"II*\0\x08\0\0\0" + bytes(500),
        sheaf("TIFF", 2, compression="tiff_lzw")[:3000],
        file_of(drawn(), "HEIF")[:1500],
    ),
    ids=("PDF of zeros", "HEIC of zeros", "TIFF of zeros", "half a TIFF", "half a HEIC"),
)
def test_what_is_damaged_is_refused_with_a_sentence(data):
    assert "损坏" in refusal(data)


def test_a_tiff_that_announces_900_megapixels_is_refused():
    bomb = bytearray(file_of(drawn(60, 90), "TIFF"))
    for tag in (256, 257):  # ImageWidth, ImageLength
        at = bomb.index(tag.to_bytes(2, "little") + b"\4\0\1\0\0\0")
        bomb[at + 8 : at + 12] = (30_000).to_bytes(4, "little")

    assert "太大" in refusal(bytes(bomb))


def test_a_pdf_page_as_long_as_a_street_is_refused():
    document = pypdfium2.PdfDocument.new()
    document.new_page(14400, 10)
    file = io.BytesIO()
    document.save(file)

    assert "太小：应不小于 413×626 像素，现在是 24000×17" in refusal(file.getvalue())


def test_scripts_and_comments_of_a_pdf_are_not_in_what_is_kept():
    data = file_of(drawn(), "PDF", title="<script>alert(1)</script>") + b"%<script>alert(2)</script>"

    assert b"script" not in accept(data, PAPER).jpeg


def test_a_file_one_byte_over_20_mb_is_not_opened():
    pdf = file_of(drawn(), "PDF")

    assert "20 MB" in refusal(pdf + bytes(MAX_UPLOAD + 1 - len(pdf)))


def nested(depth):
    """A PDF whose page draws a form ten times, that draws a form ten times, and so on."""
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</F %d 0 R>>>>/Length %d>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</XObject<</F 5 0 R>>>>/Contents 4 0 R>>",
        b"<</Length 5>>stream\n/F Do\nendstream",
    ]
    objects += [form % (6 + n, 50) + b"stream\n" + b"/F Do" * 10 + b"\nendstream" for n in range(depth)]
    objects.append(
        b"<</Type/XObject/Subtype/Form/BBox[0 0 600 800]/Length 18>>stream\n0 0 500 500 re f  \nendstream"
    )
    body = b"".join(b"%d 0 obj%b endobj\n" % (n, content) for n, content in enumerate(objects, start=1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF"


def test_a_page_without_end_is_given_up_after_three_seconds():
    assert refusal(nested(9)) == "这个文件太复杂，处理不了，请拆成单页，或拍照上传"


def test_its_limits_are_those_of_the_promise():
    assert leaves.CPU_SECONDS == 3
    assert leaves.MEMORY == 400 * 1024 * KIB


def test_a_portrait_may_arrive_as_heic():
    portrait = opened(pictures.PORTRAIT_413x626)

    taken = accept(file_of(portrait, "HEIF"), PORTRAIT)

    assert (taken.width, taken.height) == (413, 626)
