"""Keep what was typed when a session had ended, for half an hour. Adds a table."""

import django.db.models.deletion
import django.utils.timezone
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

import zhupei.accounts.fields


class Migration(migrations.Migration):
    dependencies = [
        ("web", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptPost",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("path", models.CharField(max_length=500, verbose_name="提交地址")),
                ("page", models.CharField(max_length=500, verbose_name="所在页面")),
                ("typed", zhupei.accounts.fields.SealedTextField(verbose_name="填写的内容")),
                (
                    "kept_at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, verbose_name="时间"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="用户",
                    ),
                ),
            ],
            options={
                "verbose_name": "登录过期时保留的内容",
                "verbose_name_plural": "登录过期时保留的内容",
            },
        ),
    ]
