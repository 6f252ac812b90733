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
