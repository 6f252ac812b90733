"""Who may do what with an application, and why not. Every rule only reads.

``now`` comes from the caller: an action evaluates a window once, inside its transaction.
"""

from datetime import datetime

from django.utils import timezone

from zhupei.accounts.models import User
from zhupei.files.models import Page
from zhupei.lib.verdicts import ALLOWED, Reason, Verdict, no
from zhupei.organisations.choices import REVIEWER_OF, Level
from zhupei.organisations.models import Membership, Organisation
from zhupei.training.models import Enrolment, Rotation

from . import windows
from .checklist import Checklist
from .choices import REVIEW_STAGES, Outcome, Stage
from .fixes import EVERYTHING, FixList
from .items import PAPER
from .models import Application, CityWindow, Review, Season, Supplement

NAMED = 5  # findings that a refusal names one by one
SERVICE = "/#service"  # the phones of the bases and of the service desk


def may_start(user: User, enrolment: Enrolment, season: Season, now: datetime) -> Verdict:
    """The trainee, for the own enrolment, from the day the season opens."""
    if user.pk != enrolment.user_id:
        return no("只有学员本人可以申请")
    if season.category != enrolment.category or season.province != enrolment.base.province:
        return no(f"{season}不适用于您的培训类别或省份")
    if not windows.of_trainees(season).has_begun(now):
        return no(f"{season}将于 {_moment(season.trainee_opens_at)} 开放申请")
    return ALLOWED


def may_edit(user: User, application: Application, item: str = "", fixes: FixList = EVERYTHING) -> Verdict:
    """The trainee, before a submission and after a return; then only the items that ``fixes`` opens."""
    if user.pk != application.trainee_id:
        return no("只有学员本人可以修改")
    if not application.is_editable:
        return no(f"申请{application.get_stage_display()}，材料已锁定；退回修改或撤回后可以更改")
    if item and not fixes.is_open(item):
        link = f"{application.get_absolute_url()}status/#more"
        return no("这一项没有被退回，未解锁", link=link, link_text="我还要改这一项")
    return ALLOWED


def may_lay_paper(
    user: User,
    application: Application,
    rotation: Rotation,
    kind: str,
    supplement: Supplement | None,
    now: datetime,
    fixes: FixList,
) -> Verdict:
    """As ``may_edit``, or as ``may_supplement`` for a rotation that was not finished at the submission.

    Never closed because a teacher has not acted; only an exempted rotation takes nothing.
    """
    if rotation.enrolment_id != application.enrolment_id:
        return no("该轮转不属于这份申请")
    if rotation.exempted_at is not None:
        return no("该轮转已减免，不需要上传")
    if supplement is not None and not application.is_editable:
        return may_supplement(user, application, supplement, now)
    return may_edit(user, application, f"{PAPER}{rotation.pk}:{kind}", fixes)


def may_remove_page(user: User, application: Application, page: Page, fixes: FixList) -> Verdict:
    """As ``may_edit``, and only a page of this application's own papers."""
    material = application.materials.filter(slot=page.slot_id).first()
    if material is None:
        return no("这一页不在这份申请里")
    return may_edit(user, application, f"{PAPER}{material.rotation_id}:{material.kind}", fixes)


def may_supplement(user: User, application: Application, supplement: Supplement, now: datetime) -> Verdict:
    """补交: the trainee, after the rotation's last day, until the supplement day or the confirmation."""
    if user.pk != application.trainee_id:
        return no("只有学员本人可以补交")
    if supplement.confirmed_at is not None:
        return no("基地已确认这一项补交")
    today, rotation, last = timezone.localdate(now), supplement.rotation, application.season.supplement_date
    if not rotation.has_ended(today):
        return no(f"未到出科（{rotation.end_date}），出科后补传")
    if today > last:
        return no(f"补交已于 {last} 截止，请联系基地")
    return ALLOWED


def may_confirm_supplement(user: User, application: Application, supplement: Supplement) -> Verdict:
    """A base admin of the application's base, when both papers are there; never on the own application."""
    if user.pk == application.trainee_id:
        return no("不能审核本人的申请")
    if not _acts_for(user, application.base, Level.BASE):
        return no(f"由{application.base}确认")
    if application.stage not in (*REVIEW_STAGES, Stage.APPROVED):
        return no(f"申请{application.stage_shown}，请在下一次提交中审核")
    if supplement.confirmed_at is not None:
        return no("这一项补交已确认")
    return ALLOWED


