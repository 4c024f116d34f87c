"""Which thread a message came in, what it means, and in which thread each SMS goes out."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from routing.loader import load_text
from routing.model import Act
from smsgate.domain.codes import all_codes
from smsgate.domain.messages import MobileOriginated, MoState
from smsgate.domain.refusals import Why
from smsgate.domain.service_number import ServiceNumber
from smsgate.sample import sample_path
from smsgate.service.requests import Acted, Receipt
from smsgate.service.rules import Rules
from smsgate.store.notices import resend
from smsgate.store.tables import conversations, hops, mos
from smsgate.testing.stage import LIMITS, NUMBER, Sms, Stage

HELIJIA = "-核心维护室-话务维护组-helijia"
GROUP = "-核心维护室-交换维护组"


# -- the number -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("receiver", "extension"),
    [
        ("1065750048217", "48217"),
        ("+861065750048217", "48217"),
        ("861065750048217", "48217"),
        ("00861065750048217", "48217"),
        ("10657500", None),
        ("+8610657500", None),
        ("106575", None),
        ("10657501" + "48217", None),
        ("48217", None),
        ("10657500-48217", None),
        ("10657500４８２１７", None),
        # more than the carrier should bring is no reason to guess
        ("10657500123456789", "123456789"),
    ],
)
def test_the_digits_behind_our_number(receiver: str, extension: str | None) -> None:
    assert NUMBER.extension(receiver) == extension


@given(
    # one that begins like the country code could be read in two ways, and there is none
    st.from_regex(r"(?!86)[1-9][0-9]{2,12}", fullmatch=True),
    st.integers(0, 8),
    st.sampled_from(all_codes(5) + all_codes(6)[:100]),
    st.sampled_from(["", "86", "+86", "0086", "+"]),
)
def test_a_reply_comes_back_to_the_ticket_that_it_was_sent_for(digits: str, room: int, code: str, country: str) -> None:
    number = ServiceNumber(digits, room)
    back = country + number.source(code)
    assert number.means(back)
    assert number.extension(back) == (code if len(code) <= room else None)


def test_a_carrier_that_keeps_no_digits_has_no_threads() -> None:
    number = ServiceNumber("10657500")
    assert number.source("48217") == number.source(None) == "10657500"
    assert number.extension("1065750048217") is None


@pytest.mark.parametrize("sender", ["10657500", "+8610657500", "1065750048217", "+12025550123"])
def test_our_own_numbers_are_ours_whatever_stands_behind_them(stage: Stage, sender: str) -> None:
    """Two systems that answer each other would never end."""
    stage.office.rules = replace(stage.office.rules, service_numbers=frozenset({"+12025550123"}))
    stage.open()
    stage.new_sms()
    assert stage.sms(sender, "LD48217").result.state is MoState.SUPPRESSED
    assert stage.new_sms() == []


# -- out ------------------------------------------------------------------------------------------------------------


def sources(stage: Stage) -> set[tuple[str, str | None]]:
    """Role and source of each new SMS."""
    return {(sms.role, sms.source) for sms in stage.new_sms()}


def test_every_sms_about_one_ticket_comes_from_its_number(stage: Stage) -> None:
    stage.open(target=HELIJIA)
    stage.open("东区断纤", HELIJIA)
    assert [sms.source for sms in stage.new_sms()] == ["1065750048217", "1065750013887"]
    stage.sms("helijia", "LD13887")
    assert sources(stage) == {("mover", "1065750013887"), ("actor", "1065750013887")}
    stage.sms("helijia", "CX48217")
    assert sources(stage) == {("actor", "1065750048217")}
    stage.sms("helijia", "LD13887")
    assert sources(stage) == {("actor", "1065750013887")}
    assert isinstance(stage.act("zhoujie", Act.CANCEL, "13887"), Acted)
    assert sources(stage) == {("present", "1065750013887")}
    stage.store.writer.write_now(lambda unit: stage.office.tell_of_late(unit, 1, "+8613910000001"))
    assert {source for _, source in sources(stage)} == {"1065750048217"}


def test_all_else_comes_from_the_service_number_itself(stage: Stage) -> None:
    stage.open(target=HELIJIA)
    stage.open("东区断纤", HELIJIA)
    stage.new_sms()
    for text in ("CX", "BZ", "LD", "LD48216", "JDFK在路上"):
        stage.sms("helijia", text, thread="48217" if text == "CX" else "")
    assert [sms.source for sms in stage.new_sms()] == ["10657500"] * 5


@pytest.mark.parametrize(
    ("number", "source"),
    [(ServiceNumber("10657500", 4), "10657500"), (ServiceNumber("106", 5), "10648217"), (None, None)],
)
def test_the_code_is_left_out_where_it_has_no_room(
    stage: Stage, number: ServiceNumber | None, source: str | None
) -> None:
    stage.office.rules = replace(stage.office.rules, numbers={} if number is None else {"simulator": number})
    stage.open(target=HELIJIA)
    stage.sms("helijia", "LD")
    assert {sms.source for sms in stage.new_sms()} == {source}


def test_an_answer_comes_from_the_number_of_the_account_that_sends_it() -> None:
    rules = Rules(
        LIMITS, "main", frozenset({"main", "other"}), numbers={"main": NUMBER, "other": ServiceNumber("1069")}
    )
    assert (rules.source("main", "48217"), rules.source("other", "48217")) == ("1065750048217", "1069")
    assert (rules.source("main", None), rules.source("third", "48217")) == ("10657500", None)


# -- in -------------------------------------------------------------------------------------------------------------


def two_tickets(stage: Stage) -> None:
    stage.open(target=HELIJIA)
    stage.open("东区断纤", HELIJIA)
    stage.new_sms()


@pytest.mark.parametrize(
    ("thread", "text", "outcome", "ticket"),
    [
        ("13887", "LD", None, "13887"),
        ("13887", "LD13887", None, "13887"),
        ("13887", "LD202611230002", None, "13887"),
        ("13887", "LD48217", Why.OTHER_THREAD, None),
        ("13887", "LD202611230001", Why.OTHER_THREAD, None),
        ("13887", "LD13888", Why.BAD_CODE, None),
        ("13887", "LD69559", Why.UNKNOWN_TICKET, None),
        ("69559", "LD", Why.NO_THREAD, None),
        ("69559", "LD48217", None, "48217"),
        ("13888", "LD", Why.NO_THREAD, None),
        ("202611230002", "LD", Why.NO_THREAD, None),
        ("1", "LD", Why.NO_THREAD, None),
        ("", "LD", Why.SEVERAL_TICKETS, None),
        ("13887", "SBHD#不归我", None, "13887"),
        ("13887", "CB#快", Why.NOT_YOURS, "13887"),
    ],
)
def test_thread_and_code(stage: Stage, thread: str, text: str, outcome: Why | None, ticket: str | None) -> None:
    two_tickets(stage)
    result = stage.sms("helijia", text, thread=thread).result
    assert result.outcome == outcome
    found = None if result.ticket_id is None else ("48217", "13887")[result.ticket_id - 1]
    assert found == ticket
    asked = {Why.OTHER_THREAD, Why.NO_THREAD, Why.SEVERAL_TICKETS}
    assert (result.state is MoState.ASKED) == (outcome in asked)


@pytest.mark.parametrize(
    ("picked", "raw"),
    [("1", "zp13887#-核心维护室-交换维护组-liuyang# A-B#\n=> ZP48217#-核心维护室-交换维护组-liuyang#A-B#"),
     ("2", "zp13887#-核心维护室-交换维护组-liuyang# A-B#")],
)  # fmt: skip
def test_the_log_shows_what_was_typed_and_what_was_chosen(stage: Stage, picked: str, raw: str) -> None:
    """The code in it is that of the ticket that was moved; the opinion is what it was."""
    two_tickets(stage)
    asked = stage.sms("helijia", "zp13887#-核心维护室-交换维护组-liuyang# A-B#", thread="48217").result
    assert (asked.state, asked.ticket_id) == (MoState.ASKED, None)
    assert stage.sms("helijia", picked).result.ticket_id == int(picked)
    with stage.store.engine.connect() as connection:
        newest = connection.execute(select(hops.c.raw, hops.c.target_typed).order_by(hops.c.id.desc())).first()
    assert newest == (raw, "-核心维护室-交换维护组-liuyang")


def test_the_way_a_carrier_writes_our_number_does_not_matter(stage: Stage) -> None:
    two_tickets(stage)
    assert by_number(stage, "simulator", "+861065750013887").result.ticket_id == 2


def test_the_digits_behind_another_accounts_number_mean_nothing(stage: Stage) -> None:
    """No SMS of ours went out from there."""
    two_tickets(stage)
    assert by_number(stage, "tw", "1065750013887").result.outcome == Why.SEVERAL_TICKETS


def by_number(stage: Stage, account: str, receiver: str) -> Receipt:
    sender = stage.phone_of("helijia")
    mo = MobileOriginated(account, "x", sender, receiver, "LD", b"LD", stage.clock())
    return stage.store.writer.write_now(lambda unit: stage.office.receive(unit, mo))


def test_a_duty_phone_has_threads_of_its_own(stage: Stage) -> None:
    phone = "+8613910000100"
    for title in ("西区基站退服", "东区断纤"):
        stage.open(title, "-核心维护室")
    told = {(sms.phone, sms.source) for sms in stage.new_sms()}
    assert (phone, "1065750013887") in told
    assert stage.sms(phone, "LD", thread="13887").result.ticket_id == 2


def test_the_second_phone_of_who_was_told_is_theirs_as_well(stage: Stage) -> None:
    for title in ("西区基站退服", "东区断纤"):
        stage.open(title, f"{GROUP}-liuyang")
    assert stage.sms("+8613910000103", "LD", thread="48217").result.ticket_id == 1


def edited(stage: Stage, *changes: tuple[str, str]) -> None:
    """Another chart is in force."""
    text = sample_path().read_text("utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    chart = load_text(text).chart
    assert chart is not None
    stage.charts.put(chart)


def test_a_thread_of_a_ticket_that_one_may_not_see_any_more(stage: Stage) -> None:
    """Who is away sees no more than they hold; the answer is that for no ticket at all."""
    stage.open(target=f"{GROUP}-liuyang")
    assert stage.sms("liuyang", f"ZP#{GROUP}-zhangwei#请处理", thread="48217").result.state is MoState.APPLIED
    assert stage.sms("liuyang", "CX48217", thread="48217").result.state is MoState.APPLIED
    edited(stage, ("{name: 刘洋, ", "{name: 刘洋, active: false, "))
    unknown = stage.sms("liuyang", "JDFK#在路上", thread="69559")
    said = stage.sms("liuyang", "JDFK#在路上", thread="48217")
    assert said.result == unknown.result
    assert said.answer == unknown.answer == "您没有可反馈的工单。如有，请写明工单号：JDFK工单号。"


def test_a_phone_that_somebody_else_has_now_keeps_threads_that_mean_nothing(stage: Stage) -> None:
    """何丽佳 leaves, her phone goes to 吴静, who holds one ticket: it is asked about, not guessed."""
    stage.open(target=HELIJIA)
    hers, new = '何丽佳, phone: "13910000001"', '吴静, phone: "13910000008"'
    edited(stage, (hers, hers.replace("0001", "0077")), (new, new.replace("0008", "0001")))
    stage.clock.go_on(minutes=3)
    stage.open("光缆中断", "-传输维护室-光缆维护组-wujing")
    said = stage.sms("+8613910000001", "LD", thread="48217")
    assert said.result.outcome == Why.NO_THREAD
    assert said.answer == "您回的号码没有对应您的工单。要受理13887光缆中断请回Y"


def test_who_stands_above_and_was_never_told_is_asked(stage: Stage) -> None:
    """赵刚 may see and move it, but has no SMS of it: only by its code."""
    stage.open(target=f"{GROUP}-liuyang")
    stage.clock.go_on(minutes=3)
    zp = f"ZP#{GROUP}-zhangwei#请处理"
    assert stage.sms("zhaogang", zp, thread="48217").result.outcome == Why.NO_TICKET
    assert stage.sms("zhaogang", zp.replace("ZP", "ZP48217"), thread="48217").result.state is MoState.APPLIED


def test_the_offer_of_an_older_smsgate_is_still_understood(stage: Stage) -> None:
    """Its options say nothing of threads, nor of who has just moved a ticket."""
    two_tickets(stage)
    stage.sms("helijia", "LD", thread="69559")
    with stage.store.engine.begin() as connection:
        options = json.loads(connection.execute(select(conversations.c.options)).scalar_one())
        assert [len(option) for option in options] == [7, 7]
        older = json.dumps([option[:4] for option in options])
        connection.execute(conversations.update().values(options=older))
    assert stage.sms("helijia", "2").result.ticket_id == 2


def test_a_message_that_was_shunted_is_run_again_in_its_thread(stage: Stage) -> None:
    two_tickets(stage)
    row = {
        "id": 1, "account": "simulator", "sender": stage.phone_of("helijia"), "receiver": "1065750013887",
        "channel": "sms", "text": "LD", "raw": b"LD", "digest": "x", "received_at": stage.clock(), "state": "shunted",
    }  # fmt: skip
    with stage.store.engine.begin() as connection:
        connection.execute(insert(mos).values(**row))
    done = stage.store.writer.write_now(lambda unit: stage.office.replay(unit, 1))
    assert isinstance(done, Receipt)
    assert (done.result.state, done.result.ticket_id) == (MoState.APPLIED, 2)


def test_a_resent_one_comes_from_the_same_number(stage: Stage) -> None:
    stage.open(target=HELIJIA)
    first = one(stage)
    stage.store.writer.write_now(lambda unit: unit.session._execute("UPDATE mts SET state = 'failed'"))
    stage.store.writer.write_now(lambda unit: resend(unit, first.id, stage.clock()))
    assert one(stage).source == first.source == "1065750048217"


def one(stage: Stage) -> Sms:
    (found,) = stage.new_sms()
    return found
