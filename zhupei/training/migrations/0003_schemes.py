"""Make room for schemes: departments in their order and what each requires. New tables only."""

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0001_initial"),
        ("training", "0002_unfinished_educations"),
    ]

    operations = [
        migrations.CreateModel(
            name="Scheme",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("grade_from", models.PositiveSmallIntegerField(verbose_name="适用年级起")),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="版本")),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                ("years", models.PositiveSmallIntegerField(default=3, verbose_name="培训年限")),
                ("total_months", models.DecimalField(decimal_places=1, max_digits=4, verbose_name="总月数")),
                ("is_sample", models.BooleanField(default=False, verbose_name="示例方案")),
                ("made_at", models.DateTimeField(verbose_name="建立时间")),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="开始使用时间")),
                (
                    "specialty",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="schemes",
                        to="organisations.specialty",
                        verbose_name="培训专业",
                    ),
                ),
            ],
            options={
                "verbose_name": "轮转方案",
                "verbose_name_plural": "轮转方案",
            },
        ),
        migrations.CreateModel(
            name="SchemeDepartment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="顺序")),
                ("name", models.CharField(max_length=50, verbose_name="轮转科室")),
                ("months", models.DecimalField(decimal_places=1, max_digits=4, verbose_name="月数")),
                ("elective_group", models.CharField(blank=True, max_length=30, verbose_name="选轮组")),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="departments",
                        to="training.scheme",
                        verbose_name="轮转方案",
                    ),
                ),
            ],
            options={
                "verbose_name": "方案科室",
                "verbose_name_plural": "方案科室",
            },
        ),
        migrations.CreateModel(
            name="Requirement",
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
                    "scheme_department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requirements",
                        to="training.schemedepartment",
                        verbose_name="方案科室",
                    ),
                ),
            ],
            options={
                "verbose_name": "应完成项",
                "verbose_name_plural": "应完成项",
            },
        ),
        migrations.AddConstraint(
            model_name="scheme",
            constraint=models.UniqueConstraint(
                fields=("specialty", "grade_from", "version"),
                name="one_scheme_per_version",
                violation_error_message="这个专业和年级已有同一版本的方案",
            ),
        ),
        migrations.AddConstraint(
            model_name="scheme",
            constraint=models.CheckConstraint(
                condition=models.Q(("years__gte", 1), ("years__lte", 3)),
                name="a_scheme_takes_one_to_three_years",
                violation_error_message="方案的培训年限应为 1、2 或 3 年",
            ),
        ),
        migrations.AddConstraint(
            model_name="scheme",
            constraint=models.CheckConstraint(
                condition=models.Q(("total_months__gt", 0)),
                name="a_scheme_takes_some_months",
                violation_error_message="方案的总月数应大于 0",
            ),
        ),
        migrations.AddConstraint(
            model_name="schemedepartment",
            constraint=models.UniqueConstraint(
                fields=("scheme", "number"), name="one_department_per_place_of_a_scheme"
            ),
        ),
        migrations.AddConstraint(
            model_name="schemedepartment",
            constraint=models.UniqueConstraint(
                fields=("scheme", "name"),
                name="one_department_per_name_of_a_scheme",
                violation_error_message="方案里已有这个科室",
            ),
        ),
        migrations.AddConstraint(
            model_name="schemedepartment",
            constraint=models.CheckConstraint(
                condition=models.Q(("months__gt", 0)),
                name="a_department_takes_some_months",
                violation_error_message="科室的月数应大于 0",
            ),
        ),
        migrations.AddConstraint(
            model_name="requirement",
            constraint=models.CheckConstraint(
                condition=models.Q(("indicator__in", ["case", "disease", "skill", "surgery"])),
                name="training_requirement_indicator_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="requirement",
            constraint=models.UniqueConstraint(
                fields=("scheme_department", "indicator", "item"),
                name="one_requirement_per_item",
                violation_error_message="科室里已有这个项目",
            ),
        ),
    ]
