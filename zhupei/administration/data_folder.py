"""The data folder and the secrets in it. Needs no settings: it is there before they can be read."""

import os
import secrets
from pathlib import Path

from zhupei.lib.sealing import KeyRing

DATABASE, SECRET_KEY, KEYS = "zhupei.sqlite3", "secret_key", "keys.json"


class Unusable(Exception):
    """The folder can not be used as it is; the message says what to do."""


def path() -> Path:
    """Where ``ZHUPEI_DATA`` points, ``./data`` otherwise."""
    return Path(os.environ.get("ZHUPEI_DATA", "data")).resolve()


def keys_path() -> Path:
    return Path(os.environ.get("ZHUPEI_KEYS_FILE", path() / KEYS))


def make() -> list[str]:
    """Make the folder and the secrets that are missing; returns what was made, in words.

    Raises Unusable if there is a database but not the keys that opened it: new ones would
    make every sealed field unreadable.
    """
    folder, keys = path(), keys_path()
    made = []
    if not keys.exists() and (folder / DATABASE).exists():
        raise Unusable(f"{folder} 中已有数据库，但没有密钥 {keys}。请从备份取回密钥文件，不能重新生成")
    if not folder.exists() or not any(folder.iterdir()):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        made.append(f"数据文件夹 {folder}")
    if not has_secret_key():
        _write_secret(folder / SECRET_KEY, secrets.token_urlsafe(50))
        made.append("站点密钥 secret_key")
    if not keys.exists():
        _write_secret(keys, KeyRing.generate().to_json())
        made.append(f"个人信息密钥 {keys.name}（请单独备份，不要和数据库放在一起）")
    return made


def is_ready() -> bool:
    """Was ``zhupei init`` here?"""
    has_database = bool(os.environ.get("ZHUPEI_DB_HOST")) or (path() / DATABASE).exists()
    return has_secret_key() and keys_path().exists() and has_database


def has_secret_key() -> bool:
    """In the folder, or given by the environment."""
    given = os.environ.get("ZHUPEI_SECRET_KEY") or os.environ.get("ZHUPEI_SECRET_KEY_FILE")
    return bool(given) or (path() / SECRET_KEY).exists()


def _write_secret(file: Path, text: str) -> None:
    """Readable by us only, from the first byte on, and on the disk when this returns."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text + "\n")
        stream.flush()
        os.fsync(stream.fileno())
