from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from zhupei.accounts.actions import create_user, issue_code
from zhupei.accounts.models import User
from zhupei.lib import phone
from zhupei.organisations.actions import appoint, found
from zhupei.organisations.choices import Level, Role
from zhupei.organisations.models import Membership, Organisation


class Command(BaseCommand):
    help = "建立省级机构和第一位管理员，显示其一次性代码（由 zhupei init 调用；已有管理员时什么都不改）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--province", default="湖北省")
        parser.add_argument("--code", default="420000")
        parser.add_argument("--name", default="管理员")
        parser.add_argument("--phone", default="")

    def handle(self, *args: Any, **options: str) -> None:
        if Membership.objects.current().filter(role=Role.ADMIN).exists():
            self.stdout.write("已有系统管理员，没有改动。")
        elif not options["phone"]:
            self.stdout.write("还没有系统管理员。请运行：zhupei init --name 姓名 --phone 手机号")
        else:
            try:
                user, code = _open(options)
            except ValidationError as error:
                raise CommandError("；".join(error.messages)) from error
            self.stdout.write(f"系统管理员 {user.full_name} 已建立。用户名：{options['phone']}")
            self.stdout.write(f"一次性代码：{code}（7 天内有效，只显示这一次；登录后请设置密码）")


@transaction.atomic
def _open(options: dict[str, str]) -> tuple[User, str]:
    """The province, unless it is there, and its first administrator, who reviews for it too."""
    if problems := phone.problems(options["phone"]):
        raise ValidationError(problems)
    name = f"{options['province']}卫生健康委员会"
    province = Organisation.objects.filter(level=Level.PROVINCE).first() or found(
        by=None, name=name, short_name=options["province"], code=options["code"], level=Level.PROVINCE
    )
    user = create_user(by=None, full_name=options["name"], phone=phone.normalise(options["phone"]))
    for role in (Role.ADMIN, Role.PROVINCE):
        appoint(user, role, province, by=None, start_date=timezone.localdate())
    return user, issue_code(user, by=None)
