import pytest
from PIL import Image, ImageCms, ImageOps

from zhupei.imaging.intake import accept
from zhupei.imaging.rules import PAPER, PORTRAIT

from . import pictures
from .pictures import drawn, exif, file_of, opened


def is_near(pixel, colour, tolerance=24):
    return all(abs(have - want) <= tolerance for have, want in zip(pixel, colour, strict=True))


# --- Turned the right way -------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ("JPEG", "PNG", "WEBP"))
def test_every_exif_orientation_is_turned_upright(orientation, kind):
    stored = drawn()
    if orientation > 1:  # what a camera held that way would store: the opposite of Pillow's own correction
        undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
        stored = stored.transpose(Image.Transpose(undo[orientation]))

    taken = accept(file_of(stored, kind, exif=exif(orientation)), PORTRAIT)

    assert (taken.width, taken.height) == (413, 626)
    assert is_near(opened(taken.jpeg).getpixel((20, 20)), (20, 40, 200)), "the blue corner is not upper left"
    assert ("已按拍摄方向转正" in taken.notes) is (orientation > 1)


@pytest.mark.parametrize("orientation", (1, 6))
def test_turning_agrees_with_pillow_on_a_large_photo_that_is_decoded_small(orientation):
    data = file_of(drawn(4000, 3000), exif=exif(orientation))

    ours = opened(accept(data, PAPER).jpeg)
    theirs = ImageOps.exif_transpose(opened(data)).resize(ours.size)

    assert is_near(ours.resize((1, 1)).getpixel((0, 0)), theirs.resize((1, 1)).getpixel((0, 0)), 4)


def test_a_portrait_upright_by_exif_only_is_taken():
    taken = accept(pictures.PORTRAIT_LYING, PORTRAIT)

    assert (taken.width, taken.height, taken.notes) == (413, 626, ("已按拍摄方向转正",))


@pytest.mark.parametrize("orientation", (0, 9, 65535))
def test_an_orientation_that_does_not_exist_changes_nothing(orientation):
    assert accept(file_of(drawn(), exif=exif(orientation)), PORTRAIT).notes == ()


@pytest.mark.filterwarnings("ignore")  # Pillow's about the damage
@pytest.mark.parametrize(
    "damage", (b"", b"\0", b"MM\0*\xff\xff\xff\xff", b"II*\0\x08\0\0\0\xff\xff" + b"\x12\x01" * 90)
)
def test_damaged_exif_data_do_not_spoil_a_picture(damage):
    data = pictures.with_segment(file_of(drawn()), 0xE1, b"Exif\0\0" + damage)

    assert accept(data, PORTRAIT).width == 413


# --- Every kind of pixel --------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ("RGB", "L", "CMYK"))
def test_every_mode_of_jpg_becomes_rgb(mode):
    image = opened(accept(file_of(drawn(mode=mode)), PAPER).jpeg)

    assert image.mode == "RGB"
    assert is_near(image.getpixel((400, 20)), (255, 255, 255))


@pytest.mark.parametrize("mode", ("RGB", "RGBA", "L", "LA", "P", "1"))
@pytest.mark.parametrize("kind", ("PNG", "WEBP"))
def test_every_mode_of_png_and_webp_becomes_rgb(mode, kind):
    image = opened(accept(file_of(drawn(mode=mode), kind), PAPER).jpeg)

    assert image.mode == "RGB"
    assert is_near(image.getpixel((400, 20)), (255, 255, 255))


def test_16_bits_of_grey_are_scaled_and_not_clipped():
    image = Image.new("I;16", (450, 650), 0x8000)

    assert is_near(opened(accept(file_of(image, "PNG"), PAPER).jpeg).getpixel((9, 9)), (128, 128, 128), 2)


@pytest.mark.parametrize("kind", ("PNG", "WEBP"))
def test_what_is_transparent_becomes_white(kind):
    image = drawn().convert("RGBA")
    image.putalpha(Image.new("L", image.size, 0))

    assert opened(accept(file_of(image, kind), PAPER).jpeg).getpixel((20, 20)) == (255, 255, 255)


def test_a_transparent_palette_colour_becomes_white():
    image = Image.new("P", (450, 650), 0)
    image.putpalette([200, 0, 0, 0, 0, 200])

    assert opened(accept(file_of(image, "PNG", transparency=0), PAPER).jpeg).getpixel((9, 9)) == (
        255,
        255,
        255,
    )


def srgb_profile():
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def test_colours_of_a_profile_become_srgb():
    """A profile whose red and blue are exchanged turns a red picture blue, if it is obeyed."""
    exchanged = srgb_profile().replace(b"rXYZ", b"....").replace(b"bXYZ", b"rXYZ").replace(b"....", b"bXYZ")
    red = Image.new("RGB", (413, 626), (255, 0, 0))

    taken = opened(accept(file_of(red, icc_profile=exchanged), PORTRAIT).jpeg)

    assert is_near(taken.getpixel((206, 313)), (0, 0, 255))
    assert "icc_profile" not in taken.info


@pytest.mark.parametrize(
    "profile",
    (b"nonsense" * 40, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()),
    ids=("nonsense", "for other pixels"),
)
def test_a_profile_that_is_of_no_use_is_dropped(profile):
    plain = accept(file_of(drawn()), PORTRAIT)

    assert accept(file_of(drawn(), icc_profile=profile), PORTRAIT).jpeg == plain.jpeg


@pytest.mark.parametrize("kind", ("PNG", "WEBP"))
def test_of_a_moving_picture_the_first_frame_is_kept(kind):
    frames = [drawn(), Image.new("RGB", (413, 626), "red")]
    data = file_of(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)

    taken = accept(data, PORTRAIT)

    assert is_near(opened(taken.jpeg).getpixel((400, 20)), (255, 255, 255))
    assert taken.notes == ("已转换为 JPG", "动图只保留了第一帧")
