"""What answers a question, and what is just talk."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from smsgate.domain.conversation import read_reply
from smsgate.domain.messages import MoState
from smsgate.domain.ticket import Ticket
from smsgate.sample import sample_chart
from smsgate.store.tables import conversations, hops
from smsgate.testing.stage import Stage

CHATTER = tuple((Path(__file__).parents[1] / "chatter.txt").read_text(encoding="utf-8").splitlines())
NO_REPLIES = ("好的", "是的", "收到", "OK", "行", "Y!", "YY", "好。", "1-2", "选1", "", "1..", "٢")
ACCEPTING = frozenset({"Y", "y", "Ｙ", "是", "好", "对"})
FIRST, SECOND = "48217", "13887"
PICKING = {
    **dict.fromkeys(("1", "１", "1.", "①", FIRST), FIRST),
    **dict.fromkeys(("2", "2)", "②"), SECOND),
}
"""What of it picks the first or second ticket of a list."""


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Y", "Y"),
        ("y", "Y"),
        ("Ｙ", "Y"),
        (" Y\n", "Y"),
        ("是", "是"),
        ("好", "好"),
        ("对", "对"),
        ("1", "1"),
        ("２", "2"),
        ("1.", "1"),
        ("1)", "1"),
        ("１）", "1"),
        ("2、", "2"),
        ("③", "3"),
        ("48217", "48217"),
        ("202611230001", "202611230001"),
        *(
            (text, None)
            for text in ("好的", "是的", "收到", "OK", "行", "Y!", "YY", "好。", "1-2", "选1", "", "1..", "٢")
        ),
    ],
)
def test_a_reply_is_the_whole_message(text: str, word: str | None) -> None:
    reply = read_reply(text)
    assert (None if reply is None else reply.word) == word


@given(st.text(max_size=30))
def test_nothing_else_is_a_reply(text: str) -> None:
    reply = read_reply(text)
    if reply is not None:
        assert reply.word in ("Y", "是", "好", "对") or reply.word.isdigit()
        said = [char for char in unicodedata.normalize("NFKC", text).upper() if char.isalnum()]
        assert "".join(said) == reply.word


@pytest.fixture
def two(stage: Stage) -> Stage:
    """王敏 holds two tickets, and has read all about it."""
    stage.open()
    stage.open("东区话单异常")
    stage.new_sms()
    return stage


def tickets(stage: Stage) -> dict[str, Ticket]:
    return {code: stage.ticket(code) for code in (FIRST, SECOND)}


def test_chatter_changes_nothing(two: Stage) -> None:
    assert len(CHATTER) == len(set(CHATTER)) >= 400
    before = tickets(two)
    for text in CHATTER:
        assert two.sms("wangmin", text).result.state is MoState.TALK, text
        assert tickets(two) == before, text
    assert two.log() == [("48217", "open", None), ("13887", "open", None)]
    assert two.new_sms() == []


def test_chatter_accepts_no_offer_but_by_its_words(two: Stage) -> None:
    """While an offer waits, and is the last SMS: Y, and 是, 好 and 对."""
    is_open = False
    for text in CHATTER:
        if not is_open:
            assert two.sms("wangmin", "JDFK48217在路上").result.state is MoState.REFUSED
            two.new_sms()
        before = tickets(two)
        receipt = two.sms("wangmin", text)
        is_open = text not in ACCEPTING
        if is_open:
            assert (receipt.result.state, receipt.answer) == (MoState.TALK, None), text
            assert tickets(two) == before, text
            assert two.new_sms() == [], text
        else:
            assert receipt.result.state is MoState.APPLIED, text
            assert two.log()[-1] == ("48217", "progress", None)
            assert tickets(two)["13887"] == before["13887"], text
    # the offer outlived all that was said since
    assert is_open
    assert two.sms("wangmin", "Y").result.state is MoState.APPLIED


def test_chatter_picks_from_no_list_but_by_number_or_code(two: Stage) -> None:
    is_open = False
    for text in CHATTER:
        if not is_open:
            assert two.sms("wangmin", "JDFK#在路上").result.state is MoState.ASKED
            two.new_sms()
        before = tickets(two)
        receipt = two.sms("wangmin", text)
        picked = PICKING.get(text)
        is_open = picked is None
        if picked is None:
            assert (receipt.result.state, receipt.answer) == (MoState.TALK, None), text
            assert tickets(two) == before, text
            assert two.new_sms() == [], text
        else:
            assert receipt.result.state is MoState.APPLIED, text
            assert {code for code, ticket in tickets(two).items() if ticket != before[code]} == {picked}, text
    assert is_open
    assert two.sms("wangmin", "2").result.state is MoState.APPLIED


def test_a_question_survives_a_restart_in_one_row(tmp_path: Path) -> None:
    before = Stage.in_folder(tmp_path, sample_chart())
    before.open()
    before.sms("wangmin", "LD收到")
    before.sms("wangmin", "ZP#核心维护室-话务维护组-helijia#请看")
    before.close()
    stage = Stage.in_folder(tmp_path, sample_chart())
    with stage.store.engine.connect() as connection:
        assert len(connection.execute(select(conversations.c.sender)).all()) == 1
    assert stage.sms("wangmin", "Y").result.state is MoState.APPLIED
    with stage.store.engine.connect() as connection:
        assert connection.execute(select(conversations.c.sender)).all() == []
        newest = connection.execute(select(hops.c.raw, hops.c.target_typed).order_by(hops.c.id.desc())).first()
    assert newest == (
        "ZP#核心维护室-话务维护组-helijia#请看\n=> ZP#-核心维护室-话务维护组-helijia#请看",
        "-核心维护室-话务维护组-helijia",
    )
    stage.close()


def test_old_questions_are_cleaned_up(stage: Stage) -> None:
    stage.open()
    stage.sms("wangmin", "LD收到")
    stage.clock.go_on(hours=23)
    assert stage.store.writer.write_now(lambda unit: unit.forget_questions(stage.clock() - 86_400_000)) == 0
    stage.clock.go_on(hours=2)
    assert stage.store.writer.write_now(lambda unit: unit.forget_questions(stage.clock() - 86_400_000)) == 1


def test_two_machines_that_answer_each_other_stop_within_ten(stage: Stage) -> None:
    stage.open()
    stage.new_sms()
    answer: str | None = "ZP#-核心#自动回复"
    sent = 0
    while answer is not None and sent < 20:
        answer = stage.sms("wangmin", answer).answer
        sent += 1
    assert sent <= 10
