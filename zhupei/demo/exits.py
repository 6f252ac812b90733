"""How the exit forms of a rotation came to where they are: a story is a row of steps, all real actions."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from zhupei.accounts.models import User
from zhupei.files import intake
from zhupei.imaging.signature import SIGNATURE, cut_out
from zhupei.organisations.choices import Role
from zhupei.organisations.models import Membership
from zhupei.training import actions as training
from zhupei.training.choices import Consent, Overall
from zhupei.training.models import Rotation, StoredSignature

from .print import handwriting

Step = Callable[[Rotation], None]

PERSONAL = """\
在科室轮转四个月，跟随带教老师管理膝骨关节炎、股骨头坏死和人工关节置换围术期的病人，完成了方案要求的病历和病种，\
参加关节置换和关节镜手术。掌握了关节外科的体格检查、阅片和围术期处理，了解了假体选择和快速康复的原则。

不足：关节镜下操作还不熟练，术后并发症的识别经验不多，以后要多看、多总结。"""
OF_TEACHER = "工作认真，病历书写规范，能独立管理常见病种，手术配合到位。"
OF_TEACHER_FAILED = "登记不完整，手术例数不足，技能考核未达到要求，建议延长轮转后重新考核。"
OF_HEAD = "同意带教老师的评价。"
SCORES: dict[str, Any] = {
    "theory_score": Decimal(88),
    "skill_name": "膝关节穿刺",
    "skill_score": Decimal("92.5"),
    "examiner_1": "罗文澜",
    "examiner_2": "孙砚",
    "overall": Overall.PASS,
}
FAILED = SCORES | {"theory_score": Decimal(61), "skill_score": Decimal(52), "overall": Overall.FAIL}


def _submit(rotation: Rotation) -> None:
    training.submit_summary(rotation, by=rotation.enrolment.user, text=PERSONAL)


def _appraise(rotation: Rotation) -> None:
    training.appraise_summary(rotation, by=_signer(rotation.teacher), text=OF_TEACHER)


def _appraise_on_behalf(rotation: Rotation) -> None:
    """代填, by 教学秘书."""
    secretary = Membership.objects.get(department=rotation.department_id, role=Role.SECRETARY).user
    training.appraise_summary(rotation, by=secretary, text=OF_TEACHER)


def _appraise_badly(rotation: Rotation) -> None:
    training.appraise_summary(rotation, by=_signer(rotation.teacher), text=OF_TEACHER_FAILED)


def _conclude(rotation: Rotation) -> None:
    training.conclude_summary(rotation, by=_signer(rotation.head), text=OF_HEAD, agrees=Consent.YES)


def _disagree(rotation: Rotation) -> None:
    training.conclude_summary(rotation, by=_signer(rotation.head), text=OF_HEAD, agrees=Consent.NO)


def _fill(scores: dict[str, Any], grade: int) -> Step:
    """Every item is rated with the ``grade``-th of its scale, 0 is the best."""

    def step(rotation: Rotation) -> None:
        template = training.template_in_force(rotation.enrolment.base)
        ratings = {item.pk: item.choices[grade] for item in template.items.all()}
        training.fill_assessment(rotation, by=_signer(rotation.teacher), ratings=ratings, **scores)

    return step


def _confirm(rotation: Rotation) -> None:
    training.confirm_assessment(rotation, by=_signer(rotation.head))


def _sign_all(rotation: Rotation) -> None:
    """From the appraisal to the confirmation, everybody with a stored signature."""
    teacher, head = _signer(rotation.teacher), _signer(rotation.head)
    for person in (teacher, head):
        if not StoredSignature.objects.of(person).exists():
            drawn = intake.keep(cut_out(handwriting.as_png(person.full_name)), SIGNATURE, name="签名.png")
            training.keep_signature(drawn, by=person)
    training.appraise_summary(rotation, by=teacher, text=OF_TEACHER, sign=True)
    rotation = Rotation.objects.with_exit().get(pk=rotation.pk)
    training.conclude_summary(rotation, by=head, text=OF_HEAD, agrees=Consent.YES, sign=True)
    template = training.template_in_force(rotation.enrolment.base)
    ratings = {item.pk: item.choices[0] for item in template.items.all()}
    training.fill_assessment(rotation, by=teacher, ratings=ratings, sign=True, **SCORES)
    rotation = Rotation.objects.with_exit().get(pk=rotation.pk)
    training.confirm_assessment(rotation, by=head, sign=True)


def _signer(person: User | None) -> User:
    if person is None:
        raise LookupError("nobody is assigned")
    return person


STORIES: dict[str, tuple[Step, ...]] = {
    "leaving-teacher": (_submit,),
    "leaving-head": (_submit, _appraise_on_behalf),
    "leaving-confirm": (_submit, _appraise, _conclude, _fill(SCORES, 0)),
    "signed": (_submit, _sign_all),
    "left": (_submit, _appraise, _conclude, _fill(SCORES, 0), _confirm),
    "failed": (_submit, _appraise_badly, _disagree, _fill(FAILED, 2), _confirm),
}
