"""Two machines that answer each other stop within ten messages, and no person is taken for one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count, cycle
from typing import Any

import pytest
from sqlalchemy import select

from routing.chart import Chart
from routing.model import Act
from smsgate.domain.messages import MobileOriginated, MoState
from smsgate.service.charts import ChartInForce
from smsgate.service.loops import HOURLY_ANSWERED, OWN_NUMBER, from_no_phone
from smsgate.service.office import Office
from smsgate.service.requests import Acted
from smsgate.store import mo_rows, mt_rows, ticket_rows
from smsgate.store.statements import Statement
from smsgate.store.tables import mos
from smsgate.testing.stage import Stage

Machine = Callable[[str], str]
"""What it answers to an SMS."""
ENDLESS = 40
TEN = 10


def says(*texts: str) -> Machine:
    """The same every time, or several texts in turn."""
    turn = cycle(texts)
    return lambda _heard: next(turn)


def counts(text: str) -> Machine:
    """A text with a number that grows."""
    number = count(1)
    return lambda _heard: text.format(next(number))


def quotes(before: str, after: str = "") -> Machine:
    """What it has heard, in a text of its own."""
    return lambda heard: f"{before}{heard}{after}"


def grows() -> Machine:
    """All that it has heard so far."""
    heard_so_far: list[str] = []

    def answer(heard: str) -> str:
        heard_so_far.append(heard)
        return "#".join(heard_so_far)

    return answer


MACHINES: dict[str, Callable[[], Machine]] = {
    "busy": lambda: says("我正在开车，稍后给您回电。"),
    "away": lambda: says("【自动回复】本人休假至11月30日，急事请拨13900000000#8017"),
    "hash": lambda: says("#已读"),
    "begins like a command": lambda: says("LD收到"),
    "begins with a code": lambda: says("48217已收到"),
    "a command with a wrong name": lambda: says("ZP#-核心#自动回复"),
    "a question mark": lambda: says("?"),
    "CX": lambda: says("CX"),
    "CX of a ticket": lambda: says("CX48217"),
    "CX of a wrong code": lambda: says("CX48218"),
    "BZ": lambda: says("BZ"),
    "BZ of nothing": lambda: says("BZ#自动回复"),
    "a real command": lambda: says("LD48217#自动回复"),
    "Y": lambda: says("Y"),
    "1": lambda: says("1"),
    "OK": lambda: says("OK"),
    "nothing visible": lambda: says(" "),
    "two questions in turn": lambda: says("CX", "BZ"),
    "two errors in turn": lambda: says("LD收到", "LD好的"),
    "two wrong names in turn": lambda: says("ZP#-核心#忙", "ZP#-核心#在忙"),
    "an error and a question in turn": lambda: says("ZP#-核心#忙", "?"),
    "three in turn": lambda: says("#忙", "#在忙", "#很忙"),
    "talk and an error in turn": lambda: says("在忙", "#在忙"),
    "a counter": lambda: counts("自动回复#{}：已收到"),
    "a counter behind a code": lambda: counts("48217已收到{}次"),
    "a counter behind a verb": lambda: counts("LD收到{}"),
    "an echo": lambda: quotes(""),
    "an echo in 自动回复": lambda: quotes("自动回复："),
    "an echo in [自动回复]": lambda: quotes("[自动回复]"),
    "an echo in Auto-Reply": lambda: quotes("Auto-Reply: "),
    "an echo in Re": lambda: quotes("Re: "),
    "an echo in 回复": lambda: quotes("回复："),
    "an echo in FW": lambda: quotes("FW:"),
    "an echo with a signature": lambda: quotes("【中国移动】", "\n拒收请回复R"),
    "an echo in quotes": lambda: quotes("您好，您的短信“", "”我已收到，稍后联系 #1"),
    "an echo in full width": lambda: lambda heard: heard.translate({c: c + 0xFEE0 for c in range(0x21, 0x7F)}),
    "an echo broken into lines": lambda: (
        lambda heard: "\n".join(heard[at : at + 15] for at in range(0, len(heard), 15))
    ),
    "half an echo": lambda: lambda heard: heard[len(heard) // 2 :],
    "an echo that is cut": lambda: lambda heard: f"#{heard[:12]}…",
    "all it has heard": grows,
}


def converse(stage: Stage, machines: dict[str, Machine], seconds: int) -> list[str]:
    """All messages between us and these phones, until nobody has anything to say."""
    by_phone = {stage.phone_of(who): machine for who, machine in machines.items()}
    said: list[str] = []
    while (unread := [sms for sms in stage.new_sms() if sms.phone in by_phone]) and len(said) < ENDLESS:
        for sms in unread:
            said.append(f"MT {sms.text}")
            reply = by_phone[sms.phone](sms.text)
            said.append(f"MO {reply}")
            stage.clock.go_on(seconds=seconds)
            stage.sms(sms.phone, reply)
    return said


def last_mo(stage: Stage) -> tuple[str, str | None]:
    with stage.store.engine.connect() as connection:
        row = connection.execute(select(mos.c.state, mos.c.detail).order_by(mos.c.id.desc())).first()
    assert row is not None
    return row[0], row[1]


SLOW = ("CX", "an echo", "two questions in turn", "a counter")


@pytest.mark.parametrize(
    ("kind", "seconds"), [*((kind, 5) for kind in MACHINES), *((kind, 110) for kind in SLOW), ("CX", 0)]
)
def test_a_machine_and_we_stop_within_ten_messages(stage: Stage, kind: str, seconds: int) -> None:
    stage.open()
    said = converse(stage, {"wangmin": MACHINES[kind]()}, seconds)
    assert len(said) <= TEN, "\n".join(said)
    state, detail = last_mo(stage)
    assert state in ("talk", "suppressed")
    # the row says why there was no answer
    assert (detail is not None) == (state == "suppressed")


@pytest.mark.parametrize("kind", ["an echo", "CX", "hash", "a counter"])
def test_two_machines_in_one_group_stop_each_within_ten(stage: Stage, kind: str) -> None:
    stage.open(target="-核心维护室-交换维护组")
    machines = {who: MACHINES[kind]() for who in ("liuyang", "zhangwei", "zhangwei2", "zhaogang")}
    said = converse(stage, machines, 1)
    assert len(said) <= TEN * len(machines), "\n".join(said)


def test_a_command_that_is_new_each_time_and_wrong_is_answered_five_times(stage: Stage) -> None:
    """Its verb could be read, as a person's: five errors an hour are theirs, ten messages in all."""
    stage.open()
    stage.new_sms()
    machine = counts("ZP#-核心#自动回复{}")
    answers = [stage.sms("wangmin", machine("")).answer for _ in range(8)]
    assert [answer is not None for answer in answers] == [True] * 5 + [False] * 3
    assert last_mo(stage)[1] == (
        "not answered: 5 errors within an hour were; No room “核心” in 网管维护中心; near: 核心维护室."
    )


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("CX", "not answered: the same text more than 3 times within minutes"),
        ("two questions in turn", "not answered: two texts in turn, again and again within minutes"),
        ("an echo", "an echo: the text of an SMS that we had sent to that phone within the hour"),
        ("a counter", "not answered: more than 4 texts within minutes, and no command among them; "),
    ],
)
def test_the_row_says_why(stage: Stage, kind: str, why: str) -> None:
    stage.open()
    converse(stage, {"wangmin": MACHINES[kind]()}, 5)
    state, detail = last_mo(stage)
    assert state == "suppressed"
    assert (detail or "").startswith(why)


