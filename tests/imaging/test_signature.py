"""What is left of the picture of a signature is its ink, on white."""

import io

import pytest
from PIL import Image, ImageDraw, ImageFilter

from zhupei.imaging.rules import Rejected
from zhupei.imaging.signature import cut_out


def png(image):
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def written(size=(900, 300), paper="white", ink="black", thick=6):
    """A stroke like a name, in the middle."""
    image = Image.new("RGB", size, paper)
    draw = ImageDraw.Draw(image)
    width, height = size
    points = [(width * (3 + n) // 10, height * (4 + n % 2 * 2) // 10) for n in range(5)]
    draw.line(points, fill=ink, width=thick, joint="curve")
    return image


def in_shadow(image):
    """As a phone takes it: one side dark, a little soft."""
    shadow = Image.linear_gradient("L").rotate(90).resize(image.size)
    dimmed = Image.composite(image, image.point(lambda value: value * 45 // 100), shadow)
    return dimmed.filter(ImageFilter.GaussianBlur(0.8))


@pytest.mark.parametrize(
    "image",
    (
        written(),
        written(ink="#1a237e"),
        in_shadow(written(size=(1600, 1200), paper="#e8e4da", ink="#20242c", thick=9)),
    ),
    ids=("drawn", "blue ink", "photographed in a shadow"),
)
def test_the_ink_is_cut_out_and_lies_on_white(image):
    with Image.open(io.BytesIO(cut_out(png(image)))) as cut:
        width, height = cut.size
        corners = {cut.getpixel(place) for place in ((0, 0), (width - 1, 0), (0, height - 1))}
        darkest = cut.getextrema()[0]

    assert width < image.width * 0.6
    assert height < image.height * 0.6
    assert corners == {255}
    assert darkest < 90


def test_a_transparent_drawing_lies_on_paper():
    clear = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    ImageDraw.Draw(clear).line(((100, 60), (250, 140), (450, 70)), fill=(0, 0, 0, 255), width=6)

    with Image.open(io.BytesIO(cut_out(png(clear)))) as cut:
        assert cut.getpixel((0, 0)) == 255


@pytest.mark.parametrize(
    ("image", "sentence"),
    (
        (Image.new("RGB", (600, 200), "white"), "没有看到签名的笔迹"),
        (Image.new("RGB", (600, 200), "black"), "没有看到签名的笔迹"),
        (written(size=(600, 200), ink="#f4f4f4"), "没有看到签名的笔迹"),
        (Image.effect_noise((600, 400), 120).convert("RGB"), "不像写在白纸上的签名"),
        (Image.new("RGB", (60, 30), "white"), "太小"),
    ),
    ids=("empty", "black", "too faint", "no signature", "too small"),
)
def test_what_is_no_signature_is_told_in_a_sentence(image, sentence):
    with pytest.raises(Rejected, match=sentence):
        cut_out(png(image))


def test_what_is_no_picture_is_refused_like_any_upload():
    with pytest.raises(Rejected):
        cut_out(b"<svg/>")
