"""Bytes of a file to text that YAML may read: encoding, size, control characters."""

from __future__ import annotations

import re

from routing.faults import TOP, At
from routing.loading.yaml_reader import MAX_BYTES, UnreadableError

_NOT_ALLOWED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_OTHER_BOMS = (b"\xff\xfe", b"\xfe\xff")


def decoded(source: bytes | str) -> str:
    """The text, without a byte order mark. Raises `UnreadableError` for what is no UTF-8 text."""
    if len(source) > MAX_BYTES:
        raise UnreadableError(TOP, "文件太大 (超过 64 MB)", "the file is too large (over 64 MB)")
    text = _from_bytes(source) if isinstance(source, bytes) else source
    text = text.removeprefix("\ufeff")
    odd = _NOT_ALLOWED.search(text)
    if odd:
        code = f"U+{ord(odd.group()):04X}"
        at = _place(text[: odd.start()])
        raise UnreadableError(
            at, f"含有不允许的控制字符 {code}, 请删去", f"holds the control character {code}: delete it"
        )
    if not text.strip():
        raise UnreadableError(TOP, "文件是空的", "the file is empty")
    return text


def _from_bytes(source: bytes) -> str:
    if source.startswith(_OTHER_BOMS):
        raise UnreadableError(TOP, "文件是 UTF-16 编码, 请另存为 UTF-8", "the file is UTF-16: save it as UTF-8")
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError as problem:
        at = _place(source[: problem.start].decode("utf-8", "replace").removeprefix("\ufeff"))
        guess = " (可能是 GBK)" if _reads_as_gbk(source) else ""
        zh = f"不是 UTF-8 编码{guess}, 请另存为 UTF-8"
        raise UnreadableError(at, zh, "the file is not UTF-8: save it as UTF-8") from problem


def _reads_as_gbk(source: bytes) -> bool:
    try:
        source.decode("gbk")
    except UnicodeDecodeError:
        return False
    return True


def _place(before: str) -> At:
    """Where the text after `before` begins."""
    lines = before.splitlines()
    if not lines or before.endswith(("\n", "\r")):
        return At(len(lines) + 1, 1)
    return At(len(lines), len(lines[-1]) + 1)
