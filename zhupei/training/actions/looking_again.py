"""The machine's look at a stored picture, again: the checks have changed since it arrived."""

from zhupei.files import actions as files
from zhupei.files.mending import opened
from zhupei.files.models import Page, Picture
from zhupei.imaging import looking
from zhupei.imaging.flaws import CHECKS

from ..choices import DocumentKind


def look_again(picture: Picture) -> bool:
    """Judge ``picture`` by today's checks; False if that has been done. The picture stays as it is."""
    if picture.checks >= CHECKS:
        return False
    portraits = Page.objects.filter(picture=picture, slot__document__kind=DocumentKind.PORTRAIT)
    look = looking.inspector("portrait" if portraits.exists() else "document")
    return files.note_look(picture, look(opened(picture)), checks=CHECKS)
