"""A season's exceptions: a city's own window, and a trainee's own deadline (市州单独安排, 个人延期).

Adds two empty tables and a nullable column; under a second for 100 000 applications on SQLite.
"""

import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("completion", "0002_supplements"),
        ("organisations", "0001_initial"),
        ("training", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="extended_until",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="个人延期至"),
        ),
        migrations.CreateModel(
            name="CityWindow",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("opens_at", models.DateTimeField(verbose_name="市局审核开始")),
                ("closes_at", models.DateTimeField(verbose_name="市局审核截止")),
                (
                    "city",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                        verbose_name="市局",
                    ),
                ),
                (
                    "season",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="city_windows",
                        to="completion.season",
                        verbose_name="考核年度",
                    ),
                ),
            ],
            options={
                "verbose_name": "市州单独安排",
                "verbose_name_plural": "市州单独安排",
                "constraints": [
                    models.UniqueConstraint(fields=("season", "city"), name="one_window_per_city_and_season"),
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                        name="a_citys_window_ends_after_it_begins",
                        violation_error_message="市局审核的截止应晚于开始",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("closes_at", models.DateTimeField(verbose_name="延期至")),
                ("reason", models.CharField(max_length=200, verbose_name="原因与依据")),
                ("granted_at", models.DateTimeField(verbose_name="批准时间")),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extensions",
                        to="training.enrolment",
                        verbose_name="培训记录",
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="批准人",
                    ),
                ),
                (
                    "season",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extensions",
                        to="completion.season",
                        verbose_name="考核年度",
                    ),
                ),
            ],
            options={
                "verbose_name": "个人延期",
                "verbose_name_plural": "个人延期",
                "indexes": [
                    models.Index(
                        fields=["season", "enrolment", "-granted_at"], name="extensions_of_a_trainee"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="an_extension_has_a_reason",
                        violation_error_message="延期应写明原因与依据",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("granted_at"))),
                        name="an_extension_ends_after_it_is_granted",
                        violation_error_message="延期应晚于现在",
                    ),
                ],
            },
        ),
    ]
