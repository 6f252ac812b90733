"""Keep a file of rows between its preview and the confirmation. Adds a table."""

import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

import zhupei.accounts.fields


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=30, verbose_name="种类")),
                ("subject", models.UUIDField(blank=True, null=True, verbose_name="对象")),
                ("name", models.CharField(blank=True, max_length=255, verbose_name="文件名")),
                ("content", zhupei.accounts.fields.SealedTextField(verbose_name="内容")),
                ("outcome", zhupei.accounts.fields.SealedTextField(verbose_name="结果")),
                ("made_at", models.DateTimeField(verbose_name="上传时间")),
                ("expires_at", models.DateTimeField(db_index=True, verbose_name="失效时间")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="导入时间")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="用户",
                    ),
                ),
            ],
            options={
                "verbose_name": "导入",
                "verbose_name_plural": "导入",
            },
        ),
    ]
