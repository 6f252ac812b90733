"""Keep what a rotation requires item by item, and who was absent when. New tables only."""

import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("training", "0005_fill_department_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Leave",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("personal", "事假"),
                            ("sick", "病假"),
                            ("maternity", "产假"),
                            ("marriage", "婚假"),
                            ("absent", "旷工"),
                        ],
                        max_length=10,
                        verbose_name="种类",
                    ),
                ),
                ("first_date", models.DateField(verbose_name="开始日期")),
                ("last_date", models.DateField(verbose_name="结束日期")),
                ("days", models.DecimalField(decimal_places=1, max_digits=4, verbose_name="天数")),
                ("extends_days", models.PositiveSmallIntegerField(default=0, verbose_name="顺延天数")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登记人",
                    ),
                ),
                (
                    "rotation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leaves",
                        to="training.rotation",
                        verbose_name="轮转",
                    ),
                ),
            ],
            options={
                "verbose_name": "请假",
                "verbose_name_plural": "请假",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["personal", "sick", "maternity", "marriage", "absent"])
                        ),
                        name="training_leave_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("last_date__gte", models.F("first_date"))),
                        name="leave_ends_after_it_begins",
                        violation_error_message="请假结束日期不能早于开始日期",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days__gt", 0)),
                        name="leave_takes_some_days",
                        violation_error_message="请假天数应大于 0",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RotationRequirement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="顺序")),
                (
                    "indicator",
                    models.CharField(
                        choices=[
                            ("case", "完成病历数"),
                            ("disease", "管理病种数"),
                            ("skill", "完成操作数"),
                            ("surgery", "参加手术数"),
                        ],
                        max_length=10,
                        verbose_name="指标",
                    ),
                ),
                ("item", models.CharField(blank=True, max_length=100, verbose_name="项目")),
                ("required", models.PositiveIntegerField(verbose_name="应完成")),
                (
                    "rotation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requirements",
                        to="training.rotation",
                        verbose_name="轮转",
                    ),
                ),
            ],
            options={
                "verbose_name": "轮转应完成项",
                "verbose_name_plural": "轮转应完成项",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("indicator__in", ["case", "disease", "skill", "surgery"])),
                        name="training_rotationrequirement_indicator_known",
                    ),
                    models.UniqueConstraint(
                        fields=("rotation", "indicator", "item"),
                        name="one_requirement_per_item_of_a_rotation",
                        violation_error_message="轮转里已有这个项目",
                    ),
                ],
            },
        ),
    ]
