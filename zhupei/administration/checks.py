"""What Django's own ``check --deploy`` cannot know about an https site of ours.

``zhupei serve`` refuses to start such a site while one of these, or one of Django's, has anything to say.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, register

from .data_folder import SECRET_KEY

# What stands in examples, and in files that somebody meant to fill in later
PLACEHOLDER = re.compile(
    r"change|placeholder|example|secret|insecure|default|password|xxxx|请|改", re.IGNORECASE
)
ENOUGH_LETTERS = 50


@register(Tags.security, deploy=True)
def site_is_safe(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """Everything that is unsafe about an https site; a site on this computer may be as it likes."""
    if not settings.IS_HTTPS:
        return []
    return [*_secret_key(), *_keys(), *_data_folder(), *_proxy()]


def _secret_key() -> list[CheckMessage]:
    key = settings.SECRET_KEY
    if len(key) < ENOUGH_LETTERS or PLACEHOLDER.search(key):
        hint = f"删去 ZHUPEI_SECRET_KEY，用 zhupei init 生成；或设为 {ENOUGH_LETTERS} 位以上的随机字符"
        return [Error("站点密钥太短，或是示例里的占位文字", hint=hint, id="zhupei.E001")]
    return _private(settings.DATA / SECRET_KEY, "站点密钥", 0o600, "zhupei.E002")


def _keys() -> list[CheckMessage]:
    if not settings.KEYS_FILE.is_file():
        hint = "请从备份取回；全新安装请运行 zhupei init"
        return [Error(f"没有个人信息密钥 {settings.KEYS_FILE}", hint=hint, id="zhupei.E003")]
    return _private(settings.KEYS_FILE, "个人信息密钥", 0o600, "zhupei.E004")


def _data_folder() -> list[CheckMessage]:
    return _private(settings.DATA, "数据文件夹", 0o700, "zhupei.E005")


def _proxy() -> list[CheckMessage]:
    """Only an Info: whoever ends TLS in another way knows."""
    if settings.TRUSTED_PROXIES:
        return []
    hint = "前面有反向代理时设 ZHUPEI_TRUSTED_PROXIES=1，否则网站会反复跳转到 https"
    return [Info("https 站点，但没有声明反向代理", hint=hint, id="zhupei.I001")]


def _private(path: Path, what: str, rights: int, code: str) -> list[CheckMessage]:
    """Nobody else of this computer may read or enter ``path``."""
    if not path.exists():
        return []
    found = stat.S_IMODE(path.stat().st_mode)
    if not found & 0o077:
        return []
    return [Error(f"{what} {path} 的权限是 {found:o}，别人也能读", hint=f"chmod {rights:o} {path}", id=code)]
