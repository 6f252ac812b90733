"""补交: rotations that were not finished at the submission, and how many an application still owes.

Adds a table and a column with a default; under a second for 100 000 applications on SQLite.
"""

import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("completion", "0001_initial"),
        ("training", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="pending",
            field=models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="待补交项数"),
        ),
        migrations.CreateModel(
            name="Supplement",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="确认时间")),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="确认人",
                    ),
                ),
                (
                    "rotation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="training.rotation",
                        verbose_name="轮转",
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="supplements",
                        to="completion.submission",
                        verbose_name="提交",
                    ),
                ),
            ],
            options={
                "verbose_name": "补交",
                "verbose_name_plural": "补交",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("submission", "rotation"), name="one_supplement_per_round_and_rotation"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at", None), ("confirmed_by", None)),
                            models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_supplement_is_confirmed_by_somebody",
                        violation_error_message="补交的确认应有确认人和时间",
                    ),
                ],
            },
        ),
    ]
