"""What the portal says of this year's applications."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from zhupei.completion import windows
from zhupei.completion.models import Season
from zhupei.completion.windows import Window
from zhupei.organisations.choices import Level

# Whose work each step is, and what is done in it (学员结业考核申请—基地管理员审核—市局审核—省厅审核).
STEPS = (
    ("学员结业考核申请", "核对信息、上传材料、提交", None),
    ("基地管理员审核", "培训基地", Level.BASE),
    ("市局审核", "市（州）卫生健康委", Level.CITY),
    ("省厅审核", "省卫生健康委", Level.PROVINCE),
)


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    who: str
    dates: str
    state: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One sentence with its state (data-state), and whether trainees can apply now."""

    text: str
    state: str
    is_open: bool


def season_to_show(now: datetime) -> Season | None:
    """The one that is open to trainees; or else under review, about to open, or the last that was."""
    seasons = list(Season.objects.order_by("-year", "category")[:8])
    wanted = (
        lambda season: windows.of_trainees(season).is_open(now),
        lambda season: windows.of_trainees(season).has_begun(now) and season.province_closes_at >= now,
        lambda season: not windows.of_trainees(season).has_begun(now),
    )
    for suits in wanted:
        for season in seasons:
            if suits(season):
                return season
    return seasons[0] if seasons else None


def standing(season: Season | None, now: datetime) -> Standing:
    """How far ``season`` has got."""
    if season is None:
        return Standing("结业考核申请时间另行公告", "later", is_open=False)
    trainees = windows.of_trainees(season)
    closes = _moment(trainees.closes_at)
    if not trainees.has_begun(now):
        return Standing(f"{season}申请 {_moment(trainees.opens_at)} 开始", "later", is_open=False)
    if not trainees.has_ended(now):
        return Standing(f"{season}申请进行中，{closes} 截止", "done", is_open=True)
    what = "审核进行中" if season.province_closes_at >= now else "审核已结束"
    next_year = f"{season.year + 1} 年申请时间另行公告"
    text = f"{season.year} 年申请已于 {_day(trainees.closes_at)}截止，{what}；{next_year}"
    return Standing(text, "later", is_open=False)


def steps(season: Season | None, now: datetime) -> list[Step]:
    """The four steps of 线上结业审核流程 with their dates."""
    return [_step(name, who, _window(season, level), now) for name, who, level in STEPS]


def _window(season: Season | None, level: Level | None) -> Window | None:
    if season is None:
        return None
    return windows.of_level(season, level) if level else windows.of_trainees(season)


def _step(name: str, who: str, window: Window | None, now: datetime) -> Step:
    if window is None:
        return Step(name, who, "", "todo")
    dates = f"{_day(window.opens_at)} – {_day(window.closes_at)}"
    if window.has_ended(now):
        return Step(name, who, f"{dates}（已截止）", "done")
    return Step(name, who, dates, "todo")


def _day(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local.month} 月 {local.day} 日"


def _moment(moment: datetime) -> str:
    return f"{_day(moment)} {timezone.localtime(moment):%H:%M:%S}"