def may_submit(
    user: User,
    application: Application,
    checklist: Checklist,
    now: datetime,
    fixes: FixList = EVERYTHING,
) -> Verdict:
    """第七步 and 第八步: own, in time, year of the season, nothing mandatory missing, findings answered."""
    if user.pk != application.trainee_id:
        return no("只有学员本人可以提交")
    if not application.is_editable:
        return no(f"申请{application.get_stage_display()}，不能重复提交")
    incomplete = _incomplete(application, checklist)
    return Verdict((*barred(application, now), *incomplete, *_unanswered(application, fixes)))


def barred(application: Application, now: datetime) -> tuple[Reason, ...]:
    """What keeps the trainee from handing in however complete it is, with the way out of it."""
    if not application.is_editable:
        return ()
    return (*_wrong_year(application), *_out_of_time(application, now))


def _wrong_year(application: Application) -> list[Reason]:
    year, season = application.enrolment.completion_year, application.season
    if year == season.year:
        return []
    base = _with_phone(application.base, "基地管理员")
    text = (
        f"结业考核年份为 {year}，本季为 {season.year}。"
        f"请联系{base}申请确认修改结业考核年份，或联系平台客服人员修改"
    )
    return [Reason(text, SERVICE, "申请修改年份")]


def _out_of_time(application: Application, now: datetime) -> list[Reason]:
    window = windows.to_submit(application)
    if window.is_open(now):
        return []
    if not window.has_begun(now):
        return [Reason(f"{application.season}将于 {_moment(window.opens_at)} 开放申请")]
    what = "补正期限" if application.correction_due_at else f"{application.season}申请"
    base, province = _with_phone(application.base, ""), _with_phone(application.province, "")
    text = (
        f"{what}已于 {_moment(window.closes_at)} 截止。您填写的内容和图片都保留着；"
        f"如需延期，请由{base}提出，{province}批准后只对您个人重新开放"
    )
    return [Reason(text, SERVICE, "申请延期提交")]


def _with_phone(organisation: Organisation, who: str) -> str:
    """江城大学附属第一医院基地管理员（027-5555-0160）; without a phone only the name."""
    return f"{organisation}{who}" + (f"（{organisation.phone}）" if organisation.phone else "")


def _incomplete(application: Application, checklist: Checklist) -> list[Reason]:
    count = len(checklist.missing)
    if not count:
        return []
    return [Reason(f"还差 {count} 项", f"{application.get_absolute_url()}#todo", "看清单")]


def _unanswered(application: Application, fixes: FixList) -> list[Reason]:
    """Each finding that was neither mended nor explained, by name; of many the first ones."""
    left = fixes.unanswered
    named = [Reason(f"还没有改好：{fix.finding}", fix.link, "去修改") for fix in left[:NAMED]]
    if len(left) > NAMED:
        link = f"{application.get_absolute_url()}status/#fixes"
        named.append(Reason(f"修改清单里还有 {len(left) - NAMED} 项", link, "看修改清单"))
    return named


def may_withdraw(user: User, application: Application, now: datetime) -> Verdict:
    """The trainee, while 待基地审核 and nobody pressed 开始审核, and while it could be handed in again."""
    if user.pk != application.trainee_id:
        return no("只有学员本人可以撤回")
    if application.stage != Stage.BASE:
        return no(f"申请{application.get_stage_display()}，不能撤回")
    if application.claimed_at is not None:
        return no("基地已开始审核，不能撤回；如需修改请联系基地退回")
    if windows.to_submit(application).has_ended(now):
        return no("申请窗口已截止，撤回后将无法再提交；如需修改请联系基地退回")
    return ALLOWED


def may_claim(user: User, application: Application, now: datetime) -> Verdict:
    """A reviewer of the organisation whose turn it is, in its window; never on the own application."""
    verdict = _may_review(user, application, now)
    if verdict and application.is_held_by_another(user, now):
        until = _clock(application.claimed_until())
        return no(f"{application.claimed_by}正在审核，{until} 前保留")
    return verdict


def may_release(user: User, application: Application) -> Verdict:
    """放回: whoever has the file."""
    if application.claimed_by_id != user.pk:
        return no("这份申请不在您手上")
    return ALLOWED


def may_decide(user: User, application: Application, now: datetime) -> Verdict:
    """Whoever may claim, after 开始审核: so colleagues see who has the file."""
    return once_claimed(may_claim(user, application, now), user, application)


def once_claimed(claim: Verdict, user: User, application: Application) -> Verdict:
    """``may_decide`` of who already asked ``may_claim``: a page shows both."""
    if claim and application.claimed_by_id != user.pk:
        return no("请先点“开始审核”，避免与同事重复审核")
    return claim


