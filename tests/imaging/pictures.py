"""Real picture files, drawn here so that each test says what is special about its own."""

import io
import struct
import zlib
from pathlib import Path

import pillow_heif
from PIL import Image, ImageDraw

pillow_heif.register_heif_opener()  # so that Pillow can write one

SAMPLES = Path(__file__).with_name("samples")
PORTRAIT_413x626 = (SAMPLES / "photo_01_413x626.jpg").read_bytes()  # public domain
PORTRAIT_LYING = (SAMPLES / "photo_04_exif_orientation8.jpg").read_bytes()  # upright by EXIF only
PHONE_12MP = (SAMPLES / "doc_12mp_phone.jpg").read_bytes()

ORIENTATION, GPS = 0x0112, 0x8825
EOI = b"\xff\xd9"


def drawn(width=413, height=626, mode="RGB"):
    """Something like a portrait: a coloured oval on white, its upper left corner marked in blue."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((width // 4, height // 4, width * 3 // 4, height * 3 // 4), fill=(205, 140, 110))
    draw.rectangle((0, 0, width // 5, height // 5), fill=(20, 40, 200))
    return image.convert(mode)


def noise(width, height):
    """Reddish pixels that no encoder can compress."""
    red, green, blue = (Image.effect_noise((width, height), 120) for _ in range(3))
    return Image.merge("RGB", (red, green, blue.point(lambda value: value // 2)))


def file_of(image, kind="JPEG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def opened(jpeg):
    image = Image.open(io.BytesIO(jpeg), formats=["JPEG"])
    image.load()
    return image


def exif(orientation=1, **gps):
    data = Image.Exif()
    data[ORIENTATION] = orientation
    if gps:
        data.get_ifd(GPS)[1] = gps["latitude"]
    return data


def with_segment(jpeg, code, content):
    """``jpeg`` with one more segment behind its first two bytes."""
    return jpeg[:2] + bytes([0xFF, code]) + struct.pack(">H", len(content) + 2) + content + jpeg[2:]


def with_scans(jpeg, extra):
    """A progressive ``jpeg`` that repeats its last scan ``extra`` times."""
    last = jpeg.rindex(b"\xff\xda")
    return jpeg[:-2] + jpeg[last:-2] * extra + EOI


def png_bomb(width, height):
    """A PNG of some 100 bytes that announces ``width`` × ``height`` pixels."""

    def chunk(name, content):
        body = name + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
