"""一键修正: before and after side by side; stored only when the trainee agrees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from zhupei.files import mending
from zhupei.files.mending import Mended
from zhupei.files.models import Page
from zhupei.imaging.crops import Crop
from zhupei.imaging.intake import Rejected
from zhupei.lib.verdicts import Refused
from zhupei.web.http import SignedInRequest
from zhupei.web.once import once

from .. import actions, rules
from ..choices import DocumentKind
from ..forms.mending import ConsentForm, CropForm
from .documents import own_page, place_of
from .person import Person, trainee

T = TypeVar("T")

MIDDLE = Crop(left=0.1, top=0.05, width=0.8)  # where a crop by hand begins if no face was found
ASPECT = 413 / 626


@dataclass(frozen=True, slots=True)
class Bench:
    """A picture, the crop asked for, and what comes of it; ``sentence`` says why nothing does."""

    page: Page
    kind: DocumentKind
    form: CropForm | None
    mended: Mended | None
    sentence: str

    @classmethod
    def of(cls, page: Page, asked: QueryDict) -> Bench:
        kind = DocumentKind(page.slot.document.kind)
        if kind != DocumentKind.PORTRAIT:
            mended, sentence = _try(lambda: mending.mend_document(page.picture))
            return cls(page, kind, None, mended, sentence)
        crop, hint = (None, "") if "width" in asked else _try(lambda: mending.proposed(page.picture))
        form = CropForm(asked if "width" in asked else CropForm.data_of(crop or MIDDLE))
        if not form.is_valid():
            return cls(page, kind, form, None, "请改正裁切的数字")
        mended, sentence = _try(lambda: mending.mend_portrait(page.picture, form.crop))
        return cls(page, kind, form, mended, hint or sentence)

    @property
    def query(self) -> str:
        return urlencode(CropForm.data_of(self.form.crop)) if self.form and self.form.is_valid() else ""

    @property
    def digest(self) -> str:
        return mending.digest(self.mended) if self.mended else ""

    @property
    def fields(self) -> dict[str, object]:
        """The crop as hidden fields of the form that stores it."""
        return CropForm.data_of(self.form.crop) if self.form and self.form.is_valid() else {}

    @property
    def frame(self) -> dict[str, object]:
        """The picture as it is turned, and the frame on it, in pixels of the stored picture."""
        picture = self.page.picture
        crop = self.form.crop if self.form and self.form.is_valid() else Crop()
        width, height = picture.width, picture.height
        turn = {
            1: f"translate(0 {width}) rotate(-90)",
            2: f"translate({width} {height}) rotate(180)",
            3: f"translate({height} 0) rotate(90)",
        }
        across, down = (height, width) if crop.turns % 2 else (width, height)
        frame_width = round(crop.width * across)
        return {
            "across": across,
            "down": down,
            "turn": turn.get(crop.turns, ""),
            "x": round(crop.left * across),
            "y": round(crop.top * down),
            "width": frame_width,
            "height": round(frame_width / ASPECT),
            "tilt": f"rotate({crop.tilt:.1f} {across / 2:g} {down / 2:g})",
            "thick": max(2, across // 150),
        }

    @property
    def problems(self) -> list[str]:
        """Why what came of it cannot be used."""
        return self.mended.blocked if self.mended else [self.sentence]


@require_http_methods(["GET", "HEAD", "POST"])
def mend(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Before and after, and the crop by hand; POST stores what was shown."""
    person, page = trainee(request.user), own_page(request, pk)
    if request.method == "POST":
        return _use(request, person, Bench.of(page, request.POST))
    return _page(request, person, Bench.of(page, request.GET), ConsentForm())


@require_safe
def mended(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """The picture that would be stored, as a JPG; nothing is."""
    bench = Bench.of(own_page(request, pk), request.GET)
    if bench.mended is None:
        raise Http404
    response = HttpResponse(bench.mended.made.jpeg, content_type="image/jpeg")
    response["Content-Disposition"] = "inline"
    return response


def _use(request: SignedInRequest, person: Person, bench: Bench) -> HttpResponse:
    form = ConsentForm(request.POST)
    problems = _problems(person, bench)
    if form.is_valid() and not problems and form.cleaned_data["seen"] != bench.digest:
        problems = ["修正后的图片与您看过的不同，请再看一遍"]
    if not form.is_valid() or problems:
        for problem in problems:
            form.add_error(None, problem)
        return _page(request, person, bench, form)

    def use() -> str:
        assert bench.mended is not None  # noqa: S101  # without it there were problems
        fitted = mending.keep(bench.mended, bench.page.picture)
        actions.use_mended(person.profile, bench.page, fitted, by=request.user)
        messages.success(request, f"{bench.kind.label}已换成修正后的，原图在历史里")
        return place_of(bench.kind)

    try:
        return once(request, use)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, person, bench, form)


def _problems(person: Person, bench: Bench) -> list[str]:
    verdict = rules.may_change_documents(person.profile.user, person.profile, bench.kind)
    return bench.problems if verdict else [str(verdict)]


def _page(request: SignedInRequest, person: Person, bench: Bench, form: ConsentForm) -> HttpResponse:
    verdict = rules.may_change_documents(request.user, person.profile, bench.kind)
    context = {
        "bench": bench,
        "picture": bench.page.picture,
        "form": form,
        "may_change": verdict,
        "back": place_of(bench.kind),
        "is_portrait": bench.kind == DocumentKind.PORTRAIT,
        "mended_url": f"{reverse('training:mended', args=[bench.page.pk])}?{bench.query}",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "training/trainee/mend.html", context, status=status)


def _try(make: Callable[[], T]) -> tuple[T | None, str]:
    """What comes of it, or the sentence that says why nothing does."""
    try:
        return make(), ""
    except Rejected as rejected:
        return None, "；".join(rejected.sentences)
