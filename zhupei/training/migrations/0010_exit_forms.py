"""Make room for the two exit forms, their templates, reopenings and signed papers. New tables only."""

import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0001_initial"),
        ("organisations", "0001_initial"),
        ("training", "0009_logbook"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AssessmentTemplate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=50, verbose_name="名称")),
                ("version", models.PositiveSmallIntegerField(verbose_name="版本")),
                ("made_at", models.DateTimeField(verbose_name="建立时间")),
                (
                    "base",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.organisation",
                        verbose_name="培训基地",
                    ),
                ),
            ],
            options={
                "verbose_name": "出科考核表模板",
                "verbose_name_plural": "出科考核表模板",
            },
        ),
        migrations.CreateModel(
            name="ExitAssessment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("revision", models.PositiveSmallIntegerField(default=1, verbose_name="修订")),
                (
                    "theory_score",
                    models.DecimalField(
                        blank=True, decimal_places=1, max_digits=4, null=True, verbose_name="理论成绩"
                    ),
                ),
                ("skill_name", models.CharField(blank=True, max_length=50, verbose_name="技能考核名称")),
                (
                    "skill_score",
                    models.DecimalField(
                        blank=True, decimal_places=1, max_digits=4, null=True, verbose_name="技能得分"
                    ),
                ),
                ("examiner_1", models.CharField(blank=True, max_length=50, verbose_name="考官1")),
                ("examiner_2", models.CharField(blank=True, max_length=50, verbose_name="考官2")),
                (
                    "overall",
                    models.CharField(
                        blank=True,
                        choices=[("pass", "通过"), ("fail", "不通过")],
                        max_length=4,
                        verbose_name="总体评价",
                    ),
                ),
                ("return_reason", models.CharField(blank=True, max_length=200, verbose_name="退回原因")),
                ("teacher_at", models.DateTimeField(blank=True, null=True, verbose_name="填表时间")),
                ("head_at", models.DateTimeField(blank=True, null=True, verbose_name="确认时间")),
                ("frozen", models.TextField(blank=True, verbose_name="确认时的内容")),
                (
                    "head",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="科主任",
                    ),
                ),
                (
                    "on_behalf_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="代填人",
                    ),
                ),
                (
                    "rotation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessment",
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
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="training.assessmenttemplate",
                        verbose_name="模板",
                    ),
                ),
            ],
            options={
                "verbose_name": "出科考核表",
                "verbose_name_plural": "出科考核表",
            },
        ),
        migrations.CreateModel(
            name="ExitSummary",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("personal_text", models.TextField(blank=True, max_length=3000, verbose_name="个人小结")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="提交时间")),
                ("return_reason", models.CharField(blank=True, max_length=200, verbose_name="退回原因")),
                ("teacher_text", models.TextField(blank=True, max_length=1000, verbose_name="带教评价")),
                ("teacher_at", models.DateTimeField(blank=True, null=True, verbose_name="带教评价时间")),
                ("head_text", models.TextField(blank=True, max_length=1000, verbose_name="科室评价")),
                (
                    "agrees",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "是"), ("no", "否")],
                        max_length=3,
                        verbose_name="同意出科",
                    ),
                ),
                ("head_at", models.DateTimeField(blank=True, null=True, verbose_name="科室评价时间")),
                (
                    "head",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="科主任",
                    ),
                ),
                (
                    "on_behalf_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="代填人",
                    ),
                ),
                (
                    "rotation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="summary",
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
            ],
            options={
                "verbose_name": "出科小结",
                "verbose_name_plural": "出科小结",
            },
        ),
        migrations.CreateModel(
            name="Reopening",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reopened_at", models.DateTimeField(verbose_name="重新打开时间")),
                ("reason", models.CharField(max_length=200, verbose_name="原因")),
                ("revision", models.PositiveSmallIntegerField(verbose_name="原修订")),
                (
                    "result",
                    models.CharField(
                        choices=[("pass", "通过"), ("fail", "不通过")], max_length=4, verbose_name="原结论"
                    ),
                ),
                ("frozen", models.TextField(blank=True, verbose_name="原内容")),
                (
                    "reopened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="办理人",
                    ),
                ),
                (
                    "rotation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reopenings",
                        to="training.rotation",
                        verbose_name="轮转",
                    ),
                ),
            ],
            options={
                "verbose_name": "重新打开",
                "verbose_name_plural": "重新打开",
            },
        ),
        migrations.CreateModel(
            name="SignedPaper",
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
                        choices=[("summary", "出科小结"), ("assessment", "出科考核表")],
                        max_length=10,
                        verbose_name="种类",
                    ),
                ),
                ("imported_at", models.DateTimeField(blank=True, null=True, verbose_name="历史数据导入时间")),
                ("attested_at", models.DateTimeField(blank=True, null=True, verbose_name="与原件一致")),
                ("attested_note", models.CharField(blank=True, max_length=200, verbose_name="核对说明")),
                (
                    "attested_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="核对人",
                    ),
                ),
                (
                    "rotation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signed_papers",
                        to="training.rotation",
                        verbose_name="轮转",
                    ),
                ),
                (
                    "slot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signed_paper",
                        to="files.slot",
                        verbose_name="上传位",
                    ),
                ),
            ],
            options={
                "verbose_name": "签字材料",
                "verbose_name_plural": "签字材料",
            },
        ),
        migrations.CreateModel(
            name="TemplateItem",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="顺序")),
                ("group", models.CharField(blank=True, max_length=30, verbose_name="类别")),
                ("label", models.CharField(max_length=50, verbose_name="评价项")),
                ("scale", models.CharField(max_length=50, verbose_name="等级")),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="training.assessmenttemplate",
                        verbose_name="模板",
                    ),
                ),
            ],
            options={
                "verbose_name": "评价项",
                "verbose_name_plural": "评价项",
            },
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("value", models.CharField(max_length=10, verbose_name="评价")),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ratings",
                        to="training.exitassessment",
                        verbose_name="出科考核表",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="training.templateitem",
                        verbose_name="评价项",
                    ),
                ),
            ],
            options={
                "verbose_name": "评价",
                "verbose_name_plural": "评价",
            },
        ),
        migrations.AddConstraint(
            model_name="assessmenttemplate",
            constraint=models.UniqueConstraint(
                fields=("base", "version"), name="one_template_per_base_and_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="assessmenttemplate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("base", None)),
                fields=("version",),
                name="one_general_template_per_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="exitassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("overall__in", ["pass", "fail", ""])),
                name="training_exitassessment_overall_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="exitassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("theory_score", None),
                        models.Q(("theory_score__gte", 0), ("theory_score__lte", 100)),
                        _connector="OR",
                    ),
                    models.Q(
                        ("skill_score", None),
                        models.Q(("skill_score__gte", 0), ("skill_score__lte", 100)),
                        _connector="OR",
                    ),
                ),
                name="scores_are_0_to_100",
                violation_error_message="成绩应在 0 到 100 之间",
            ),
        ),
        migrations.AddConstraint(
            model_name="exitassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("teacher_at", None),
                    models.Q(
                        ("skill_score__isnull", False),
                        ("teacher__isnull", False),
                        ("theory_score__isnull", False),
                        ("return_reason", ""),
                        models.Q(("skill_name", ""), _negated=True),
                        models.Q(("examiner_1", ""), _negated=True),
                        models.Q(("examiner_2", ""), _negated=True),
                        models.Q(("overall", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="an_assessment_handed_on_is_complete",
                violation_error_message="出科考核表没有填完",
            ),
        ),
        migrations.AddConstraint(
            model_name="exitassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("frozen", ""), ("head_at", None)),
                    models.Q(
                        ("head__isnull", False),
                        ("head_at__isnull", False),
                        ("teacher_at__isnull", False),
                        models.Q(("frozen", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="an_assessment_is_confirmed_after_the_teacher",
                violation_error_message="带教老师填表后，科主任才能确认",
            ),
        ),
        migrations.AddConstraint(
            model_name="exitassessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("head", None),
                    models.Q(
                        models.Q(
                            ("teacher", None),
                            models.Q(("teacher", models.F("head")), _negated=True),
                            _connector="OR",
                        ),
                        models.Q(
                            ("on_behalf_by", None),
                            models.Q(("on_behalf_by", models.F("head")), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="nobody_signs_an_assessment_twice",
                violation_error_message="同一人不能既作为带教老师又作为科主任签署",
            ),
        ),
        migrations.AddConstraint(
            model_name="exitsummary",
            constraint=models.CheckConstraint(
                condition=models.Q(("agrees__in", ["yes", "no", ""])),
                name="training_exitsummary_agrees_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="exitsummary",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("submitted_at", None),
                    models.Q(models.Q(("personal_text", ""), _negated=True), ("return_reason", "")),
                    _connector="OR",
                ),
                name="a_summary_handed_in_has_a_text",
                violation_error_message="请填写个人小结",
            ),
        ),
        migrations.AddConstraint(
            model_name="exitsummary",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("teacher_at", None),
                    models.Q(
                        ("submitted_at__isnull", False),
                        ("teacher__isnull", False),
                        models.Q(("teacher_text", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_summary_is_appraised_after_it_was_handed_in",
                violation_error_message="学员提交出科小结后，带教老师才能评价",
            ),
        ),
        migrations.AddConstraint(
            model_name="exitsummary",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("head_at", None),
                    models.Q(
                        ("head__isnull", False),
                        ("teacher_at__isnull", False),
                        models.Q(("agrees", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="a_summary_is_concluded_after_the_teacher",
                violation_error_message="带教老师评价后，科主任才能填写科室评价",
            ),
        ),
        migrations.AddConstraint(
            model_name="exitsummary",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("head", None),
                    models.Q(
                        models.Q(
                            ("teacher", None),
                            models.Q(("teacher", models.F("head")), _negated=True),
                            _connector="OR",
                        ),
                        models.Q(
                            ("on_behalf_by", None),
                            models.Q(("on_behalf_by", models.F("head")), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="nobody_signs_a_summary_twice",
                violation_error_message="同一人不能既作为带教老师又作为科主任签署",
            ),
        ),
        migrations.AddConstraint(
            model_name="reopening",
            constraint=models.CheckConstraint(
                condition=models.Q(("result__in", ["pass", "fail"])), name="training_reopening_result_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="reopening",
            constraint=models.UniqueConstraint(
                fields=("rotation", "revision"), name="a_revision_is_reopened_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="reopening",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="a_reopening_has_a_reason",
                violation_error_message="请填写重新打开的原因",
            ),
        ),
        migrations.AddConstraint(
            model_name="signedpaper",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["summary", "assessment"])),
                name="training_signedpaper_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="signedpaper",
            constraint=models.UniqueConstraint(fields=("rotation", "kind"), name="one_signed_paper_per_kind"),
        ),
        migrations.AddConstraint(
            model_name="signedpaper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("attested_at", None), ("attested_by", None)),
                    models.Q(("attested_at__isnull", False), ("attested_by__isnull", False)),
                    _connector="OR",
                ),
                name="a_paper_is_attested_by_somebody",
                violation_error_message="与原件一致应有核对人和时间",
            ),
        ),
        migrations.AddConstraint(
            model_name="templateitem",
            constraint=models.UniqueConstraint(
                fields=("template", "number"), name="one_item_per_place_of_a_template"
            ),
        ),
        migrations.AddConstraint(
            model_name="templateitem",
            constraint=models.UniqueConstraint(
                fields=("template", "label"), name="one_item_per_label_of_a_template"
            ),
        ),
        migrations.AddConstraint(
            model_name="rating",
            constraint=models.UniqueConstraint(fields=("assessment", "item"), name="one_rating_per_item"),
        ),
    ]
