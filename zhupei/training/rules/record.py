"""Who may change what is known of a trainee."""

from zhupei.accounts.models import User
from zhupei.lib.verdicts import ALLOWED, Verdict, no
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Membership

from ..choices import DocumentKind
from ..models import Enrolment, Profile


def may_edit_record(user: User, owner: User) -> Verdict:
    """Fields marked T in domain §4: the trainee, nobody else."""
    return ALLOWED if user.pk == owner.pk else no("只有学员本人可以填写个人中心")


def may_change_documents(user: User, profile: Profile, kind: DocumentKind | str) -> Verdict:
    """The trainee, while no application is under review: reviewers and paper must show the same.

    After a return that names single items only those of them, and what the trainee asked for besides.
    """
    if user.pk != profile.user_id:
        return no("只有学员本人可以上传")
    if profile.locked_at is not None and kind not in profile.open_kinds:
        if profile.open_kinds:
            return no("这一份没有被退回，未解锁；如要更换，请到考核申请的审核状态点“我还要改这一项”")
        return no("申请审核中，证照与电子照片已锁定；退回修改或撤回后可以更换")
    return ALLOWED


def may_correct(user: User, enrolment: Enrolment) -> Verdict:
    """Fields marked B in domain §4: a base admin of the trainee's base, but not on the own record."""
    if user.pk == enrolment.user_id:
        return no("不能修改本人的培训记录，请由本基地其他管理员办理")
    if enrolment.base_id not in _bases_of(user):
        return no(f"由{enrolment.base}的基地管理员维护")
    return ALLOWED


def _bases_of(user: User) -> set[object]:
    return set(Membership.objects.where(user, Role.BASE).values_list("organisation_id", flat=True))
