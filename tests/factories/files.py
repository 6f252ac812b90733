import hashlib
import io
from datetime import timedelta
from functools import cache

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory
from PIL import Image

from zhupei.files import intake
from zhupei.files.importing import Outcome
from zhupei.files.intake import Fitted
from zhupei.files.models import Import, Page, Picture, Slot
from zhupei.imaging.rules import PAPER, ImageRule

from .accounts import UserFactory


def jpeg(colour: tuple[int, int, int] = (205, 140, 110), size: tuple[int, int] = (413, 626)) -> bytes:
    """A real picture, as small as the rules allow; another colour makes it another file."""
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG")
    return file.getvalue()


@cache
def fitted(rule: ImageRule = PAPER, colour: tuple[int, int, int] = (205, 140, 110)) -> Fitted:
    """A picture that was taken in and lies in the storage; the decoding is done once a run."""
    return intake.keep(jpeg(colour), rule, name="照片.jpg")


def digest(n: int) -> str:
    return hashlib.sha256(str(n).encode()).hexdigest()


class PictureFactory(DjangoModelFactory[Picture]):
    """A row only; nothing lies at its address (see ``fitted``)."""

    class Meta:
        model = Picture

    address = factory.Sequence(digest)
    thumbnail = factory.Sequence(lambda n: digest(-n - 1))
    width, height, size = 413, 626, 4096
    original_sha256 = factory.SelfAttribute("address")
    original_size = 4096
    stored_by = factory.SubFactory(UserFactory)


class SlotFactory(DjangoModelFactory[Slot]):
    class Meta:
        model = Slot


class PageFactory(DjangoModelFactory[Page]):
    class Meta:
        model = Page

    slot = factory.SubFactory(SlotFactory)
    picture = factory.SubFactory(PictureFactory)
    number = 1
    added_by = factory.SelfAttribute("picture.stored_by")


class ImportFactory(DjangoModelFactory[Import]):
    """A file of no rows, just looked through."""

    class Meta:
        model = Import

    owner = factory.SubFactory(UserFactory)
    kind = "training.scheme"
    name = "轮转方案.xlsx"
    content = '{"texts": {}, "faults": [], "given": {}}'
    outcome = factory.LazyFunction(lambda: Outcome().dumped())
    made_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyAttribute(lambda kept: kept.made_at + timedelta(hours=2))