# -- people ---------------------------------------------------------------------------------------------------------


def answered(stage: Stage, *texts: str, who: str = "wangmin") -> list[bool]:
    return [stage.sms(who, text).answer is not None for text in texts]


def test_equal_commands_that_do_something_are_all_done(stage: Stage) -> None:
    stage.open()
    receipts = [stage.sms("wangmin", "JDFK48217#还在路上") for _ in range(8)]
    assert all(receipt.result.state is MoState.APPLIED and receipt.answer for receipt in receipts)
    assert stage.log()[-8:] == [("48217", "progress", None)] * 8


def test_the_refusal_after_equal_commands_is_heard(stage: Stage) -> None:
    stage.open()
    assert all(answered(stage, *["JDFK48217#在路上"] * 4))
    assert isinstance(stage.act("zhoujie", Act.CANCEL, "48217"), Acted)
    assert answered(stage, *["JDFK48217#在路上"] * 4) == [True, True, True, False]


def test_another_text_or_ten_minutes_make_us_answer_again(stage: Stage) -> None:
    stage.open()
    assert answered(stage, "CX", "CX", "cx ", "CX", "ＣＸ") == [True, True, True, False, False]
    assert answered(stage, "BZ", "CX") == [True, True]
    assert answered(stage, "CX", "CX", "CX") == [True, True, False]
    stage.clock.go_on(minutes=11)
    assert answered(stage, "CX", "CX", "CX", "CX") == [True, True, True, False]


