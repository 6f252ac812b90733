"""后台任务: is somebody working, and what was given up."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from zhupei.lib.verdicts import Refused
from zhupei.organisations.rules import is_administrator
from zhupei.web.http import SignedInRequest
from zhupei.web.once import once

from .. import actions, queue
from ..models import Worker
from ..names import name_of

SHOWN = 100  # the latest; how many there are stands above


@require_safe
def tasks(request: SignedInRequest) -> HttpResponse:
    """The workers, and what waits for the administrator's word."""
    if not is_administrator(request.user):
        raise Http404
    health = queue.health(timezone.now())
    given_up = queue.dead(queue.visible_to(request.user))[:SHOWN]
    context = {
        "health": health,
        "workers": [(it, _doing(it)) for it in health.workers],
        "dead": [(it, name_of(it.task_path), len(it.worker_ids), _why(it)) for it in given_up],
        "has_more": health.dead > SHOWN,
    }
    return render(request, "worker/administrator/tasks.html", context)


@require_POST
def requeue(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """重新排队."""
    found = get_object_or_404(queue.visible_to(request.user), pk=pk)
    try:
        return once(request, lambda: _requeue(request, found))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("worker:tasks")


def _requeue(request: SignedInRequest, found: queue.Task) -> str:
    actions.requeue(found, by=request.user)
    messages.success(request, f"已重新排队：{name_of(found.task_path)}")
    return reverse("worker:tasks")


def _doing(worker: Worker) -> str:
    return f"正在办理：{name_of(worker.task.task_path)}" if worker.task else ""


def _why(task: queue.Task) -> str:
    """In words, as far as there are any: the class of the error, for whoever looks into the log."""
    if task.exception_class_path == actions.INTERRUPTED:
        return "后台进程在办理时中断"
    return task.exception_class_path.rpartition(".")[2]
