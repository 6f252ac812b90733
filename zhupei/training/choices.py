"""The vocabulary of a person's record and training (domain §4)."""

import json
from pathlib import Path

from django.db import models

_DATA = Path(__file__).parent / "data"


def _code_list(name: str) -> list[tuple[str, str]]:
    rows = json.loads((_DATA / name).read_text(encoding="utf-8"))
    return [(row["code"], row["name"]) for row in rows]


ETHNIC_GROUPS = _code_list("ethnic_gb3304.json")  # 民族, GB/T 3304
POLITICS = _code_list("politics_gb4762.json")  # 政治面貌, GB/T 4762


class Sex(models.TextChoices):
    MALE = "male", "男"
    FEMALE = "female", "女"


class PersonType(models.TextChoices):
    """人员类型; which employer or school is asked for depends on it."""

    OWN_STAFF = "own", "本单位人"
    SENT = "sent", "委培单位人"
    SOCIAL = "social", "社会人"
    STUDENT = "student", "四证合一（在校专硕）"


# How 工作单位 is called for each type.
WORKPLACE_LABELS = {
    PersonType.OWN_STAFF: "工作单位",
    PersonType.SENT: "委培单位",
    PersonType.SOCIAL: "工作单位",
    PersonType.STUDENT: "在读院校",
}


class SchoolLevel(models.TextChoices):
    """学历, GB/T 4658, highest first."""

    DOCTOR = "doctor", "博士研究生"
    MASTER = "master", "硕士研究生"
    BACHELOR = "bachelor", "大学本科"
    COLLEGE = "college", "大学专科"


class Degree(models.TextChoices):
    """学位, GB/T 6864."""

    DOCTOR = "doctor", "博士"
    MASTER = "master", "硕士"
    BACHELOR = "bachelor", "学士"
    NONE = "none", "无学位"


class DegreeType(models.TextChoices):
    PROFESSIONAL = "professional", "专业型"
    SCIENTIFIC = "scientific", "科学型"


class LicenceLevel(models.TextChoices):
    PHYSICIAN = "physician", "执业医师"
    ASSISTANT = "assistant", "执业助理医师"


class LicenceCategory(models.TextChoices):
    CLINICAL = "clinical", "临床"
    DENTAL = "dental", "口腔"
    PUBLIC_HEALTH = "public", "公共卫生"
    CHINESE = "chinese", "中医"


class TrainingCategory(models.TextChoices):
    RESIDENT = "resident", "住院医师"
    ASSISTANT = "assistant", "助理全科"


class DocumentKind(models.TextChoices):
    """证照 of a person, shared by all applications; the portrait among them."""

    PORTRAIT = "portrait", "电子照片"
    ID_FRONT = "id_front", "有效身份证（人像面）"
    ID_BACK = "id_back", "有效身份证（国徽面）"
    DIPLOMA = "diploma", "最高学历毕业证"
    DEGREE = "degree", "学位证书"
    LICENCE = "licence", "医师资格证书或成绩单"
    PRACTICE = "practice", "医师执业证书"
    REDUCTION = "reduction", "年限减免证明"
    COMMISSION = "commission", "委培单位证明"
    EXTENSION = "extension", "延期批件"


class PaperKind(models.TextChoices):
    """The two signed papers of a rotation (第六步)."""

    SUMMARY = "summary", "出科小结"
    ASSESSMENT = "assessment", "出科考核表"


class Indicator(models.TextChoices):
    """临床实践指标, in the order of the 出科考核表."""

    CASE = "case", "完成病历数"
    DISEASE = "disease", "管理病种数"
    SKILL = "skill", "完成操作数"
    SURGERY = "surgery", "参加手术数"


class RotationStage(models.TextChoices):
    """Where a rotation stands. No column: dates say the first three, what was decided the others.

    PLANNED ─first day─▶ RUNNING ─last day is over─▶ LEAVING ─confirm─▶ LEFT or FAILED
                                                        ▲                  │
                                                        └──────reopen──────┘
    """

    PLANNED = "planned", "待入科"
    RUNNING = "running", "轮转中"
    LEAVING = "leaving", "待出科"
    LEFT = "left", "已出科"
    FAILED = "failed", "未出科"
    EXEMPT = "exempt", "减免"


