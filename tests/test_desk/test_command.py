"""`smsgate user` and `smsgate token`, in a process of their own beside a database that is in use."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.server import CHART, SMSGATE

GOOD = "rain tomorrow, take an umbrella"


def run(folder: Path, *words: str, typed: str = "") -> tuple[int, str, str]:
    """Its status and what it says."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("SMSGATE_")}
    env["SMSGATE_ORGCHART"] = str(CHART)
    done = subprocess.run([SMSGATE, *words], cwd=folder, env=env, input=typed, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def test_users_from_the_first_to_the_last(tmp_path: Path) -> None:
    status, link, _ = run(tmp_path, "user", "link-first")
    assert status == 0
    assert re.fullmatch(r"http://127\.0\.0\.1:8480/first\?token=sgi_[\w-]{43}\n", link)
    (tmp_path / "password").write_text(GOOD + "\n", encoding="utf-8")
    assert run(tmp_path, "user", "add", "Amy", "--role", "admin", "--password-file", "password")[0] == 0
    assert run(tmp_path, "user", "link-first")[0] == 2
    added = run(tmp_path, "user", "add", "bob", "--shown", "Bob B", "--account", "ZHOUJIE", "--link")
    assert "/invite?token=sgi_" in added[1]
    status, _, said = run(tmp_path, "user", "disable", "amy")
    assert (status, "last admin" in said) == (2, True)
    assert run(tmp_path, "user", "passwd", "bob", "--password-file", "-", typed=GOOD)[0] == 0
    listed = run(tmp_path, "user", "list")[1]
    assert re.search(r"^amy +admin +Amy  never in$", listed, re.MULTILINE)
    assert re.search(r"^bob +viewer +Bob B  account zhoujie, never in$", listed, re.MULTILINE)
    with sqlite3.connect(tmp_path / "smsgate.db") as database:
        kept = database.execute("SELECT password FROM desk_users").fetchall()
        whats = [row[0] for row in database.execute("SELECT what FROM acts WHERE kind = 'cli' ORDER BY id")]
    database.close()
    assert all(row[0].startswith("$argon2id$") for row in kept)
    assert whats == ["user_added", "user_added", "link_made", "password_set"]


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("user", "add", "x", "--password-file", "-"), "short", "12 characters"),
        (("user", "add", "x"), "", "--password-file"),
        (("user", "add", "two words", "--link"), "", "without blanks"),
        (("user", "add", "x", "--account", "nobody", "--link"), "", "no account"),
        (("user", "add", "x", "--password-file", "missing"), "", "missing"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, words: tuple[str, ...], typed: str, said: str) -> None:
    status, _, error = run(tmp_path, *words, typed=typed)
    assert (status, said in error) == (2, True)
