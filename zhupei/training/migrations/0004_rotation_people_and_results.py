"""Say of a rotation who teaches and heads it, how it ended, and whether it was brought from elsewhere.

On SQLite the table is copied once for the columns and once a constraint; 10 s for 100 000 rows (two shared cores).
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0001_initial"),
        ("training", "0003_schemes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="rotation",
            name="closed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="出科时间"),
        ),
        migrations.AddField(
            model_name="rotation",
            name="department_name",
            field=models.CharField(default="", max_length=50, verbose_name="科室名称"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="rotation",
            name="exempted_reason",
            field=models.CharField(blank=True, max_length=200, verbose_name="免轮原因"),
        ),
        migrations.AddField(
            model_name="rotation",
            name="head",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="headed_rotations",
                to=settings.AUTH_USER_MODEL,
                verbose_name="科主任",
            ),
        ),
        migrations.AddField(
            model_name="rotation",
            name="imported_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="历史数据导入时间"),
        ),
        migrations.AddField(
            model_name="rotation",
            name="nudged_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="催办时间"),
        ),
        migrations.AddField(
            model_name="rotation",
            name="result",
            field=models.CharField(
                blank=True,
                choices=[("pass", "通过"), ("fail", "不通过")],
                max_length=4,
                verbose_name="出科结论",
            ),
        ),
        migrations.AddField(
            model_name="rotation",
            name="scheme_department",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rotations",
                to="training.schemedepartment",
                verbose_name="方案科室",
            ),
        ),
        migrations.AddField(
            model_name="rotation",
            name="teacher",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="taught_rotations",
                to=settings.AUTH_USER_MODEL,
                verbose_name="带教老师",
            ),
        ),
        migrations.AddIndex(
            model_name="rotation",
            index=models.Index(fields=["teacher", "end_date"], name="rotations_of_a_teacher"),
        ),
        migrations.AddIndex(
            model_name="rotation",
            index=models.Index(fields=["department", "end_date"], name="rotations_of_a_department"),
        ),
        migrations.AddConstraint(
            model_name="rotation",
            constraint=models.CheckConstraint(
                condition=models.Q(("result__in", ["pass", "fail", ""])),
                name="training_rotation_result_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="rotation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("teacher", None),
                    ("head", None),
                    models.Q(("teacher", models.F("head")), _negated=True),
                    _connector="OR",
                ),
                name="teacher_and_head_are_two_people",
                violation_error_message="同一轮转的带教老师和科主任不能是同一个人",
            ),
        ),
        migrations.AddConstraint(
            model_name="rotation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("result", "")),
                    models.Q(("closed_at__isnull", False), models.Q(("result", ""), _negated=True)),
                    _connector="OR",
                ),
                name="a_closed_rotation_has_a_result",
                violation_error_message="出科应有结论和时间",
            ),
        ),
        migrations.AddConstraint(
            model_name="rotation",
            constraint=models.CheckConstraint(
                condition=models.Q(("exempted_at", None), ("closed_at", None), _connector="OR"),
                name="an_exempted_rotation_is_not_closed",
                violation_error_message="减免的轮转不出科",
            ),
        ),
    ]
