"""What has come by a hand-off."""

from collections.abc import Sequence

from zhupei.files.models import Page
from zhupei.files.slots import PageView

from .models import HandOff
from .places import Place


def pages_of(hand_off: HandOff) -> Sequence[Page]:
    """In the order they came; those that were replaced meanwhile are gone."""
    there = {str(page.pk): page for page in Page.objects.standing().filter(pk__in=hand_off.pages)}
    return [there[key] for key in hand_off.pages if key in there]


def views_of(pages: Sequence[Page], place: Place) -> list[PageView]:
    """As the owner sees them."""
    return [
        PageView(
            number=page.number,
            alt=f"{place.name}第 {page.number} 页：预览",
            thumb_url=f"{place.pages_url}{page.pk}/small/",
            view_url=f"{place.pages_url}{page.pk}/view/",
            pk=page.pk,
            flaws=page.picture.flaws,
        )
        for page in pages
    ]
