"""The vocabulary of the review: stages, outcomes, reasons."""

from django.db import models

from zhupei.organisations.choices import Level


class Stage(models.TextChoices):
    """Where an application stands.

    The three review stages carry the values of ``Level``: an application at stage X is
    waiting for the organisation of level X, and nothing needs a mapping between the two.

        DRAFT ─submit─▶ BASE ─pass─▶ CITY ─pass─▶ PROVINCE ─pass─▶ APPROVED
                        ▲  │           │             │
                 submit │  ├───fail────┴────fail─────┤
                        │  withdraw                  ▼
                        └──────────────────────── RETURNED

    Without a city (免市局审核) BASE leads to PROVINCE.
    """

    DRAFT = "draft", "填写中"
    BASE = Level.BASE.value, "待基地审核"
    CITY = Level.CITY.value, "待市局审核"
    PROVINCE = Level.PROVINCE.value, "待省厅审核"
    RETURNED = "returned", "退回修改"
    APPROVED = "approved", "审核通过"


REVIEW_STAGES = (Stage.BASE, Stage.CITY, Stage.PROVINCE)
EDITABLE_STAGES = (Stage.DRAFT, Stage.RETURNED)


class Outcome(models.TextChoices):
    PASS = "pass", "通过"
    FAIL = "fail", "不通过"


class RegisterStatus(models.TextChoices):
    """培训登记手册完成情况 (第四步: the text of the guide says “完成”, its picture 已完成)."""

    DONE = "done", "已完成"
    UNDONE = "undone", "未完成"


class ReasonCode(models.TextChoices):
    """Why something was not passed (domain §9); the words are printed, the codes are for counting."""

    R01 = "R01", "资料不清晰"
    R02 = "R02", "证件不一致"
    R03 = "R03", "缺少出科考核表"
    R04 = "R04", "缺少出科小结"
    R05 = "R05", "缺签名"
    R06 = "R06", "签名日期异常"
    R07 = "R07", "照片不合格"
    R08 = "R08", "轮转时间不足"
    R09 = "R09", "数据不全"
    R10 = "R10", "医师资格未取得或编码错误"
    R11 = "R11", "学历学位信息有误"
    R12 = "R12", "执业范围不符"
    R13 = "R13", "登记手册未完成"
    R14 = "R14", "年限或减免依据不足"
    R15 = "R15", "结业考核年份错误"
    R99 = "R99", "其他"
