"""How long and how often a phone may send. What may be laid where is asked of the place itself."""

from datetime import datetime

from zhupei.lib.verdicts import ALLOWED, Verdict, no

from .models import HandOff

MOST_TRIES = 40  # pictures sent by one code, good or not: twelve pages, taken three times
MOST_AN_HOUR = 30  # codes of one person
AGAIN = "请在电脑上重新点“用手机拍”"


def may_open(opened_within_the_hour: int) -> Verdict:
    """Nobody needs one every two minutes; a script might."""
    if opened_within_the_hour >= MOST_AN_HOUR:
        return no("一小时内生成的二维码太多，请稍后再试，或直接在电脑上传")
    return ALLOWED


def may_use(hand_off: HandOff, now: datetime) -> Verdict:
    """Whoever holds the token, until it ends; the owner must still have an account."""
    if hand_off.ended_at is not None or not hand_off.owner.is_active:
        return no(f"这个二维码已停用，{AGAIN}")
    if not hand_off.opened_at <= now <= hand_off.expires_at:
        return no(f"这个二维码已过期（10 分钟内有效），{AGAIN}")
    if hand_off.tries >= MOST_TRIES:
        return no(f"用这个二维码已发送 {MOST_TRIES} 次，{AGAIN}")
    return ALLOWED