def test_whoever_asks_now_and_then_is_answered(stage: Stage) -> None:
    stage.open()
    for _ in range(15):
        stage.clock.go_on(minutes=3)
        assert answered(stage, "CX") == [True]


def test_whoever_looks_at_one_ticket_after_the_other_is_answered(stage: Stage) -> None:
    codes = [stage.open(f"{number}号站退服").ticket.code for number in range(6)]
    assert all(answered(stage, "CX", *(f"CX{code}" for code in codes), "CX", "CX#2", "BZ", "BZ#ZP", "BZ#LD", "CX"))


def test_a_provider_that_repeats_itself_is_no_machine(stage: Stage) -> None:
    stage.open()
    for provider_id in ("a", "b", "c", "d"):
        # the same message under a new id, as its stated time tells
        stage.sms("wangmin", "CX", provider_id=provider_id, sent_at=1)
    assert answered(stage, "CX", "CX", "CX") == [True, True, False]


def test_there_is_an_end_to_questions(stage: Stage) -> None:
    stage.open()
    texts = [f"CX#{page}" for page in range(1, HOURLY_ANSWERED + 3)]
    assert answered(stage, *texts) == [True] * HOURLY_ANSWERED + [False] * 2
    assert last_mo(stage)[1] == f"not answered: the last {HOURLY_ANSWERED} answers within an hour moved no ticket"
    # whoever works is no machine
    assert answered(stage, "JDFK48217#在路上", "CX") == [True, True]


class Broken:
    """A chart that knows who calls, and fails as soon as something is to be moved."""

    def __init__(self, chart: Chart) -> None:
        self._chart = chart

    def __getattr__(self, name: str) -> Any:
        return getattr(self._chart, name)

    def unit(self, _path: object) -> None:
        raise ZeroDivisionError("a bug")


def test_a_bug_does_not_feed_a_machine_either(stage: Stage) -> None:
    stage.open()
    broken = Broken(stage.charts.current)
    stage.office = Office(ChartInForce(broken), stage.office.rules, stage.clock)  # type: ignore[arg-type]
    receipts = [stage.sms("wangmin", "ZP48217#-核心维护室-话务维护组#自动回复") for _ in range(5)]
    # nothing is lost to the bug
    assert all(receipt.result.state is MoState.SHUNTED for receipt in receipts)
    assert [receipt.answer is not None for receipt in receipts] == [True, True, True, False, False]
    dispatchers = [sms for sms in stage.new_sms() if sms.role == "dispatcher"]
    assert len(dispatchers) == 3 * len({sms.phone for sms in dispatchers})


# -- echoes ---------------------------------------------------------------------------------------------------------


def test_an_echo_is_none_of_another_phone_nor_after_an_hour(stage: Stage) -> None:
    stage.open("3#机房断电")
    (notice,) = stage.new_sms()
    assert stage.sms("helijia", notice.text).result.state is MoState.REFUSED
    stage.clock.go_on(minutes=59)
    assert stage.sms("wangmin", notice.text).result.state is MoState.SUPPRESSED
    stage.clock.go_on(minutes=2)
    assert stage.sms("wangmin", notice.text).result.state is MoState.REFUSED


def test_talk_may_be_an_echo_too(stage: Stage) -> None:
    stage.open()
    (notice,) = stage.new_sms()
    assert stage.sms("wangmin", f"转发：{notice.text}").result.state is MoState.SUPPRESSED
    assert stage.sms("wangmin", notice.text[:20]).result.state is MoState.TALK


def test_what_we_showed_may_be_typed(stage: Stage) -> None:
    stage.open()
    offer = stage.sms("wangmin", "ZP#-核心#请看").answer
    assert offer is not None
    shown = offer.rpartition("回Y改为")[2].replace("…", "请看")
    assert stage.sms("wangmin", shown).result.state is MoState.APPLIED
    # a part of what we sent, and an SMS quoted behind a verb of one's own, are people's mistakes
    form = (stage.sms("helijia", "BZ#ZP").answer or "").partition(" ")[0]
    assert stage.sms("helijia", form).result.state is MoState.REFUSED
    stage.new_sms()
    assert stage.sms("helijia", f"LD收到：{offer}").result.state is MoState.REFUSED
    assert stage.sms("wangmin", f"LD收到：{offer}").result.state is MoState.REFUSED


