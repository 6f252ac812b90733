"""Make room for the logbook: cases and activities with their approval. New tables only."""

import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("training", "0008_fill_tallies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Activity",
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
                            ("round", "教学查房"),
                            ("discussion", "疑难、危重病例讨论"),
                            ("lecture", "学术讲座"),
                            ("death", "死亡病例讨论"),
                            ("lesson", "教学小讲课"),
                            ("other", "其他"),
                        ],
                        max_length=10,
                        verbose_name="形式",
                    ),
                ),
                ("topic", models.CharField(blank=True, max_length=100, verbose_name="主题")),
                ("happened_date", models.DateField(verbose_name="日期")),
                ("hours", models.DecimalField(decimal_places=1, max_digits=4, verbose_name="学时")),
                ("speaker", models.CharField(max_length=50, verbose_name="主讲人")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("pending", "待审核"),
                            ("approved", "已通过"),
                            ("returned", "已退回"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("written_at", models.DateTimeField(verbose_name="填写时间")),
                ("changed_at", models.DateTimeField(verbose_name="最近改动")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="提交时间")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="审核时间")),
                ("return_reason", models.CharField(blank=True, max_length=200, verbose_name="退回原因")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审核人",
                    ),
                ),
                (
                    "rotation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="activities",
                        to="training.rotation",
                        verbose_name="轮转",
                    ),
                ),
                (
                    "teacher",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="带教老师",
                    ),
                ),
                (
                    "trainee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="activities",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="学员",
                    ),
                ),
            ],
            options={
                "verbose_name": "教学活动",
                "verbose_name_plural": "教学活动",
                "indexes": [
                    models.Index(
                        condition=models.Q(("stage", "pending")),
                        fields=["teacher", "submitted_at", "id"],
                        name="activities_awaiting_a_teacher",
                    ),
                    models.Index(fields=["rotation", "-happened_date"], name="activities_of_a_rotation"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["round", "discussion", "lecture", "death", "lesson", "other"])
                        ),
                        name="training_activity_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stage__in", ["draft", "pending", "approved", "returned"])),
                        name="training_activity_stage_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("hours__gt", 0), ("hours__lte", 24)),
                        name="an_activity_takes_a_part_of_a_day",
                        violation_error_message="学时应大于 0，不超过 24",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("speaker", ""), _negated=True),
                        name="an_activity_has_a_speaker",
                        violation_error_message="请填写主讲人",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("return_reason", ""),
                                ("stage", "draft"),
                                ("submitted_at", None),
                                ("decided_at", None),
                                ("decided_by", None),
                            ),
                            models.Q(
                                ("return_reason", ""),
                                ("stage", "pending"),
                                ("submitted_at__isnull", False),
                                ("decided_at", None),
                                ("decided_by", None),
                            ),
                            models.Q(
                                ("return_reason", ""),
                                ("stage", "approved"),
                                ("submitted_at__isnull", False),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            models.Q(
                                ("stage", "returned"),
                                models.Q(("return_reason", ""), _negated=True),
                                ("submitted_at__isnull", False),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="an_activity_is_decided_coherently",
                        violation_error_message="登记的状态、提交和审核不一致",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("trainee")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_approves_the_own_activity",
                        violation_error_message="不能审核本人的登记",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LogEntry",
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
                            ("case", "完成病历数"),
                            ("disease", "管理病种数"),
                            ("skill", "完成操作数"),
                            ("surgery", "参加手术数"),
                        ],
                        max_length=10,
                        verbose_name="种类",
                    ),
                ),
                ("item", models.CharField(max_length=100, verbose_name="项目名称")),
                ("happened_date", models.DateField(verbose_name="日期")),
                (
                    "diagnosis",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("primary", "主要诊断"),
                            ("secondary", "次要诊断"),
                            ("parallel", "并行诊断"),
                        ],
                        max_length=10,
                        verbose_name="诊断类型",
                    ),
                ),
                ("treatment", models.CharField(blank=True, max_length=500, verbose_name="诊疗措施")),
                (
                    "setting",
                    models.CharField(
                        blank=True,
                        choices=[("clinic", "门诊"), ("emergency", "急诊"), ("ward", "病房")],
                        max_length=10,
                        verbose_name="门诊/急诊/病房",
                    ),
                ),
                ("was_in_charge", models.BooleanField(blank=True, null=True, verbose_name="是否主管")),
                ("was_rescue", models.BooleanField(blank=True, null=True, verbose_name="是否抢救")),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("operator", "术者"),
                            ("assistant", "助手"),
                            ("first", "一助"),
                            ("second", "二助"),
                        ],
                        max_length=10,
                        verbose_name="术者/助手",
                    ),
                ),
                ("succeeded", models.BooleanField(blank=True, null=True, verbose_name="是否成功")),
                (
                    "anaesthesia",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("general", "全身麻醉"),
                            ("spinal", "椎管内麻醉"),
                            ("block", "神经阻滞麻醉"),
                            ("local", "局部麻醉"),
                            ("combined", "复合麻醉"),
                            ("none", "无麻醉"),
                        ],
                        max_length=10,
                        verbose_name="麻醉",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="备注")),
                ("patient_name", models.CharField(blank=True, max_length=10, verbose_name="患者")),
                (
                    "patient_hash",
                    models.CharField(blank=True, editable=False, max_length=64, verbose_name="病历号散列"),
                ),
                ("patient_tail", models.CharField(blank=True, max_length=4, verbose_name="病历号后四位")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("draft", "草稿"),
                            ("pending", "待审核"),
                            ("approved", "已通过"),
                            ("returned", "已退回"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("written_at", models.DateTimeField(verbose_name="填写时间")),
                ("changed_at", models.DateTimeField(verbose_name="最近改动")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="提交时间")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="审核时间")),
                ("return_reason", models.CharField(blank=True, max_length=200, verbose_name="退回原因")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="审核人",
                    ),
                ),
                (
                    "requirement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="training.rotationrequirement",
                        verbose_name="应完成项",
                    ),
                ),
                (
                    "rotation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="training.rotation",
                        verbose_name="轮转",
                    ),
                ),
                (
                    "teacher",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="带教老师",
                    ),
                ),
                (
                    "trainee",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="log_entries",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="学员",
                    ),
                ),
            ],
            options={
                "verbose_name": "登记",
                "verbose_name_plural": "登记",
                "indexes": [
                    models.Index(
                        condition=models.Q(("stage", "pending")),
                        fields=["teacher", "submitted_at", "id"],
                        name="entries_awaiting_a_teacher",
                    ),
                    models.Index(fields=["rotation", "-happened_date"], name="entries_of_a_rotation"),
                    models.Index(fields=["trainee", "-happened_date", "id"], name="entries_of_a_trainee"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["case", "disease", "skill", "surgery"])),
                        name="training_logentry_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("diagnosis__in", ["primary", "secondary", "parallel", ""])),
                        name="training_logentry_diagnosis_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("setting__in", ["clinic", "emergency", "ward", ""])),
                        name="training_logentry_setting_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["operator", "assistant", "first", "second", ""])),
                        name="training_logentry_role_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "anaesthesia__in",
                                ["general", "spinal", "block", "local", "combined", "none", ""],
                            )
                        ),
                        name="training_logentry_anaesthesia_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stage__in", ["draft", "pending", "approved", "returned"])),
                        name="training_logentry_stage_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("item", ""), _negated=True),
                        name="an_entry_has_an_item",
                        violation_error_message="请填写项目名称",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stage", "draft"),
                            models.Q(("kind", "case"), models.Q(("diagnosis", ""), _negated=True)),
                            models.Q(
                                ("kind", "disease"),
                                ("was_in_charge__isnull", False),
                                ("was_rescue__isnull", False),
                                models.Q(("treatment", ""), _negated=True),
                                models.Q(("setting", ""), _negated=True),
                            ),
                            models.Q(
                                ("kind", "skill"),
                                ("role__in", ("operator", "assistant")),
                                ("succeeded__isnull", False),
                            ),
                            models.Q(
                                ("kind", "surgery"),
                                ("role__in", ("operator", "first", "second")),
                                models.Q(("anaesthesia", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="an_entry_that_was_handed_in_is_complete",
                        violation_error_message="登记没有填完，不能提交",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("return_reason", ""),
                                ("stage", "draft"),
                                ("submitted_at", None),
                                ("decided_at", None),
                                ("decided_by", None),
                            ),
                            models.Q(
                                ("return_reason", ""),
                                ("stage", "pending"),
                                ("submitted_at__isnull", False),
                                ("decided_at", None),
                                ("decided_by", None),
                            ),
                            models.Q(
                                ("return_reason", ""),
                                ("stage", "approved"),
                                ("submitted_at__isnull", False),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            models.Q(
                                ("stage", "returned"),
                                models.Q(("return_reason", ""), _negated=True),
                                ("submitted_at__isnull", False),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="an_entry_is_decided_coherently",
                        violation_error_message="登记的状态、提交和审核不一致",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None),
                            models.Q(("decided_by", models.F("trainee")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_approves_the_own_entry",
                        violation_error_message="不能审核本人的登记",
                    ),
                ],
            },
        ),
    ]
