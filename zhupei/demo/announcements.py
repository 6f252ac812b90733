"""公告 of the demo: what a province tells in the course of a season."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from zhupei.completion.models import Season
from zhupei.support.actions import publish

MORNING = time(9)


def announce(season: Season, today: date) -> None:
    """Five of them, the oldest first; dated so that they fit the windows of ``season``."""
    for days_ago, title, body in _texts(season):
        at = timezone.make_aware(datetime.combine(today - timedelta(days=days_ago), MORNING))
        publish(season.province, by=None, title=title, body=body, at=at)


def _texts(season: Season) -> list[tuple[int, str, str]]:
    year = season.year
    windows = "\n".join(
        f"{name}：{_day(opens)} 至 {_day(closes)}"
        for name, opens, closes in (
            ("学员申请", season.trainee_opens_at, season.trainee_closes_at),
            ("基地审核", season.base_opens_at, season.base_closes_at),
            ("市局审核", season.city_opens_at, season.city_closes_at),
            ("省厅审核", season.province_opens_at, season.province_closes_at),
        )
    )
    return [
        (60, "关于做好出科考核表手写签名核对工作的提醒", SIGNATURES),
        (40, f"{year} 年各级审核时间窗口安排", WINDOWS.format(year=year, windows=windows)),
        (34, "结业报考材料图片常见退回原因", RETURNS),
        (
            30,
            f"关于开放 {year} 年住院医师结业考核申请的通知",
            OPENING.format(year=year, days=season.correction_days, later=season.supplement_date),
        ),
        (3, "平台维护公告", MAINTENANCE),
    ]


def _day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}"


SIGNATURES = """\
各培训基地：

出科考核表由带教老师和科主任手写签名，出科小结由科主任手写签名，都要写明日期。请在学员上传之前核对，避免因缺少签名被退回。

签字人已离院的，由基地核对原件后说明。"""

WINDOWS = """\
{year} 年结业考核申请与审核的时间安排如下。

{windows}

截止时间精确到秒，以服务器时间为准。第一轮按以上时间审核；退回后再次提交的，到省厅审核截止之前都可以审核。"""

RETURNS = """\
去年被退回的申请，图片方面的原因主要是：

一、字迹不清：手机拍糊、反光、有阴影。上传后请点“预览”，放大检查。
二、缺少签名或日期：出科考核表少科主任签名的最多。
三、上传错位：把另一个科室的表传到了这个科室的栏目。
四、电子照片不是白底，或者不是正立的人像。

拍摄要求见首页的下载中心。"""

OPENING = """\
各市、州卫生健康委，各培训基地：

{year} 年住院医师结业考核申请现已开放，请组织符合条件的学员按时申请。

一、结业考核年份须为 {year}。年份有误的，由基地管理员确认修改，或联系平台客服。
二、出科小结由科主任手写签名，出科考核表由带教老师和科主任手写签名。
三、被退回的，自退回之日起 {days} 个工作日内更新提交。
四、申请时尚未结束的轮转，出科后于 {later} 前补传材料。

操作步骤见首页的操作指南。"""

MAINTENANCE = """\
平台定于本周日 0:00–4:00 维护，期间不能登录。

维护前请保存正在填写的内容。申请和审核的截止时间不受影响。"""