# -- no phones ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sender", "why"),
    [
        ("10086", "sent by the short number 10086, not by a phone"),
        ("+8695588", "sent by the short number 95588, not by a phone"),
        ("123456", "sent by the short number 123456, not by a phone"),
        ("1065712345678", "sent by the carrier's access code 1065712345678, not by a phone"),
        ("+8610691234567", "sent by the carrier's access code 10691234567, not by a phone"),
        ("CMCC", "sent by a name, CMCC, not by a phone"),
        ("中国移动", "sent by a name, 中国移动, not by a phone"),
        ("10657500", OWN_NUMBER),
        ("008610657500", OWN_NUMBER),
        ("1065750048217", OWN_NUMBER),
        ("+861065750048217", OWN_NUMBER),
        ("+8610657500", OWN_NUMBER),
    ],
)
def test_what_is_no_phone_is_recorded_and_not_answered(stage: Stage, sender: str, why: str) -> None:
    stage.open()
    stage.new_sms()
    receipt = stage.sms(sender, "LD48217")
    assert (receipt.result.state, receipt.answer, receipt.result.actor) == (MoState.SUPPRESSED, None, None)
    assert last_mo(stage) == ("suppressed", why)
    assert stage.log() == [("48217", "open", None)]
    assert stage.new_sms() == []


@pytest.mark.parametrize(
    "sender", ["+8613800000000", "+442071838751", "02987654321", "whatsapp:+8613800000000", "a@b.cn"]
)
def test_a_stranger_is_unknown(stage: Stage, sender: str) -> None:
    assert stage.sms(sender, "LD48217").result.state is MoState.UNKNOWN_SENDER


def test_an_own_number_is_one_even_if_it_is_a_whole_phone() -> None:
    assert from_no_phone("+15005550006", ["+15005550006"]) is not None
    assert from_no_phone("+1500555000648217", ["+15005550006"]) is not None
    assert from_no_phone("+15005550007", ["+15005550006", ""]) is None


# -- what it costs --------------------------------------------------------------------------------------------------


class Watched:
    """A ledger that remembers what it was asked."""

    def __init__(self, ledger: Any) -> None:
        self._ledger = ledger
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        self.asked.append(name)
        return getattr(self._ledger, name)


def asked(stage: Stage, text: str) -> Sequence[str]:
    now = stage.clock()
    mo = MobileOriginated("simulator", f"{now}{text}", stage.phone_of("wangmin"), "1", text, text.encode(), now)

    def receive(unit: Any) -> list[str]:
        ledger: Any = Watched(unit)
        stage.office.receive(ledger, mo)
        return list(ledger.asked)

    return stage.store.writer.write_now(receive)


def test_a_good_command_is_not_asked_whether_it_is_a_machines(stage: Stage) -> None:
    stage.open()
    for text in ("LD48217", "JDFK48217#在路上", "ZP48217#-核心维护室-话务维护组-helijia#请看"):
        assert not {"mos_before", "texts_to"} & set(asked(stage, text))
    assert "texts_to" not in asked(stage, "收到")
    assert "mos_before" in asked(stage, "CX")


@pytest.mark.parametrize(
    ("statement", "given", "index"),
    [
        (mo_rows._BEFORE, {"sender": "+86", "before": 9, "most": 4}, "ix_mos_sender (sender=? AND id<?)"),
        (mt_rows._TEXTS_TO, {"phone": "+86", "most": 4}, "ix_mts_phone (phone=?)"),
        (mo_rows._REFUSED, {"sender": "+86", "since": 9, "most": 4}, "ix_mos_sender (sender=? AND id>?)"),
        (ticket_rows._TOLD_LIVE, {"account": "x", "phone": "+86"}, "ix_tickets_live_holder (holder>?)"),
    ],
)
def test_looking_back_goes_by_an_index(stage: Stage, statement: Statement, given: dict[str, Any], index: str) -> None:
    """No look reads a table, whose rows are of years, nor an index of states, of which all have the same few."""
    compiled = statement.on(stage.store.engine.dialect)
    with stage.store.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled.sql}", compiled.arguments(given)).all()
    steps = [row[3] for row in rows]
    assert steps[0] == f"SEARCH {index.split('_')[1]} USING INDEX {index}"
    assert not any(step.startswith("SCAN") or "state" in step for step in steps)
