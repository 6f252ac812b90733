"""What 个人中心 shows of a person, loaded once a request."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse

from zhupei.accounts.models import User
from zhupei.files.models import Page
from zhupei.files.slots import SlotView, slot_view

from .. import certificate, documents, rules
from ..certificate import Certificate
from ..choices import DocumentKind
from ..documents import Asked
from ..models import Education, Enrolment, Profile


@dataclass
class Person:
    """A trainee with the newest enrolment."""

    profile: Profile
    enrolment: Enrolment

    @cached_property
    def educations(self) -> list[Education]:
        """The highest first: it is the one used for the application."""
        return sorted(self.profile.user.educations.all(), key=lambda education: education.rank, reverse=True)

    @property
    def asked(self) -> list[Asked]:
        return documents.asked_of(self.profile, self.enrolment, documents.highest_of(self.educations))

    @cached_property
    def pages(self) -> Mapping[str, list[Page]]:
        """The standing pages by kind of document."""
        found: dict[str, list[Page]] = defaultdict(list)
        standing = Page.objects.standing().filter(slot__document__user=self.profile.user)
        for page in standing.select_related("picture", "slot__document"):
            found[page.slot.document.kind].append(page)
        return found

    def slot(self, asked: Asked, **more: Any) -> SlotView:
        """The upload place of one certificate, or of the portrait."""
        return certificate_slot(self.profile, asked, self.pages.get(asked.kind, []), **more)

    @property
    def certificate(self) -> Certificate:
        """What the portrait is for."""
        user, enrolment = self.profile.user, self.enrolment
        page = next(iter(self.pages.get(DocumentKind.PORTRAIT, [])), None)
        return certificate.sketch(
            name=user.full_name,
            sex=self.profile.get_sex_display(),
            born=self.profile.birth_date.isoformat(),
            base=enrolment.base.name,
            specialty=enrolment.specialty.name,
            category=enrolment.category,
            portrait_url=reverse("training:picture", args=[page.pk]) if page else "",
        )

    def asked_for(self, kind: str) -> Asked:
        """404 for a certificate that is not asked of this person."""
        for asked in self.asked:
            if asked.kind == kind:
                return asked
        raise Http404


def trainee(user: User) -> Person:
    """``user`` with the newest enrolment; who never was enrolled has no 个人中心 (404)."""
    enrolments = Enrolment.objects.visible_to(user).filter(user=user)
    with_all = enrolments.select_related("user__profile", "user__licence", "base", "specialty")
    enrolment = with_all.order_by("-grade", "-id").first()
    if enrolment is None:
        raise Http404
    return Person(enrolment.user.profile, enrolment)


def certificate_slot(profile: Profile, asked: Asked, pages: Sequence[Page], **more: Any) -> SlotView:
    """The upload place of one certificate, or of the portrait, for its owner."""
    is_portrait = asked.kind == DocumentKind.PORTRAIT
    phone_url = "" if is_portrait else reverse("handoff:document", args=[asked.kind.value])
    if phone_url and more.get("next_url"):
        phone_url += "?" + urlencode({"next": more["next_url"]})
    return slot_view(
        "photo" if is_portrait else asked.kind.value,
        DocumentKind(asked.kind).label + ("" if asked.must else "（选传）"),
        pages,
        pages_url=f"{reverse('training:profile')}pictures/",
        upload_url=reverse("training:lay_document", args=[asked.kind.value]),
        verdict=rules.may_change_documents(profile.user, profile, asked.kind),
        must=asked.must,
        single=is_portrait,
        can_add=asked.kind in documents.OF_SEVERAL_PAGES,
        phone_url=phone_url,
        **more,
    )
