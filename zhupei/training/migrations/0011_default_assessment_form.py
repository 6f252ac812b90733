"""Give every site the rated items of the guide's 出科考核表, as version 1 for all bases. Ten rows."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone

ITEMS = (
    ("医德医风", "遵守法规制度", "优/良/中/差"),
    ("医德医风", "履行岗位职责", "优/良/中/差"),
    ("医德医风", "以病人为中心", "优/良/中/差"),
    ("医德医风", "团结协作", "优/良/中/差"),
    ("", "人际（医患）沟通和表达能力", "优/良/中/差"),
    ("", "临床基本知识、基本理论", "优/良/中/差"),
    ("", "临床基本技能", "优/良/中/差"),
    ("", "临床思维能力", "优/良/中/差"),
    ("", "临床诊疗能力", "强/较强/一般/差"),
    ("", "危重病人的识别及紧急处理能力", "优/良/中/差"),
)


def make(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    AssessmentTemplate = apps.get_model("training", "AssessmentTemplate")
    TemplateItem = apps.get_model("training", "TemplateItem")
    template = AssessmentTemplate.objects.create(name="出科考核表", version=1, made_at=timezone.now())
    TemplateItem.objects.bulk_create(
        TemplateItem(template=template, number=number, group=group, label=label, scale=scale)
        for number, (group, label, scale) in enumerate(ITEMS, start=1)
    )


class Migration(migrations.Migration):
    dependencies = [("training", "0010_exit_forms")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