class Overall(models.TextChoices):
    """总体评价 of a department on a rotation."""

    PASS = "pass", "通过"
    FAIL = "fail", "不通过"


class Consent(models.TextChoices):
    """同意出科."""

    YES = "yes", "是"
    NO = "no", "否"


class Party(models.TextChoices):
    """Whose turn it is in a rotation."""

    TRAINEE = "trainee", "学员"
    TEACHER = "teacher", "带教老师"
    HEAD = "head", "科主任"


class LeaveKind(models.TextChoices):
    """Of 考勤, in the order of the 出科考核表."""

    PERSONAL = "personal", "事假"
    SICK = "sick", "病假"
    MATERNITY = "maternity", "产假"
    MARRIAGE = "marriage", "婚假"
    ABSENT = "absent", "旷工"


class EntryStage(models.TextChoices):
    """Where a 登记 stands, of a case and of an activity alike.

    DRAFT ─submit─▶ PENDING ─approve─▶ APPROVED
      ▲                │ │
      └────withdraw────┘ └─return─▶ RETURNED ─submit─▶ PENDING
    """

    DRAFT = "draft", "草稿"
    PENDING = "pending", "待审核"
    APPROVED = "approved", "已通过"
    RETURNED = "returned", "已退回"


class Diagnosis(models.TextChoices):
    """诊断类型 of a 大病历."""

    PRIMARY = "primary", "主要诊断"
    SECONDARY = "secondary", "次要诊断"
    PARALLEL = "parallel", "并行诊断"


class Setting(models.TextChoices):
    """Where a 病种 was met."""

    CLINIC = "clinic", "门诊"
    EMERGENCY = "emergency", "急诊"
    WARD = "ward", "病房"


class OperatorRole(models.TextChoices):
    """What the trainee was: 术者/助手 of a 操作, 术者/一助/二助 of a 手术."""

    OPERATOR = "operator", "术者"
    ASSISTANT = "assistant", "助手"
    FIRST = "first", "一助"
    SECOND = "second", "二助"


OF_SKILL = (OperatorRole.OPERATOR, OperatorRole.ASSISTANT)
OF_SURGERY = (OperatorRole.OPERATOR, OperatorRole.FIRST, OperatorRole.SECOND)


class Anaesthesia(models.TextChoices):
    """麻醉 of a 手术."""

    GENERAL = "general", "全身麻醉"
    SPINAL = "spinal", "椎管内麻醉"
    BLOCK = "block", "神经阻滞麻醉"
    LOCAL = "local", "局部麻醉"
    COMBINED = "combined", "复合麻醉"
    NONE = "none", "无麻醉"


class ActivityKind(models.TextChoices):
    """形式 of a 教学活动; the first four stand on the 出科考核表."""

    ROUND = "round", "教学查房"
    DISCUSSION = "discussion", "疑难、危重病例讨论"
    LECTURE = "lecture", "学术讲座"
    DEATH = "death", "死亡病例讨论"
    LESSON = "lesson", "教学小讲课"
    OTHER = "other", "其他"


ON_THE_FORM = (ActivityKind.ROUND, ActivityKind.DISCUSSION, ActivityKind.LECTURE, ActivityKind.DEATH)


class NotCounted(models.TextChoices):
    """Why a 登记 does not count toward 应完成 (domain §6)."""

    DRAFT = "draft", "草稿，未提交"
    RETURNED = "returned", "已退回"
    OUTSIDE = "outside", "轮转日期之外"
    DUPLICATE = "duplicate", "重复"
    UNLISTED = "unlisted", "不在应完成项目内"
    SURPLUS = "surplus", "超出应完成数"
    PENDING = "pending", "未审核"


# How the kinds of 登记 are called where one writes and approves them, activities among them.
ACTIVITY = "activity"
LOG_KINDS: dict[str, str] = {
    Indicator.CASE: "大病历",
    Indicator.DISEASE: "病种",
    Indicator.SKILL: "操作",
    Indicator.SURGERY: "手术",
    ACTIVITY: "活动",
}
