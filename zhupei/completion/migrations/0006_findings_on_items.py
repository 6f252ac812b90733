"""Findings on single items with a box in the picture, what a reviewer has noted, the trainee's answers.

``warnings`` of a former round reads 0 in the queue until the next one. A column on each finding and
application, three new tables; going back drops them with what they hold.
"""

import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("completion", "0005_stored_signatures"),
        ("files", "0003_machine_checks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("explanation", models.CharField(blank=True, max_length=500, verbose_name="学员说明")),
                ("changed", models.BooleanField(default=False, verbose_name="已改")),
            ],
            options={
                "verbose_name": "对问题的答复",
                "verbose_name_plural": "对问题的答复",
            },
        ),
        migrations.CreateModel(
            name="DraftFinding",
            fields=[
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("R01", "资料不清晰"),
                            ("R02", "证件不一致"),
                            ("R03", "缺少出科考核表"),
                            ("R04", "缺少出科小结"),
                            ("R05", "缺签名"),
                            ("R06", "签名日期异常"),
                            ("R07", "照片不合格"),
                            ("R08", "轮转时间不足"),
                            ("R09", "数据不全"),
                            ("R10", "医师资格未取得或编码错误"),
                            ("R11", "学历学位信息有误"),
                            ("R12", "执业范围不符"),
                            ("R13", "登记手册未完成"),
                            ("R14", "年限或减免依据不足"),
                            ("R15", "结业考核年份错误"),
                            ("R99", "其他"),
                        ],
                        max_length=3,
                        verbose_name="原因",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                ("item", models.CharField(blank=True, max_length=60, verbose_name="项目")),
                ("label", models.CharField(blank=True, max_length=200, verbose_name="项目名称")),
                ("box_left", models.FloatField(blank=True, null=True, verbose_name="框的左边")),
                ("box_top", models.FloatField(blank=True, null=True, verbose_name="框的上边")),
                ("box_right", models.FloatField(blank=True, null=True, verbose_name="框的右边")),
                ("box_bottom", models.FloatField(blank=True, null=True, verbose_name="框的下边")),
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
            options={
                "verbose_name": "记下的问题",
                "verbose_name_plural": "记下的问题",
            },
        ),
        migrations.CreateModel(
            name="Unlocking",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("item", models.CharField(max_length=60, verbose_name="项目")),
                ("label", models.CharField(max_length=200, verbose_name="项目名称")),
                ("unlocked_at", models.DateTimeField(verbose_name="解锁时间")),
            ],
            options={
                "verbose_name": "学员另要修改的项目",
                "verbose_name_plural": "学员另要修改的项目",
            },
        ),
        migrations.AddField(
            model_name="application",
            name="warnings",
            field=models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="机检提醒数"),
        ),
        migrations.AddField(
            model_name="finding",
            name="box_bottom",
            field=models.FloatField(blank=True, null=True, verbose_name="框的下边"),
        ),
        migrations.AddField(
            model_name="finding",
            name="box_left",
            field=models.FloatField(blank=True, null=True, verbose_name="框的左边"),
        ),
        migrations.AddField(
            model_name="finding",
            name="box_right",
            field=models.FloatField(blank=True, null=True, verbose_name="框的右边"),
        ),
        migrations.AddField(
            model_name="finding",
            name="box_top",
            field=models.FloatField(blank=True, null=True, verbose_name="框的上边"),
        ),
        migrations.AddField(
            model_name="finding",
            name="item",
            field=models.CharField(blank=True, max_length=60, verbose_name="项目"),
        ),
        migrations.AddField(
            model_name="finding",
            name="label",
            field=models.CharField(blank=True, max_length=200, verbose_name="项目名称"),
        ),
        migrations.AddField(
            model_name="finding",
            name="page",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="files.page",
                verbose_name="图片",
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("box_bottom", None), ("box_left", None), ("box_right", None), ("box_top", None)
                    ),
                    models.Q(
                        ("box_bottom__isnull", False),
                        ("box_bottom__lte", 1),
                        ("box_left__gte", 0),
                        ("box_left__isnull", False),
                        ("box_left__lt", models.F("box_right")),
                        ("box_right__isnull", False),
                        ("box_right__lte", 1),
                        ("box_top__gte", 0),
                        ("box_top__isnull", False),
                        ("box_top__lt", models.F("box_bottom")),
                        ("page__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="finding_box_is_inside_the_picture",
                violation_error_message="框超出了图片，请重新画",
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(("page", None), models.Q(("item", ""), _negated=True), _connector="OR"),
                name="finding_of_a_page_names_its_item",
                violation_error_message="图片上的问题应指明项目",
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="finding",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answer",
                to="completion.finding",
                verbose_name="问题",
            ),
        ),
        migrations.AddField(
            model_name="answer",
            name="submission",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answers",
                to="completion.submission",
                verbose_name="提交",
            ),
        ),
        migrations.AddField(
            model_name="draftfinding",
            name="page",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="files.page",
                verbose_name="图片",
            ),
        ),
        migrations.AddField(
            model_name="draftfinding",
            name="reviewer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="审核人",
            ),
        ),
        migrations.AddField(
            model_name="draftfinding",
            name="submission",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="draft_findings",
                to="completion.submission",
                verbose_name="提交",
            ),
        ),
        migrations.AddField(
            model_name="unlocking",
            name="submission",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="unlockings",
                to="completion.submission",
                verbose_name="提交",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("changed", True), models.Q(("explanation", ""), _negated=True), _connector="OR"
                ),
                name="an_answer_is_a_change_or_an_explanation",
                violation_error_message="请写明情况，或改好这一项",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(("changed", False), ("submission__isnull", False), _connector="OR"),
                name="a_change_is_stated_by_a_round",
                violation_error_message="改动以提交为准",
            ),
        ),
        migrations.AddConstraint(
            model_name="draftfinding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "code__in",
                        [
                            "R01",
                            "R02",
                            "R03",
                            "R04",
                            "R05",
                            "R06",
                            "R07",
                            "R08",
                            "R09",
                            "R10",
                            "R11",
                            "R12",
                            "R13",
                            "R14",
                            "R15",
                            "R99",
                        ],
                    )
                ),
                name="completion_draftfinding_code_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="draftfinding",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("box_bottom", None), ("box_left", None), ("box_right", None), ("box_top", None)
                    ),
                    models.Q(
                        ("box_bottom__isnull", False),
                        ("box_bottom__lte", 1),
                        ("box_left__gte", 0),
                        ("box_left__isnull", False),
                        ("box_left__lt", models.F("box_right")),
                        ("box_right__isnull", False),
                        ("box_right__lte", 1),
                        ("box_top__gte", 0),
                        ("box_top__isnull", False),
                        ("box_top__lt", models.F("box_bottom")),
                        ("page__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="draftfinding_box_is_inside_the_picture",
                violation_error_message="框超出了图片，请重新画",
            ),
        ),
        migrations.AddConstraint(
            model_name="draftfinding",
            constraint=models.CheckConstraint(
                condition=models.Q(("page", None), models.Q(("item", ""), _negated=True), _connector="OR"),
                name="draftfinding_of_a_page_names_its_item",
                violation_error_message="图片上的问题应指明项目",
            ),
        ),
        migrations.AddConstraint(
            model_name="unlocking",
            constraint=models.UniqueConstraint(
                fields=("submission", "item"), name="an_item_is_unlocked_once_a_round"
            ),
        ),
    ]
