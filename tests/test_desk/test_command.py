"""`smsgate user` and `smsgate token`, on a database of their own."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from smsgate.bootstrap import Unfit
from smsgate.cli import app
from tests.server import CHART

GOOD = "rain tomorrow, take an umbrella"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SMSGATE_ORGCHART", str(CHART))


def run(*words: str, typed: str = "") -> tuple[int, str, str]:
    """Its status, what it says, and what is wrong."""
    done = CliRunner().invoke(app, list(words), input=typed)
    if isinstance(done.exception, Unfit | OSError):
        return 2, done.stdout, str(done.exception)
    return done.exit_code, done.stdout, done.stderr


def test_users_from_the_first_to_the_last(tmp_path: Path) -> None:
    status, link, _ = run("user", "link-first")
    assert status == 0
    assert re.fullmatch(r"http://127\.0\.0\.1:8480/first\?token=sgi_[\w-]{43}\n", link)
    (tmp_path / "password").write_text(GOOD + "\n", encoding="utf-8")
    assert run("user", "add", "Amy", "--role", "admin", "--password-file", "password")[0] == 0
    assert run("user", "link-first")[0] == 2
    added = run("user", "add", "bob", "--shown", "Bob B", "--account", "ZHOUJIE", "--link")
    assert "/invite?token=sgi_" in added[1]
    status, _, said = run("user", "disable", "amy")
    assert (status, "last admin" in said) == (2, True)
    assert run("user", "passwd", "bob", "--password-file", "-", typed=GOOD)[0] == 0
    listed = run("user", "list")[1]
    assert re.search(r"^amy +admin +Amy  never in$", listed, re.MULTILINE)
    assert re.search(r"^bob +viewer +Bob B  account zhoujie, never in$", listed, re.MULTILINE)
    with sqlite3.connect(tmp_path / "smsgate.db") as database:
        kept = database.execute("SELECT password FROM desk_users").fetchall()
        whats = [row[0] for row in database.execute("SELECT what FROM acts WHERE kind = 'cli' ORDER BY id")]
    database.close()
    assert all(row[0].startswith("$argon2id$") for row in kept)
    assert whats == ["user_added", "user_added", "link_made", "password_set"]


@pytest.mark.parametrize(("role", "more"), [("admin", False), ("operator", True)])
def test_the_first_user_by_command_is_told_that_the_first_link_is_dead(role: str, more: bool) -> None:
    """Whoever has it from the start of the service would stand before a void link; and somebody has to be admin."""
    assert run("user", "link-first")[0] == 0
    added = run("user", "add", "amy", "--role", role, "--password-file", "-", typed=GOOD)
    assert added[0] == 0
    assert "the one-time link for the first admin that smsgate serve showed works no more" in added[2]
    assert ("There is no admin yet: smsgate user add NAME --role admin" in added[2]) is more
    assert "works no more" not in run("user", "add", "bob", "--password-file", "-", typed=GOOD)[2]


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
def test_what_is_wrong_is_said(words: tuple[str, ...], typed: str, said: str) -> None:
    status, _, error = run(*words, typed=typed)
    assert (status, said in error) == (2, True)
