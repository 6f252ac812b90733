"""The vocabulary of places and offices."""

from django.db import models


class Level(models.TextChoices):
    BASE = "base", "基地"
    CITY = "city", "市局"
    PROVINCE = "province", "省厅"


class Track(models.TextChoices):
    """培训类别 of a specialty's catalogue."""

    WESTERN = "western", "西医"
    ASSISTANT = "assistant", "助理全科"


class Role(models.TextChoices):
    """What one does for an organisation (domain §3). A trainee needs none: an enrolment makes one."""

    TEACHER = "teacher", "带教老师"
    HEAD = "head", "科主任"
    SECRETARY = "secretary", "教学秘书"
    BASE = "base", "基地管理员"
    CITY = "city", "市局"
    PROVINCE = "province", "省厅"
    SUPPORT = "support", "客服"
    ADMIN = "admin", "系统管理员"


# The role that reviews for an organisation carries the name of its level.
REVIEWER_OF = {Level.BASE: Role.BASE, Level.CITY: Role.CITY, Level.PROVINCE: Role.PROVINCE}
LEVEL_OF: dict[str, Level] = {
    Role.TEACHER: Level.BASE,
    Role.HEAD: Level.BASE,
    Role.SECRETARY: Level.BASE,
    Role.BASE: Level.BASE,
    Role.CITY: Level.CITY,
    Role.PROVINCE: Level.PROVINCE,
    Role.SUPPORT: Level.PROVINCE,
    Role.ADMIN: Level.PROVINCE,
}
