"""What the worker does for this app."""

from django_tasks import task

from zhupei.files.models import Picture

from . import actions


@task
def look_again(picture: str) -> None:
    """Judge a stored picture by today's checks."""
    actions.look_again(Picture.objects.get(pk=picture))
