"""Personal data at rest: sealed so that a stolen database or backup gives nothing (architecture.md §4).

A sealed text is ``v1.<key id>.<nonce>.<ciphertext>``: AES-256-GCM with a random 96-bit nonce; nonce and
ciphertext in base64url without padding. Its context ("table.column") is authenticated with it, so a value
copied into another column does not open. Equality is searched through an HMAC-SHA256 beside it.
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = "v1"
KEY_BYTES = 32  # AES-256; the blind index uses as many
NONCE_BYTES = 12  # NIST SP 800-38D: 96 bits; random nonces are safe for 2³² texts per key
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,20}")


class Unsealable(Exception):
    """A sealed text that does not open. The message says why and carries nothing of the text."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys of an installation: one seals, all of them unseal, and one makes blind indexes.

    ``index`` is never rotated: the indexes would have to be made again from every unsealed value.
    """

    current: str
    keys: Mapping[str, bytes] = field(repr=False)
    index: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if self.current not in self.keys:
            raise ValueError("密钥文件不完整：keys 中没有 current 指定的密钥")
        if not all(_KEY_ID.fullmatch(key_id) for key_id in self.keys):
            raise ValueError("密钥文件有误：密钥编号只能用 1–20 位字母、数字、_ 和 -")
        if any(len(key) != KEY_BYTES for key in (*self.keys.values(), self.index)):
            raise ValueError(f"密钥文件有误：每个密钥应为 {KEY_BYTES} 字节")

    @classmethod
    def generate(cls) -> Self:
        """A new ring with one random key, ``k1``."""
        keys = {"k1": secrets.token_bytes(KEY_BYTES)}
        return cls(current="k1", keys=keys, index=secrets.token_bytes(KEY_BYTES))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The ring of a key file; ``ValueError`` without any of its content if it is not one."""
        try:
            ring = json.loads(text)
            keys = {str(key_id): _from_base64(key) for key_id, key in ring["keys"].items()}
            current, index = str(ring["current"]), _from_base64(ring["index"])
        except (ValueError, TypeError, KeyError, AttributeError):
            raise ValueError("密钥文件不是有效的 JSON，或缺少 current、keys、index") from None
        return cls(current=current, keys=keys, index=index)

    def to_json(self) -> str:
        """The content of the key file: secret."""
        keys = {key_id: base64.b64encode(key).decode() for key_id, key in self.keys.items()}
        ring = {"current": self.current, "keys": keys, "index": base64.b64encode(self.index).decode()}
        return json.dumps(ring, indent=2)

    def with_new_key(self) -> Self:
        """The ring after a rotation: a fresh key seals from now on, the old ones still unseal."""
        number = next(n for n in range(1, len(self.keys) + 2) if f"k{n}" not in self.keys)
        keys = {**self.keys, f"k{number}": secrets.token_bytes(KEY_BYTES)}
        return replace(self, current=f"k{number}", keys=keys)

    def is_current(self, token: str) -> bool:
        """Whether ``token`` needs no new sealing after a rotation."""
        return not token or token.startswith(f"{VERSION}.{self.current}.")

    def seal(self, text: str, *, context: str) -> str:
        """``text`` sealed for the column ``context``; "" stays ""."""
        if not text:
            return ""
        nonce = secrets.token_bytes(NONCE_BYTES)
        ciphertext = AESGCM(self.keys[self.current]).encrypt(nonce, text.encode(), context.encode())
        return f"{VERSION}.{self.current}.{_to_base64url(nonce)}.{_to_base64url(ciphertext)}"

    def unseal(self, token: str, *, context: str) -> str:
        """The text in ``token``; ``Unsealable`` if its form, its key, its context or a bit is wrong."""
        if not token:
            return ""
        version, key_id, nonce, ciphertext = _parts(token)
        if version != VERSION:
            raise Unsealable(f"{context}：密文不是 {VERSION} 版本")
        if key_id not in self.keys:
            raise Unsealable(f"{context}：密钥文件中没有这条密文所用的密钥")
        try:
            return AESGCM(self.keys[key_id]).decrypt(nonce, ciphertext, context.encode()).decode()
        except (InvalidTag, ValueError):
            raise Unsealable(f"{context}：密钥不符，或密文已被改动") from None

    def blind(self, value: str, *, context: str) -> str:
        """What stands beside a sealed value so that equality can be searched: 64 hex digits; "" for ""."""
        if not value:
            return ""
        return hmac.new(self.index, f"{context}\0{value}".encode(), hashlib.sha256).hexdigest()


def _parts(token: str) -> tuple[str, str, bytes, bytes]:
    try:
        version, key_id, nonce, ciphertext = token.split(".")
        return version, key_id, _from_base64url(nonce), _from_base64url(ciphertext)
    except ValueError:
        raise Unsealable("密文格式不对") from None


def _from_base64(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _to_base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _from_base64url(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
