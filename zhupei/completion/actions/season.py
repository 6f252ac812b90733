"""Everything that can happen to a season: its windows, and the exceptions that the province grants."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from zhupei.accounts.models import User
from zhupei.audit.log import record
from zhupei.notifications.outbox import notify
from zhupei.organisations.choices import Level, Role
from zhupei.organisations.models import Membership, Organisation
from zhupei.training.models import Enrolment

from .. import rules
from ..models import Application, CityWindow, Extension, Season

FIXED = {"province", "year", "category"}  # applications point to the season because of them


@transaction.atomic
def open_season(*, by: User | None, **fields: Any) -> Season:
    """Set up a 考核年度 with its windows. ``fields`` are those of ``Season``.

    Raises Refused, ValidationError.
    """
    season = Season(**fields)
    if by is not None:
        rules.may_keep_season(by, season.province).or_raise()
    _refuse_a_second(season)
    season.full_clean()
    season.save()
    record("completion.season.opened", season, by=by, year=season.year)
    return season


@transaction.atomic
def change(season: Season, *, by: User, **fields: Any) -> list[str]:
    """Move windows and limits of a season; the event keeps old and new. Returns the names of what changed.

    Raises Refused; ValidationError, too, when an exception would lie beyond the province's window.
    """
    if others := fields.keys() & FIXED:
        raise ValueError(f"not to be changed: {', '.join(sorted(others))}")
    season = _take(season)
    rules.may_keep_season(by, season.province).or_raise()
    changed = [name for name, value in fields.items() if getattr(season, name) != value]
    if not changed:
        return []
    old = {name: getattr(season, name) for name in changed}
    for name in changed:
        setattr(season, name, fields[name])
    season.full_clean()
    _check_exceptions(season)
    season.save(update_fields=changed)
    new = {name: fields[name] for name in changed}
    record("completion.season.changed", season, by=by, old=_plain(old), new=_plain(new))
    return changed


@transaction.atomic
def set_city_window(
    season: Season, city: Organisation, *, by: User, opens_at: datetime, closes_at: datetime
) -> CityWindow:
    """市州单独安排: give a city its own time to review, or another than before; its reviewers are told."""
    season = _take(season)
    rules.may_keep_season(by, season.province).or_raise()
    if city.level != Level.CITY or city.parent_id != season.province_id:
        raise ValidationError({"city": "请从列表中选择本省的市州"})
    if closes_at > season.province_closes_at:
        raise ValidationError({"closes_at": _beyond(season)})
    own = season.city_windows.filter(city=city).first() or CityWindow(season=season, city=city)
    old = _plain({"opens_at": own.opens_at, "closes_at": own.closes_at})
    own.opens_at, own.closes_at = opens_at, closes_at
    own.full_clean()
    own.save()
    record(
        "completion.season.city_set",
        season,
        by=by,
        city=str(city.pk),
        old=old,
        new=_plain({"opens_at": opens_at, "closes_at": closes_at}),
    )
    times = f"{_moment(opens_at)} 至 {_moment(closes_at)}"
    _tell_reviewers(city, f"{season}：{city}的审核时间为 {times}，由{season.province}单独安排")
    return own


@transaction.atomic
def remove_city_window(own: CityWindow, *, by: User) -> None:
    """The city reviews in the season's window again; its reviewers are told."""
    season, city = _take(own.season), own.city
    rules.may_keep_season(by, season.province).or_raise()
    old = _plain({"opens_at": own.opens_at, "closes_at": own.closes_at})
    record("completion.season.city_removed", season, by=by, city=str(city.pk), old=old)
    own.delete()
    _tell_reviewers(city, f"{season}：{city}的单独安排已取消，审核时间为市局统一的时间")


@transaction.atomic
def extend(enrolment: Enrolment, season: Season, *, by: User, closes_at: datetime, reason: str) -> Extension:
    """个人延期: one trainee may hand in until ``closes_at``, inclusive; told with the reason.

    Holds for a first submission and for a correction, and before there is an application, too.
    Raises Refused, ValidationError.
    """
    season = _take(season)
    # Held: an application may be started meanwhile.
    Enrolment.objects.select_for_update(no_key=True).values_list("pk").get(pk=enrolment.pk)
    now = timezone.now()
    application = (
        Application.objects.select_for_update(no_key=True).filter(enrolment=enrolment, season=season).first()
    )
    rules.may_extend(by, enrolment, season, application, now).or_raise()
    if closes_at <= now:
        raise ValidationError({"closes_at": "应晚于现在"})
    if closes_at > season.province_closes_at:
        raise ValidationError({"closes_at": _beyond(season)})
    extension = Extension(
        season=season,
        enrolment=enrolment,
        closes_at=closes_at,
        reason=reason,
        granted_by=by,
        granted_at=now,
    )
    extension.full_clean()
    extension.save()
    if application is not None:
        application.extended_until = closes_at
        application.save(update_fields=["extended_until"])
    record(
        "completion.extension.granted",
        extension,
        by=by,
        season=str(season.pk),
        closes_at=_text(closes_at),
        reason=reason,
    )
    text = f"{season.province}已批准您延期提交{season}申请，至 {_moment(closes_at)}（{reason}）"
    notify(enrolment.user, text, url="/completion/")
    return extension


def _take(season: Season) -> Season:
    """The row, held: two colleagues at once follow each other."""
    found: Season = (
        Season.objects.select_for_update(of=("self",), no_key=True)
        .select_related("province")
        .get(pk=season.pk)
    )
    return found


def _refuse_a_second(season: Season) -> None:
    """In words that lead to the one there is; the constraint would hold anyway."""
    same = Season.objects.filter(province=season.province, year=season.year, category=season.category)
    if there := same.first():
        raise ValidationError({"year": f"{there}已经有了，请到那里修改"})


def _check_exceptions(season: Season) -> None:
    """The province closes last, after every city's own window and every extension, too."""
    ends = {
        "市州单独安排": season.city_windows.aggregate(last=Max("closes_at"))["last"],
        "个人延期": season.extensions.aggregate(last=Max("closes_at"))["last"],
    }
    problems = [
        f"省厅审核应最后截止：有{what}到 {_moment(last)}"
        for what, last in ends.items()
        if last and last > season.province_closes_at
    ]
    if problems:
        raise ValidationError({"province_closes_at": problems})


def _tell_reviewers(city: Organisation, text: str) -> None:
    seats = Membership.objects.current().filter(organisation=city, role=Role.CITY)
    for reviewer in User.objects.filter(pk__in=seats.values("user")):
        notify(reviewer, text, url="/review/")


def _beyond(season: Season) -> str:
    return f"不能晚于省厅审核的截止（{_moment(season.province_closes_at)}）"


def _moment(value: datetime) -> str:
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """As the log keeps them: moments of Shanghai and days as ISO text."""
    return {name: _text(value) for name, value in values.items()}


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat()
    return value.isoformat() if isinstance(value, date) else value
