"""个人基本信息 field by field, in the guide's words and order (domain §4). Pure: a dossier in, rows out."""

from datetime import date

from zhupei.lib import months
from zhupei.training import fill_ratio
from zhupei.training.choices import WORKPLACE_LABELS, Degree, PersonType

from .dossier import Dossier

Row = tuple[str, str, str, bool]  # key, label, value as shown, mandatory


def sections(dossier: Dossier) -> list[tuple[str, list[Row]]]:
    """The parts of the page, of the snapshot and of the printed form."""
    return [
        ("基本信息", _person(dossier)),
        ("学历学位", _education(dossier)),
        ("医师资格与执业", _licence(dossier)),
        ("培训信息", _training(dossier)),
        ("登记与比例", _numbers(dossier)),
    ]


def _person(dossier: Dossier) -> list[Row]:
    user, profile = dossier.user, dossier.profile
    emergency = (profile.emergency_name, profile.emergency_relation, profile.emergency_phone)
    return [
        ("full_name", "姓名", user.full_name, True),
        ("sex", "性别", profile.get_sex_display(), True),
        ("id_kind", "证件类型", user.get_id_kind_display(), True),
        ("id_number", "证件号码", user.id_number, True),
        ("birth_date", "出生日期", _day(profile.birth_date), True),
        ("ethnic_group", "民族", profile.get_ethnic_group_display(), False),
        ("phone", "手机", user.phone, True),
        ("email", "邮箱", user.email, False),
        ("emergency_name", "紧急联系人", "，".join(part for part in emergency if part), False),
        ("politics", "政治面貌", profile.get_politics_display(), False),
        ("person_type", "人员类型", profile.get_person_type_display(), True),
        ("workplace", WORKPLACE_LABELS[PersonType(profile.person_type)], profile.workplace, True),
        ("is_fresh_graduate", "是否应届生", _yes_no(profile.is_fresh_graduate), False),
        ("is_oriented", "是否全科定向", _yes_no(profile.is_oriented), False),
        ("is_military", "是否军队人员", _yes_no(profile.is_military), False),
    ]


def _education(dossier: Dossier) -> list[Row]:
    best = dossier.highest
    if best is None:
        labels = ("最高学历", "最高学位", "毕业院校", "毕业专业", "毕业时间", "毕业证书编号")
        keys = ("level", "degree", "school", "major", "graduated_date", "diploma_number")
        return [(key, label, "", True) for key, label in zip(keys, labels, strict=True)]
    kind = f"（{best.get_degree_type_display()}）" if best.degree_type else ""
    return [
        ("level", "最高学历", best.get_level_display(), True),
        ("degree", "最高学位", best.get_degree_display() + kind, True),
        ("school", "毕业院校", best.school, True),
        ("major", "毕业专业", best.major, True),
        ("graduated_date", "毕业时间", _day(best.graduated_date), True),
        ("diploma_number", "毕业证书编号", best.diploma_number, True),
        ("degree_number", "学位证书编号", best.degree_number, best.degree != Degree.NONE),
    ]


def _licence(dossier: Dossier) -> list[Row]:
    licence = dossier.licence
    pending = licence.certificate_pending
    code = "暂无（以成绩单代替）" if pending else licence.certificate_code
    return [
        ("passed_exam", "通过资格考试", _yes_no(licence.passed_exam), True),
        ("passed_date", "通过时间", _day(licence.passed_date), True),
        ("qualified_date", "资格取得日期", _day(licence.qualified_date), not pending),
        ("licence_level", "级别", licence.get_level_display(), True),
        ("licence_category", "类别", licence.get_category_display(), True),
        ("certificate_code", "资格证书编码", code, True),
        ("practice_date", "执业取得日期", _day(licence.practice_date), False),
        ("practice_code", "执业证书编码", licence.practice_code, False),
        ("practice_category", "执业类型", licence.get_practice_category_display(), False),
        ("practice_scope", "执业范围", licence.practice_scope, False),
        ("practice_place", "执业地点", licence.practice_place, False),
    ]


def _training(dossier: Dossier) -> list[Row]:
    enrolment = dossier.enrolment
    reduced = "需要" if enrolment.years < 3 else "不需要"
    return [
        ("category", "培训类别", enrolment.get_category_display(), True),
        ("specialty", "培训专业", enrolment.specialty.name, True),
        ("base", "培训基地", enrolment.base.name, True),
        ("partner_base", "协同基地", enrolment.partner_base or "无", False),
        ("grade", "入培年级", str(enrolment.grade), True),
        ("years", "培训年限", f"{enrolment.years} 年", True),
        ("reduction", "减免证明", reduced, False),
        ("training_dates", "培训起止日期", f"{enrolment.start_date} 至 {enrolment.end_date}", True),
        ("completion_year", "结业考核年份", str(enrolment.completion_year), True),
        ("resit", "初考 / 补考", _resit(dossier), False),
    ]


def _numbers(dossier: Dossier) -> list[Row]:
    ratios = dossier.ratios
    register = dossier.application.get_register_status_display()
    return [
        ("register_status", "培训登记手册完成情况", register, True),
        ("months", "实际轮转时间（月）", months.plain(dossier.months), True),
        ("filled", "数据填写比例", fill_ratio.shown(ratios.filled), True),
        ("approved", "数据审核比例", fill_ratio.shown(ratios.approved), True),
    ]


def _resit(dossier: Dossier) -> str:
    enrolment = dossier.enrolment
    if not enrolment.is_resit:
        return "初考"
    passed = f"，已通过{enrolment.passed_part}" if enrolment.passed_part else ""
    return f"补考（{enrolment.first_exam_year} 年首考{passed}）"


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _yes_no(value: bool | None) -> str:
    return "" if value is None else "是" if value else "否"
