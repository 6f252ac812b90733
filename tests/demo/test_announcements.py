from django.utils import timezone

from tests.factories import SeasonFactory
from zhupei.demo.announcements import announce
from zhupei.support.models import Announcement


def test_the_demo_tells_five_things_that_fit_its_season():
    season = SeasonFactory(year=2026)

    announce(season, timezone.localdate())

    told = list(Announcement.objects.published(timezone.now()).newest_first())
    assert len(told) == 5
    assert told[1].title == "关于开放 2026 年住院医师结业考核申请的通知"
    assert str(season.supplement_date) in told[1].body
    assert not any("{" in one.body for one in told)
