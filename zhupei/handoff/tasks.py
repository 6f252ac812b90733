"""What the worker does for this app."""

from django_tasks import task

from . import actions


@task
def clear_hand_offs() -> None:
    """Codes of yesterday."""
    actions.forget_hand_offs()
