"""The vocabulary of people: the kinds of identity document."""

from django.db import models

from zhupei.lib.id_number import Kind


class IdKind(models.TextChoices):
    """证件类型; the values are those of ``lib.id_number``, which knows how each is checked."""

    RESIDENT = Kind.RESIDENT.value, "居民身份证"
    OFFICER = Kind.OFFICER.value, "军官证"
    PASSPORT = Kind.PASSPORT.value, "护照"
    HK_MACAO_PERMIT = Kind.HK_MACAO_PERMIT.value, "港澳居民来往内地通行证"
    TAIWAN_PERMIT = Kind.TAIWAN_PERMIT.value, "台湾居民来往大陆通行证"
    RESIDENCE_PERMIT = Kind.RESIDENCE_PERMIT.value, "港澳台居民居住证"
    FOREIGN_PERMANENT = Kind.FOREIGN_PERMANENT.value, "外国人永久居留身份证"
