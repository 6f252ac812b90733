"""Zip files that people upload: looked through before anything in them is believed.

What an entry says of its size is checked by unpacking it: a bomb is noticed after ``limit`` bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

MIB = 1024 * 1024
CHUNK = 64 * 1024  # bytes
MOST_ENTRIES = 5_000
BROKEN = "文件打不开，可能没有传完整或已损坏，请重新保存后再上传"
_ENCRYPTED, _UTF_8 = 0x1, 0x800  # flag bits of an entry
_DRIVE = re.compile(r"^[A-Za-z]:")


class Unreadable(Exception):
    """The file cannot be used; the message says to a person why, and what to do."""


class Archive:
    """A zip file whose directory was looked through. Raises ``Unreadable``, and nothing else.

    ``limit`` is how many bytes may come out of it altogether.
    """

    def __init__(self, content: bytes, *, limit: int) -> None:
        self._content, self._left = content, limit
        try:
            with ZipFile(io.BytesIO(content)) as file:
                self.entries = [info for info in file.infolist() if not info.is_dir()]
        except (BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
            raise Unreadable(BROKEN) from error
        self._look_through(limit)

    @property
    def names(self) -> list[str]:
        return [name_of(info) for info in self.entries]

    def read(self, info: ZipInfo) -> bytes:
        """The bytes of one entry, counted against the limit."""
        data = b"".join(self._unpacked(info))
        if zlib.crc32(data) != info.CRC:
            raise Unreadable(BROKEN)
        return data

    def _look_through(self, limit: int) -> None:
        if len(self.entries) > MOST_ENTRIES:
            raise Unreadable(f"压缩文件里有 {len(self.entries)} 个文件，最多 {MOST_ENTRIES} 个")
        if any(info.flag_bits & _ENCRYPTED for info in self.entries):
            raise Unreadable("文件设了密码，请去掉密码后再上传")
        if any(info.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for info in self.entries):
            raise Unreadable("压缩方式不支持，请用系统自带的压缩（zip）重新打包")
        if any(_leads_outside(name) for name in self.names):
            raise Unreadable("压缩文件里有指向别处的文件名（含“../”或盘符），没有读取")
        if sum(info.file_size for info in self.entries) > limit:
            raise _too_large(limit)

    def _unpacked(self, info: ZipInfo) -> Iterator[bytes]:
        packed = memoryview(self._content)[_begins(self._content, info) :][: info.compress_size]
        for piece in [packed] if info.compress_type == ZIP_STORED else _inflated(packed):
            self._left -= len(piece)
            if self._left < 0:
                raise _too_large(0)
            yield bytes(piece)


def name_of(info: ZipInfo) -> str:
    """The entry's name as its maker saw it: Chinese Windows packs names in GBK without saying so."""
    if info.flag_bits & _UTF_8:
        return info.filename
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def looks_like_zip(content: bytes) -> bool:
    return zipfile.is_zipfile(io.BytesIO(content))


def _inflated(packed: memoryview) -> Iterator[bytes]:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    rest: bytes | memoryview = packed
    try:
        while not inflate.eof:  # what is left in its buffer comes without more input
            piece = inflate.decompress(rest, CHUNK)
            rest = inflate.unconsumed_tail
            if not piece and not rest and not inflate.eof:
                raise Unreadable(BROKEN)
            yield piece
    except zlib.error as error:
        raise Unreadable(BROKEN) from error


def _begins(content: bytes, info: ZipInfo) -> int:
    """Where the entry's data begin: behind its local header, whose lengths need not be the directory's."""
    at = info.header_offset
    if content[at : at + 4] != b"PK\x03\x04":
        raise Unreadable(BROKEN)
    name, extra = content[at + 26 : at + 28], content[at + 28 : at + 30]
    return at + 30 + int.from_bytes(name, "little") + int.from_bytes(extra, "little")


def _leads_outside(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or parts[0] == "" or bool(_DRIVE.match(name)) or "\0" in name


def _too_large(limit: int) -> Unreadable:
    most = f"（超过 {limit // MIB} MB）" if limit else ""
    return Unreadable(f"文件解压后太大{most}，没有读取。请分成几个文件上传")
