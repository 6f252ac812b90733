"""What the desks may do for a trainee (domain §3), given where the application is. Every rule only reads."""

from zhupei.accounts.models import User
from zhupei.completion.choices import Stage
from zhupei.completion.models import Application
from zhupei.lib.verdicts import ALLOWED, Verdict, no
from zhupei.organisations import rules as organisations
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Membership
from zhupei.training.models import Enrolment

BEYOND_THE_BASE = (Stage.CITY, Stage.PROVINCE, Stage.APPROVED)


def may_reset_password(user: User, enrolment: Enrolment) -> Verdict:
    """重置密码: a base admin of the trainee's base, or 客服; never one's own.

    Never, either, of a trainee who holds an office beside it that is not theirs to look after.
    """
    if user.pk == enrolment.user_id:
        return no(organisations.OWN)
    seats = list(Membership.objects.of(enrolment.user))
    if _acts_as(user, Role.BASE, enrolment):
        return organisations.stands_above(user, seats)
    if not _acts_as(user, Role.SUPPORT, enrolment):
        return no(f"由{enrolment.base}的基地管理员或平台客服重置")
    if seats:
        return no(f"该学员也是{seats[0].organisation}{seats[0].get_role_display()}，密码由系统管理员重置")
    return ALLOWED


def may_change_year(user: User, enrolment: Enrolment, application: Application | None) -> Verdict:
    """结业考核年份: the base until the application is with the city; 客服 and 省厅 until it is approved.

    Never one's own.
    """
    if user.pk == enrolment.user_id:
        return no("不能修改本人的结业考核年份")
    if application is not None and application.stage == Stage.APPROVED:
        return no("申请已审核通过，结业考核年份不能再修改")
    if _acts_as(user, Role.SUPPORT, enrolment) or _acts_as(user, Role.PROVINCE, enrolment):
        return ALLOWED
    if not _acts_as(user, Role.BASE, enrolment):
        return no(f"由{enrolment.base}的基地管理员或平台客服修改")
    if application is not None and application.stage in BEYOND_THE_BASE:
        return no(f"申请{application.get_stage_display()}，结业考核年份请联系省厅或平台客服修改")
    return ALLOWED


def needs_note(user: User, enrolment: Enrolment) -> bool:
    """Whoever is not of the trainee's base says on whose call it was done (工单号或说明)."""
    return not _acts_as(user, Role.BASE, enrolment)


def office_of(user: User, enrolment: Enrolment) -> str:
    """In whose name ``user`` acts for the trainee, as the trainee is told."""
    if _acts_as(user, Role.BASE, enrolment):
        return str(enrolment.base)
    return "平台客服" if _acts_as(user, Role.SUPPORT, enrolment) else str(enrolment.base.province)


def _acts_as(user: User, role: Role, enrolment: Enrolment) -> bool:
    """Today, in ``role``, for the trainee's base or for the province above it."""
    organisation = enrolment.base if role == Role.BASE else enrolment.base.province
    return Membership.objects.current().filter(user=user, role=role, organisation=organisation).exists()
