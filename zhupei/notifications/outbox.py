from zhupei.accounts.models import User

from .models import Notice


def notify(recipient: User, text: str, *, url: str = "") -> Notice:
    """Leave a notice for ``recipient``, in the caller's transaction; ``url`` leads to what it is about."""
    return Notice.objects.create(recipient=recipient, text=text[:500], url=url)
