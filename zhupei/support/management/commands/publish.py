import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from zhupei.organisations.choices import Level
from zhupei.organisations.models import Organisation
from zhupei.support import actions


class Command(BaseCommand):
    help = "以省厅名义发布一条公告；正文是纯文本，空行分段"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("title", help="标题")
        parser.add_argument("file", help="正文文件，UTF-8；- 表示从标准输入读")

    def handle(self, *args: Any, **options: str) -> None:
        province = Organisation.objects.filter(level=Level.PROVINCE).first()
        if province is None:
            raise CommandError("还没有省级机构，请先运行：zhupei init")
        try:
            body = (
                sys.stdin.read() if options["file"] == "-" else Path(options["file"]).read_text("utf-8-sig")
            )
            made = actions.publish(province, by=None, title=options["title"], body=body)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"不能读取 {options['file']}：{error}") from error
        except ValidationError as error:
            raise CommandError("；".join(error.messages)) from error
        self.stdout.write(f"已发布：{made.get_absolute_url()}")