def may_mark(user: User, application: Application, now: datetime) -> Verdict:
    """记一条问题: whoever may decide, or may revise what the own office gave in this round."""
    decide = may_decide(user, application, now)
    if decide:
        return decide
    given = Review.objects.standing().filter(
        submission__application=application, submission__round=application.round
    )
    for review in given.select_related("submission").defer("submission__content"):
        if may_revise(user, review, application, now):
            return ALLOWED
    return decide


def may_revise(user: User, review: Review, application: Application, now: datetime) -> Verdict:
    """改判: the same office, on this round's standing opinion, until the next one or the trainee acts."""
    level = Level(review.level)
    if review.superseded_at is not None or review.submission.round != application.round:
        return no("只能改判本轮现行的意见")
    if user.pk == application.trainee_id or not _acts_for(
        user, application.reviewer(Stage(level.value)), level
    ):
        return no(f"由{application.reviewer(Stage(level.value))}改判")
    if _decided_elsewhere(user, application, level):
        return no("您已在另一级审核过这份申请，请由同事改判")
    if windows.of_level(application.season, Level.PROVINCE).has_ended(now):
        return no("审核窗口已截止，不能改判")
    return _untouched_since(review, application)


def _untouched_since(review: Review, application: Application) -> Verdict:
    expected = Stage.RETURNED
    if review.outcome == Outcome.PASS:
        expected = application.stage_after(Stage(review.level))
    if application.stage != expected or application.is_withdrawn:
        return no("下一级已经审核，不能改判")
    if application.claimed_at is not None:
        return no(f"{application.reviewer()}已开始审核，不能改判")
    if review.outcome == Outcome.FAIL and _changed_at(application) > review.decided_at:
        return no("学员已经开始修改，不能改判")
    return ALLOWED


def _changed_at(application: Application) -> datetime:
    """When the trainee last changed anything that a submission freezes."""
    changed: datetime = max(application.changed_at, application.trainee.profile.changed_at)
    return changed


def _may_review(user: User, application: Application, now: datetime) -> Verdict:
    if not application.is_under_review:
        return no(f"申请{application.stage_shown}，当前无需审核")
    if application.trainee_id == user.pk:
        return no("不能审核本人的申请")
    level = Level(application.stage)
    organisation = application.reviewer()
    if not _acts_for(user, organisation, level):
        return no(f"当前由{organisation}审核")
    if _decided_elsewhere(user, application, level):
        return no("您已在另一级审核过这份申请，请由同事审核")
    window = windows.to_decide(application, level, _own_window(application, level))
    if not window.has_begun(now):
        return no(f"{level.label}审核将于 {_moment(window.opens_at)} 开始")
    if window.has_ended(now):
        return no(f"{level.label}审核已于 {_moment(window.closes_at)} 截止")
    return ALLOWED


def may_keep_season(user: User, province: Organisation) -> Verdict:
    """考核年度 with its windows and exceptions: the province itself (domain §3)."""
    if not _acts_for(user, province, Level.PROVINCE):
        return no(f"考核年度由{province}设置")
    return ALLOWED


def may_extend(
    user: User, enrolment: Enrolment, season: Season, application: Application | None, now: datetime
) -> Verdict:
    """个人延期: the province, for another person, until its own window ends or the application is through."""
    if user.pk == enrolment.user_id:
        return no("不能给本人延期")
    if season.category != enrolment.category or season.province != enrolment.base.province:
        return no(f"{season}不适用于该学员的培训类别或省份")
    if not (verdict := may_keep_season(user, season.province)):
        return verdict
    if windows.of_level(season, Level.PROVINCE).has_ended(now):
        return no(f"省厅审核已于 {_moment(season.province_closes_at)} 截止，不能再延期")
    if application is not None and application.stage == Stage.APPROVED:
        return no("申请已审核通过，不需要延期")
    return ALLOWED


def _own_window(application: Application, level: Level) -> CityWindow | None:
    """What the province gave this city; only asked for where it matters."""
    if level != Level.CITY or application.round > 1:
        return None
    return CityWindow.objects.filter(season=application.season_id, city=application.city_id).first()


def _acts_for(user: User, organisation: Organisation, level: Level) -> bool:
    seats = Membership.objects.current().filter(user=user, organisation=organisation, role=REVIEWER_OF[level])
    return seats.exists()


def _decided_elsewhere(user: User, application: Application, level: Level) -> bool:
    """Nobody decides one application at two levels (domain §2)."""
    mine = Review.objects.filter(submission__application=application, reviewer=user)
    return mine.exclude(level=level).exists()


def _moment(value: datetime) -> str:
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}"


def _clock(value: datetime | None) -> str:
    return f"{timezone.localtime(value):%H:%M}" if value else ""
