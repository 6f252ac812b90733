from typing import Any

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError

from .models import User


class LongEnough(MinimumLengthValidator):
    """Django's rule, in our words: its own translation of the sentence has a gap."""

    def get_error_message(self) -> Any:
        return f"密码至少要有 {self.min_length} 个字符"

    def get_help_text(self) -> str:
        return f"至少 {self.min_length} 个字符。"


class NotAboutYourself:
    """Refuse passwords that anybody who knows the person would try first."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None:
            return
        said = password.casefold()
        own = {user.full_name, user.pinyin, user.phone, user.email.partition("@")[0], user.id_number}
        birthday = user.id_number[6:14] if len(user.id_number) == 18 else ""
        if any(word and len(word) >= 4 and word.casefold() in said for word in (*own, birthday)) or (
            user.pinyin and said.strip("0123456789!@#._-") == user.pinyin
        ):
            raise ValidationError(
                "密码里不要有您的姓名拼音、证件号、手机号、邮箱或生日", code="about_yourself"
            )

    def get_help_text(self) -> str:
        return "不要用您的姓名拼音、证件号、手机号、邮箱或生日。"
