"""Who may keep a stored signature, and sign with it. Every rule only reads."""

from __future__ import annotations

from zhupei.accounts.models import User
from zhupei.lib.verdicts import ALLOWED, Verdict, no

from ..models import StoredSignature
from . import seats

NO_SIGNATURE = "您还没有存储签名，请先到“我的签名”写一次"


def may_keep_signature(user: User) -> Verdict:
    """带教老师 and 科主任, for themselves."""
    return ALLOWED if seats.has_role(user, *seats.TEACHING) else no("带教老师和科主任才需要存储签名")


def may_sign(user: User, signer: User | None) -> Verdict:
    """With one's own stored signature, in one's own place: nobody signs for another (代填)."""
    if signer is None or user.pk != signer.pk:
        return no("代填时不能使用签名，由本人签名")
    return ALLOWED if StoredSignature.objects.of(user).exists() else no(NO_SIGNATURE)
