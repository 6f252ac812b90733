"""科室轮转: for 科主任 and 教学秘书, who is in the department, who comes, who has left."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhupei.organisations.choices import Role
from zhupei.organisations.models import Membership
from zhupei.web.http import SignedInRequest

from .. import department_list
from ..department_list import Filters


@require_safe
def rotations(request: SignedInRequest) -> HttpResponse:
    """One page of the list; 404 for whoever neither heads nor assists a department."""
    seats = Membership.objects.of(request.user).filter(role__in=(Role.HEAD, Role.SECRETARY))
    if not seats:
        raise Http404
    today, filters = timezone.localdate(), Filters.read(request.GET)
    after = request.GET.get("after", "")
    found = department_list.found_by(filters, request.user, today)
    page, count = department_list.page(found, filters, after, today), found.count()
    departments = sorted({seat.department.name for seat in seats if seat.department})
    context = {
        "filters": filters,
        "chips": list(filters.chips()),
        "departments": departments,
        "page": page,
        "count": count,
        "first_url": filters.address() if after else "",
        "pager_text": f"本页 {len(page.rows)} 个轮转，共 {count} 个",
    }
    return render(request, "training/teaching/rotations.html", context)
