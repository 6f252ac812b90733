"""Where the pictures of a phone go: a certificate of the person, or a paper of a rotation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from zhupei.accounts.models import User
from zhupei.completion import fixes
from zhupei.completion.actions.application import lay_paper
from zhupei.completion.models import Application, Material, Supplement
from zhupei.completion.rules import may_lay_paper
from zhupei.files.intake import Fitted
from zhupei.files.models import Page
from zhupei.lib.verdicts import Verdict
from zhupei.training import documents, rules
from zhupei.training.actions import lay_document
from zhupei.training.choices import DocumentKind, PaperKind
from zhupei.training.models import Document, Profile, Rotation
from zhupei.training.views.person import trainee

from .models import HandOff


@dataclass(frozen=True, slots=True)
class Place:
    """``application`` and ``rotation`` of a paper; neither of a certificate."""

    owner: User
    kind: str
    application: Application | None = None
    rotation: Rotation | None = None

    @property
    def name(self) -> str:
        if self.rotation is None:
            return DocumentKind(self.kind).label
        return f"{self.rotation} {PaperKind(self.kind).label}"

    @property
    def can_add(self) -> bool:
        """A second page may lie behind the first."""
        return self.rotation is not None or self.kind in documents.OF_SEVERAL_PAGES

    @property
    def pages_url(self) -> str:
        """Where the owner looks at a page: ``<pages_url><id>/view/``."""
        if self.application is None:
            return f"{reverse('training:profile')}pictures/"
        return f"{reverse('completion:materials', args=[self.application.pk])}pictures/"

    @property
    def back_url(self) -> str:
        if self.application is None or self.rotation is None:
            return f"{reverse('training:profile')}#{self.kind}"
        return f"{reverse('completion:materials', args=[self.application.pk])}#r-{self.rotation.pk}"

    def verdict(self, now: datetime) -> Verdict:
        """Whether the owner may lay a picture there: the very rule of the own pages."""
        if self.application is None or self.rotation is None:
            return rules.may_change_documents(self.owner, Profile.objects.get(user=self.owner), self.kind)
        later = Supplement.objects.of_round(self.application).filter(rotation=self.rotation).first()
        listed = fixes.of(self.application)
        return may_lay_paper(self.owner, self.application, self.rotation, self.kind, later, now, listed)

    def lay(self, pictures: Sequence[Fitted], *, replace: bool) -> Document | Material:
        """The very action of the own pages. Raises Refused."""
        if self.application is None or self.rotation is None:
            profile, kind = Profile.objects.get(user=self.owner), DocumentKind(self.kind)
            return lay_document(profile, kind, pictures, by=self.owner, replace=replace)
        return lay_paper(
            self.application, self.rotation, PaperKind(self.kind), pictures, by=self.owner, replace=replace
        )

    def standing(self) -> int:
        """How many pages lie there now."""
        there = Page.objects.filter(removed_at=None)
        if self.application is None:
            return there.filter(slot__document__user=self.owner, slot__document__kind=self.kind).count()
        paper = {"slot__material__rotation": self.rotation, "slot__material__kind": self.kind}
        return there.filter(slot__material__application=self.application, **paper).count()


def of_document(user: User, kind: str) -> Place:
    """A certificate that is asked of ``user``; the portrait has a page of its own. Raises Http404."""
    asked = trainee(user).asked_for(kind)
    if asked.kind == DocumentKind.PORTRAIT:
        raise Http404
    return Place(user, asked.kind)


def of_paper(user: User, application: UUID, rotation: UUID, kind: str) -> Place:
    """A paper of the own application. Raises Http404."""
    found = get_object_or_404(Application.objects.visible_to_trainee(user).for_page(), pk=application)
    if kind not in PaperKind.values:
        raise Http404
    rotations = found.enrolment.rotations.select_related("department")
    return Place(user, kind, found, get_object_or_404(rotations, pk=rotation))


def of(hand_off: HandOff) -> Place:
    """Where a hand-off (``with_place``) leads."""
    return Place(hand_off.owner, hand_off.kind, hand_off.application, hand_off.rotation)
