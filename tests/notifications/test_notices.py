from datetime import timedelta

from django.utils import timezone

from tests.factories import NoticeFactory, UserFactory
from zhupei.notifications import actions
from zhupei.notifications.models import Notice
from zhupei.notifications.outbox import notify


def test_a_notice_is_left_for_one_person_and_seen_by_nobody_else():
    reader, other = UserFactory(), UserFactory()

    notice = notify(reader, "基地意见：通过", url="/completion/")

    assert Notice.objects.visible_to(reader).get() == notice
    assert (notice.text, notice.url, notice.read_at) == ("基地意见：通过", "/completion/", None)
    assert not Notice.objects.visible_to(other).exists()


def test_the_newest_comes_first():
    reader = UserFactory()
    old = NoticeFactory(recipient=reader, created_at=timezone.now() - timedelta(hours=1))
    new = NoticeFactory(recipient=reader)

    assert list(Notice.objects.visible_to(reader).newest_first()) == [new, old]


def test_reading_marks_ones_own_notices_once():
    mine, others = NoticeFactory(), NoticeFactory()

    assert actions.mark_read(mine.recipient) == 1
    first = Notice.objects.get(pk=mine.pk).read_at
    assert actions.mark_read(mine.recipient) == 0

    mine.refresh_from_db()
    others.refresh_from_db()
    assert (mine.read_at, others.read_at) == (first, None)
    assert Notice.objects.unread().get() == others


def test_a_long_text_is_cut_rather_than_lost():
    assert len(notify(UserFactory(), "长" * 600).text) == 500
