"""Small things beside the queue: guesses, what no screen shows, the last hour of a link, proposals on a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from smsgate.cli import app
from smsgate.domain.queue import ProposalHow
from smsgate.sample import sample_chart, sample_path
from smsgate.web.history import KEPT, History, Sample, spark
from smsgate.web.pages.guessing import guesses, is_near
from smsgate.web.pages.revealing import revealed
from tests.test_queue.counter import STRANGER, Counter


@pytest.mark.parametrize(
    ("phone", "said", "whose"),
    [
        (STRANGER, "我是林娜", ["named linna"]),
        (STRANGER, "ZP#-核心维护室-话务维护组-linna#我是王敏", ["named wangmin"]),
        (STRANGER, "ZP#林娜#请看", []),
        ("+8613910000302", "", ["near wangmin"]),
        ("+8613910000041", "我是孙艳", ["named sunyan", "near zhaogang", "near helijia"]),
        (STRANGER, "<script>", []),
    ],
)
def test_whose_a_number_may_be(phone: str, said: str, whose: list[str]) -> None:
    """Who is the target of a command is not taken for its sender."""
    found = [f"{one.why} {one.account}" for one in guesses(sample_chart(), phone, said)]
    assert found[: len(whose)] == whose


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [("123", "124", True), ("123", "132", True), ("123", "123", False), ("123", "321", False), ("12", "123", False)],
)
def test_numbers_that_differ_by_a_slip(one: str, other: str, *, near: bool) -> None:
    assert is_near(one, other) is near


@pytest.mark.parametrize(
    ("text", "column", "length", "pieces"),
    [
        ("abc", 2, 1, [("a", False), ("b", True), ("c", False)]),
        ("abc", 4, 0, [("abc", False), ("", True)]),
        ("a\u202eb", 0, 0, [("a", False), ("U+202E", False), ("b", False)]),
        ("a\u200bb\n", 2, 1, [("a", False), ("U+200B", True), ("b\n", False)]),
        ("", 1, 0, [("", True)]),
    ],
)
def test_a_text_as_it_is(text: str, column: int, length: int, pieces: list[tuple[str, bool]]) -> None:
    assert [(piece.text, piece.fault) for piece in revealed(text, column, length)] == pieces


def test_the_last_hour() -> None:
    """Rates between samples; what is older than an hour is forgotten."""
    history = History()
    assert history.series("yd") is None
    for n in range(KEPT + 10):
        history.add({"yd": Sample(n * 10_000, n % 3, n * 50, n // 100)})
    series = history.series("yd")
    assert series is not None
    assert (len(series.waiting), set(series.rate), series.minutes) == (KEPT, {5.0}, 59)
    assert spark([0, 5, 10]) == "0.0,31.0 120.0,16.0 240.0,1.0"
    assert spark([0.0]) == "0.0,31.0"


def test_proposals_on_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line as it is and as it is to be; nothing is written."""
    monkeypatch.setenv("SMSGATE_DATABASE", f"sqlite:///{tmp_path / 'a.db'}")
    monkeypatch.setenv("SMSGATE_ORGCHART", str(sample_path()))
    counter = Counter.on(f"sqlite:///{tmp_path / 'a.db'}")
    counter.stage.sms(STRANGER, "我是林娜")
    number = counter.one().id
    counter.does(lambda desk: desk.propose(number, "linna", ProposalHow.ADD))
    counter.stage.close()
    said = CliRunner().invoke(app, ["orgchart", "proposals"]).output
    assert '+   linna:      {name: 林娜, phone: ["13910000013", "13912345678"]}' in said
    assert f"{sample_path()}:" in said
