from uuid import UUID

from django.contrib.auth.backends import BaseBackend

from .models import User


class PersonBackend(BaseBackend):
    """Loads the person of a session. Signing in itself is ``actions.sign_in``, which also throttles."""

    def get_user(self, user_id: UUID | str) -> User | None:
        user: User | None = User.objects.filter(pk=user_id, disabled_at=None).first()
        return user
