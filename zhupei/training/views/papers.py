"""打印: the papers that are signed by hand, one or all of a trainee."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhupei.web.http import SignedInRequest

from .. import exit_paper, papers
from ..choices import PaperKind
from ..models import AssessmentTemplate, Enrolment, Rotation
from .exit_pages import is_own, pdf, seen, template_of


@require_safe
def print_paper(request: SignedInRequest, pk: UUID, kind: str) -> HttpResponse:
    """A paper of a rotation as a PDF, shown by the browser."""
    if kind not in PaperKind:
        raise Http404
    rotation = seen(request.user, pk)
    own = is_own(request.user, rotation)
    template = template_of(rotation) if kind == PaperKind.ASSESSMENT else None
    content = papers.paper(PaperKind(kind), rotation, template=template, own=own, printed_at=timezone.now())
    return pdf(content, kind)


@require_safe
def print_all(request: SignedInRequest) -> HttpResponse:
    """Both papers of all one's own rotations that have begun; 404 without any."""
    mine = Enrolment.objects.visible_to(request.user).filter(user=request.user)
    enrolment = mine.select_related("base").order_by("-grade", "-id").first()
    if enrolment is None:
        raise Http404
    return pdf(all_papers(enrolment, own=True), "papers")


def all_papers(enrolment: Enrolment, *, own: bool = False) -> bytes:
    """Both papers of every rotation of ``enrolment`` that has begun and is not exempted."""
    now = timezone.now()
    begun = Rotation.objects.filter(
        enrolment=enrolment, exempted_at=None, start_date__lte=timezone.localdate(now)
    )
    rotations = list(exit_paper.loaded(begun.in_order()))
    if not rotations:
        raise Http404
    template = AssessmentTemplate.objects.in_force(enrolment.base)
    return papers.papers_of(rotations, template=template, own=own, printed_at=now)
