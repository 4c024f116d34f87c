"""The chart's file on a real disk: whole or not at all, and everything of it kept but the content."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from smsgate.store.chart_file import CantWrite, FileHasChanged, hash_of, read_file, write_file


def written(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return hash_of(content)


def test_content_is_replaced_and_mode_kept(tmp_path: Path) -> None:
    path = tmp_path / "orgchart.yaml"
    base = written(path, b"old")
    path.chmod(0o640)
    done = write_file(path, "新的\n", base)
    assert path.read_bytes() == "新的\n".encode()
    assert done.hash == hash_of("新的\n".encode())
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [one.name for one in tmp_path.iterdir()] == ["orgchart.yaml"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real = tmp_path / "git" / "chart.yaml"
    real.parent.mkdir()
    base = written(real, b"old")
    link = tmp_path / "orgchart.yaml"
    link.symlink_to(real)
    write_file(link, "new", base)
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_a_byte_order_mark_stays(tmp_path: Path) -> None:
    path = tmp_path / "orgchart.yaml"
    base = written(path, b"\xef\xbb\xbfold")
    write_file(path, "new", base)
    assert path.read_bytes() == b"\xef\xbb\xbfnew"


def test_what_somebody_else_changed_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "orgchart.yaml"
    base = written(path, b"old")
    path.write_bytes(b"theirs")
    with pytest.raises(FileHasChanged) as caught:
        write_file(path, "mine", base)
    assert caught.value.now.text == "theirs"
    assert path.read_bytes() == b"theirs"


def test_a_file_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(CantWrite, match="No such file"):
        write_file(tmp_path / "orgchart.yaml", "new", "0")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_the_owner_stays(tmp_path: Path) -> None:
    path = tmp_path / "orgchart.yaml"
    base = written(path, b"old")
    os.chown(path, 12345, 54321)
    write_file(path, "new", base)
    status = path.stat()
    assert (status.st_uid, status.st_gid) == (12345, 54321)


def test_an_owner_that_cannot_be_kept_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not root, and the file somebody else's: better no edit than another owner."""
    path = tmp_path / "orgchart.yaml"
    base = written(path, b"old")

    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    status = os.fstat
    monkeypatch.setattr("smsgate.store.chart_file.os.fchown", refused)
    monkeypatch.setattr("smsgate.store.chart_file.os.fstat", lambda handle: _of_another(status(handle)))
    with pytest.raises(CantWrite, match="belongs to"):
        write_file(path, "new", base)
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["orgchart.yaml"]


def _of_another(status: os.stat_result) -> os.stat_result:
    return os.stat_result([*status[:4], status.st_uid + 1, *status[5:10]])


def test_no_utf_8_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "orgchart.yaml"
    written(path, "组织".encode("gb18030"))
    assert read_file(path).text is None
