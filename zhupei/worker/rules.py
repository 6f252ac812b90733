"""Who looks after the tasks. Every rule only reads."""

from typing import Any

from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from zhupei.accounts.models import User
from zhupei.lib.verdicts import ALLOWED, Verdict, no
from zhupei.organisations.rules import is_administrator


def may_requeue(user: User, task: DBTaskResult[Any, Any]) -> Verdict:
    """重新排队: a 系统管理员, of a task that was given up."""
    if not is_administrator(user):
        return no("后台任务由系统管理员处理")
    if task.status != TaskResultStatus.FAILED:
        return no("这个任务已经重新排队，页面已更新")
    return ALLOWED
