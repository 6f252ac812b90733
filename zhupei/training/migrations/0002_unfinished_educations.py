"""Let a 教育经历 have gaps: each of its fields saves itself.

Relaxes columns and two checks; on SQLite the table is copied, under a second for 100 000 rows.
"""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("training", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="education",
            name="training_education_level_known",
        ),
        migrations.RemoveConstraint(
            model_name="education",
            name="training_education_degree_known",
        ),
        migrations.AlterField(
            model_name="education",
            name="degree",
            field=models.CharField(
                blank=True,
                choices=[("doctor", "博士"), ("master", "硕士"), ("bachelor", "学士"), ("none", "无学位")],
                max_length=10,
                verbose_name="学位",
            ),
        ),
        migrations.AlterField(
            model_name="education",
            name="graduated_date",
            field=models.DateField(blank=True, null=True, verbose_name="毕业时间"),
        ),
        migrations.AlterField(
            model_name="education",
            name="level",
            field=models.CharField(
                blank=True,
                choices=[
                    ("doctor", "博士研究生"),
                    ("master", "硕士研究生"),
                    ("bachelor", "大学本科"),
                    ("college", "大学专科"),
                ],
                max_length=10,
                verbose_name="学历",
            ),
        ),
        migrations.AlterField(
            model_name="education",
            name="major",
            field=models.CharField(blank=True, max_length=100, verbose_name="毕业专业"),
        ),
        migrations.AlterField(
            model_name="education",
            name="school",
            field=models.CharField(blank=True, max_length=100, verbose_name="毕业院校"),
        ),
        migrations.AddConstraint(
            model_name="education",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["doctor", "master", "bachelor", "college", ""])),
                name="training_education_level_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="education",
            constraint=models.CheckConstraint(
                condition=models.Q(("degree__in", ["doctor", "master", "bachelor", "none", ""])),
                name="training_education_degree_known",
            ),
        ),
    ]
