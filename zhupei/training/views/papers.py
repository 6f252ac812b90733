"""打印 in 过程轮转: the two papers that are signed by hand."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from zhupei.web.http import SignedInRequest

from .. import papers
from ..choices import PaperKind
from ..models import Enrolment, Rotation


@require_safe
def print_paper(request: SignedInRequest, pk: UUID, kind: str) -> HttpResponse:
    """A paper of one's own rotation as a PDF, shown by the browser."""
    if kind not in PaperKind:
        raise Http404
    mine = Enrolment.objects.visible_to(request.user).filter(user=request.user)
    found = Rotation.objects.filter(enrolment__in=mine).select_related(
        "department", "enrolment__user", "enrolment__specialty"
    )
    rotation = get_object_or_404(found.with_tallies(), pk=pk)
    headers = {"Content-Disposition": f'inline; filename="{kind}.pdf"'}
    pdf = papers.paper(PaperKind(kind), rotation)
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)
