"""The org chart's file: read with what identifies it, written so that it is never half there."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class OnDisk:
    """A file as it was read."""

    source: bytes
    hash: str
    """SHA-256 (hex) of the bytes without byte order mark: the hash of the chart that they hold, if they hold one."""

    @property
    def text(self) -> str | None:
        """Without byte order mark; None for what is no UTF-8."""
        try:
            return self.source.removeprefix(BOM).decode("utf-8")
        except UnicodeDecodeError:
            return None


class FileHasChanged(Exception):  # noqa: N818 - it is what happened
    """The file is not as it was when the edit began; holds it as it is."""

    def __init__(self, now: OnDisk) -> None:
        super().__init__("the file has changed")
        self.now = now


class CantWrite(Exception):  # noqa: N818 - it is what happened
    """The file can't be written as it should be; `zh` and `en` say why and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


def hash_of(source: bytes) -> str:
    """What identifies a file's content."""
    return hashlib.sha256(source.removeprefix(BOM)).hexdigest()


def read_file(path: Path) -> OnDisk:
    """The file, a link followed. Raises OSError."""
    source = path.read_bytes()
    return OnDisk(source, hash_of(source))


def write_file(path: Path, text: str, expected: str) -> OnDisk:
    """Replace the file's content by the text, if the content is still what `expected` identifies.

    A link is followed, not replaced; byte order mark, owner, mode and extended attributes stay. The new content is on
    the disk when this returns. Raises FileHasChanged, CantWrite.
    """
    target = path.resolve()
    try:
        with _alone(target.parent):
            before = read_file(target)
            if before.hash != expected:
                raise FileHasChanged(before)
            mark = BOM if before.source.startswith(BOM) else b""
            source = mark + text.encode("utf-8")
            _replace(target, source)
            return OnDisk(source, hash_of(source))
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise CantWrite(
            f"写不了 {target.name}: {reason}。请检查文件和所在目录的权限。",
            f"can't write {target.name}: {reason}. Check the permissions of the file and its folder.",
        ) from problem


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One smsgate at a time, of all that share the folder."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
        os.fsync(handle)
    finally:
        os.close(handle)


def _replace(target: Path, source: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".new", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as new:
            new.write(source)
            new.flush()
            _like(target, new.fileno())
            os.fsync(new.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _like(target: Path, handle: int) -> None:
    """Owner, mode and attributes (access lists among them) as the file has them."""
    status = target.stat()
    own = os.fstat(handle)
    if (own.st_uid, own.st_gid) != (status.st_uid, status.st_gid):
        try:
            os.fchown(handle, status.st_uid, status.st_gid)
        except PermissionError as problem:
            raise CantWrite(
                f"写不了 {target.name}: 文件属于 {_owner(target)}, smsgate 不能替他写。请把文件的属主改成"
                "运行 smsgate 的用户, 或在服务器上修改。",
                f"can't write {target.name}: it belongs to {_owner(target)}, and smsgate can't write in that name. Give"
                " the file to the user that smsgate runs as, or edit it on the server.",
            ) from problem
    os.fchmod(handle, stat.S_IMODE(status.st_mode))
    for name in os.listxattr(target):
        with contextlib.suppress(OSError):
            os.setxattr(handle, name, os.getxattr(target, name))


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except (KeyError, OSError):
        return str(path.stat().st_uid)
