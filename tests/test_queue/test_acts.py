"""What the desk does with an item, told as dialogues: who does what, and which SMS go out by that."""

from __future__ import annotations

import pytest

from routing.chart import Chart
from routing.loader import load_text
from routing.model import Act
from smsgate.domain.queue import ProposalHow, QueueItem
from smsgate.sample import sample_chart, sample_path
from smsgate.service.queueing import QueueNo, QueueWhy, Ran
from tests.test_queue.counter import MENDED, MISREAD, STRANGER, Counter

NASTY = "<script>alert(1)</script>=cmd|' /C calc'!A0\u202e\u2067倒" + "长" * 1900


def why(done: object) -> QueueWhy:
    """What was said no to. Raises AssertionError where it was done."""
    assert isinstance(done, QueueNo), done
    return done.why


def chart_with(old: str, new: str) -> Chart:
    """The sample chart with a change in its text."""
    loaded = load_text(sample_path().read_text(encoding="utf-8").replace(old, new))
    assert loaded.chart is not None, loaded.faults
    return loaded.chart


def knows_stranger() -> Chart:
    """The sample chart in which the stranger's number is 林娜's."""
    return chart_with(
        'linna:      {name: 林娜, phone: "13910000013"}', 'linna: {name: 林娜, phone: ["13910000013", "13912345678"]}'
    )


def test_a_corrected_command_runs_as_its_senders(counter: Counter) -> None:
    """The usual SMS go out; the log says in whose name and by whom."""
    counter.stage.deliver()
    counter.tell("""
        wangmin > ZP#-核心维护#已恢复
        wangmin < 网管维护中心没有专业室“核心维护”，是不是“核心维护室”？请改正。回Y改为ZP#-核心维护室#…
    """)
    item = counter.one()
    trial = counter.does(lambda desk: desk.look(item.id, MENDED))
    assert not isinstance(trial, QueueNo)
    assert (trial.done, trial.seen, len(trial.mts)) == (True, "1-1", 3)
    assert counter.hops() == [("open", "周洁", "api")]
    done = counter.does(lambda desk: desk.run(item.id, MENDED, trial.seen))
    assert isinstance(done, Ran)
    assert counter.hops()[1:] == [("transfer", "代王敏 由周洁", "desk")]
    (after,) = counter.items()
    assert (after.outcome, after.handled_by, after.made_mo_id) == ("run", "zhoujie", 2)
    assert counter.rows("SELECT sender, channel, state, text FROM mos WHERE id = 2") == [
        ("+8613910000002", "desk", "applied", MENDED)
    ]
    sent = [(sms.phone[-4:], sms.text) for sms in counter.stage.deliver()]
    assert sent[-1] == ("0002", "已转派48217给核心维护室，须10:32前受理。")
    assert [phone for phone, _ in sent] == ["0100", "0021", "0002"]


def test_a_double_click_is_one_hop(counter: Counter) -> None:
    counter.stage.sms("wangmin", MISREAD)
    item = counter.one()
    first = counter.does(lambda desk: desk.run(item.id, MENDED))
    second = counter.does(lambda desk: desk.run(item.id, MENDED))
    assert isinstance(first, Ran)
    assert isinstance(second, Ran)
    assert (second.item, second.trial) == (first.item, None)
    assert len(counter.hops()) == 2
    assert why(counter.does(lambda desk: desk.run(item.id, MENDED), by="sunyan")) is QueueWhy.OVER


@pytest.mark.parametrize(
    ("typed", "state", "outcome"),
    [
        ("ZP#-核心维护#x", "refused", "unknown_room"),
        ("CGHD99999#x", "refused", "bad_code"),
        ("JP#-核心维护室-话务维护组-wangmin#x", "refused", "already_helper"),
        ("你好", "talk", None),
        (NASTY, "talk", None),
        ("ZP#-核心维护室#" + NASTY * 2, "refused", "too_long"),
        ("7", "talk", None),
    ],
    ids=["unread", "bad code", "holder already", "talk", "nasty talk", "too long", "digit"],
)
def test_what_does_nothing_is_not_run(counter: Counter, typed: str, state: str, outcome: str | None) -> None:
    """And leaves nothing behind: no message, no line in the log, no SMS."""
    counter.stage.sms("wangmin", MISREAD)
    item = counter.one()
    counter.stage.new_sms()
    before = counter.stage.log()
    done = counter.does(lambda desk: desk.run(item.id, typed))
    assert why(done) is QueueWhy.NOT_DONE
    assert isinstance(done, QueueNo)
    assert done.trial is not None
    assert done.trial.result.state == state
    if outcome is not None and outcome != "already_helper":
        assert done.trial.result.outcome == outcome
    assert counter.stage.log() == before
    assert counter.stage.new_sms() == []
    assert counter.rows("SELECT count(*) FROM mos") == [1]
    assert counter.one().id == item.id


def test_a_ticket_that_has_moved_asks_again(counter: Counter) -> None:
    """With what the trial says now."""
    counter.stage.sms("wangmin", MISREAD)
    item = counter.one()
    trial = counter.does(lambda desk: desk.look(item.id, MENDED))
    assert not isinstance(trial, QueueNo)
    counter.stage.act("wangmin", Act.PROGRESS, "48217", "在查")
    done = counter.does(lambda desk: desk.run(item.id, MENDED, trial.seen))
    assert why(done) is QueueWhy.MOVED
    assert isinstance(done, QueueNo)
    assert done.trial is not None
    # the report has accepted it in passing
    assert done.trial.seen == "1-3"
    assert isinstance(counter.does(lambda desk: desk.run(item.id, MENDED, done.trial.seen)), Ran)


def test_one_click_runs_only_what_nobody_has_moved_since(counter: Counter) -> None:
    counter.stage.sms("wangmin", MISREAD)
    item = counter.one()
    counter.stage.clock.go_on(minutes=5)
    counter.stage.act("zhoujie", Act.TRANSFER, "48217", "换人", "-核心维护室-话务维护组-helijia")
    counter.stage.act("helijia", Act.TRANSFER, "48217", "还给你", "-核心维护室-话务维护组-wangmin")
    assert why(counter.does(lambda desk: desk.run(item.id, MENDED))) is QueueWhy.MOVED


def test_two_at_the_desk(counter: Counter) -> None:
    """Who is on it keeps others off for ten minutes; they may take it over openly."""
    counter.stage.sms("wangmin", MISREAD)
    item = counter.one()
    claimed = counter.does(lambda desk: desk.claim(item.id))
    assert isinstance(claimed, QueueItem)
    assert why(counter.does(lambda desk: desk.claim(item.id), by="sunyan")) is QueueWhy.CLAIMED
    assert why(counter.does(lambda desk: desk.run(item.id, MENDED), by="sunyan")) is QueueWhy.CLAIMED
    assert why(counter.does(lambda desk: desk.dismiss(item.id, "talk"), by="sunyan")) is QueueWhy.CLAIMED
    assert isinstance(counter.does(lambda desk: desk.claim(item.id, over=True), by="sunyan"), QueueItem)
    assert why(counter.does(lambda desk: desk.run(item.id, MENDED))) is QueueWhy.CLAIMED
    counter.stage.clock.go_on(minutes=10)
    assert isinstance(counter.does(lambda desk: desk.run(item.id, MENDED)), Ran)
    acts = [("zhoujie", "claim"), ("sunyan", "claim"), ("zhoujie", "run")]
    assert counter.acts(item) == acts


def test_an_unknown_number_becomes_somebodys(counter: Counter) -> None:
    """A proposal; once the chart in force has it, it is over by itself, and the message runs by one click."""
    counter.stage.act("wangmin", Act.TRANSFER, "48217", "请看", "网管维护中心-传输维护室-SDH设备组-linna")
    counter.stage.deliver()
    counter.tell(f"{STRANGER} > LD48217")
    item = counter.one()
    assert why(counter.does(lambda desk: desk.run(item.id, "LD48217"))) is QueueWhy.NOT_DONE
    assert why(counter.does(lambda desk: desk.propose(item.id, "林", ProposalHow.ADD))) is QueueWhy.NOBODY
    assert why(counter.does(lambda desk: desk.propose(item.id, "张伟", ProposalHow.ADD))) is QueueWhy.NOBODY
    made = counter.does(lambda desk: desk.propose(item.id, "林娜", ProposalHow.ADD))
    assert not isinstance(made, QueueNo)
    assert (made.account, made.phone, made.state) == ("linna", STRANGER, "open")
    assert counter.does(lambda desk: desk.propose(item.id, "linna", ProposalHow.ADD)) == made
    assert why(counter.does(lambda desk: desk.propose(item.id, "wangmin", ProposalHow.ADD))) is QueueWhy.PROPOSED
    counter.stage.charts.put(knows_stranger())
    assert counter.one().id == item.id
    assert counter.rows("SELECT state, decided_by FROM chart_proposals") == [("applied", "system")]
    done = counter.does(lambda desk: desk.run(item.id, "LD48217"))
    assert isinstance(done, Ran)
    assert (done.item.outcome, done.item.made_mo_id) == ("rerun", None)
    # her own words, so nobody stands beside her in the log
    assert counter.hops()[-1] == ("accept", "林娜", "sms")
    assert counter.rows("SELECT state FROM mos") == ["applied"]


def test_a_proposal_for_a_number_that_went_to_somebody_else(counter: Counter) -> None:
    counter.stage.sms(STRANGER, "是我")
    item = counter.one()
    counter.does(lambda desk: desk.propose(item.id, "wangmin", ProposalHow.REPLACE))
    counter.stage.charts.put(knows_stranger())
    counter.waits()
    assert counter.rows("SELECT state FROM chart_proposals") == ["withdrawn"]


def test_a_proposal_taken_back(counter: Counter) -> None:
    counter.stage.sms(STRANGER, "是我")
    item = counter.one()
    counter.does(lambda desk: desk.propose(item.id, "wangmin", ProposalHow.ADD))
    assert not isinstance(counter.does(lambda desk: desk.withdraw(STRANGER)), QueueNo)
    assert why(counter.does(lambda desk: desk.withdraw(STRANGER))) is QueueWhy.NO_ITEM
    assert counter.acts(item) == [("zhoujie", "propose"), ("zhoujie", "withdraw")]


def test_a_bug_is_run_again(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smsgate.service.receiving.ticket_of", lambda *_: 1 / 0)
    counter.stage.sms("wangmin", MENDED)
    item = counter.one()
    # while the bug is there, trying finds it and changes nothing
    assert why(counter.does(lambda desk: desk.run(item.id, MENDED))) is QueueWhy.NOT_DONE
    monkeypatch.undo()
    done = counter.does(lambda desk: desk.run(item.id, MENDED))
    assert isinstance(done, Ran)
    assert counter.hops()[-1] == ("transfer", "王敏", "sms")


@pytest.mark.parametrize("act", ["dismiss", "answer", "correct"])
def test_a_shunted_message_that_a_human_dealt_with_is_run_no_more(
    counter: Counter, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    """Not by `smsgate replay --all` either; an undone dismissal lets it wait again."""
    monkeypatch.setattr("smsgate.service.receiving.ticket_of", lambda *_: 1 / 0)
    counter.stage.sms("wangmin", "LD48217")
    monkeypatch.undo()
    item = counter.one()
    if act == "dismiss":
        counter.does(lambda desk: desk.dismiss(item.id, "phoned"))
    elif act == "answer":
        counter.does(lambda desk: desk.answer(item.id, "请重发"))
    else:
        counter.does(lambda desk: desk.run(item.id, MENDED))
    assert counter.rows("SELECT state FROM mos WHERE id = 1") == ["suppressed"]
    if act == "dismiss":
        counter.does(lambda desk: desk.undo(item.id))
        assert counter.rows("SELECT state FROM mos WHERE id = 1") == ["shunted"]
        assert counter.rows("SELECT detail FROM mos WHERE id = 1")[0].startswith("Traceback")
        assert counter.one().id == item.id


def test_a_message_is_sent_again(counter: Counter) -> None:
    """A new one, tied to the old; if that may have arrived, only by who says that they know."""
    counter.settle_all("unknown")
    item = counter.one()
    assert why(counter.resends(item.id)) is QueueWhy.UNSURE
    done = counter.resends(item.id, sure=True)
    assert (done.outcome, done.made_mt_id) == ("resent", 2)
    assert counter.resends(item.id, sure=True) == done
    assert counter.rows("SELECT id, resend_of, state FROM mts ORDER BY id") == [(1, None, "unknown"), (2, 1, "queued")]
    assert why(counter.resends(item.id, sure=True, by="sunyan")) is QueueWhy.OVER


def test_the_sender_is_written_to(counter: Counter) -> None:
    """By SMS through the outbox; what nobody could get is refused."""
    counter.stage.sms(STRANGER, "我是谁")
    item = counter.one()
    assert why(counter.does(lambda desk: desk.answer(item.id, "  "))) is QueueWhy.NO_TEXT
    assert why(counter.does(lambda desk: desk.answer(item.id, NASTY))) is QueueWhy.TOO_LONG
    done = counter.does(lambda desk: desk.answer(item.id, "您的号码不在册，请报姓名"))
    assert isinstance(done, QueueItem)
    assert (done.outcome, done.reason) == ("answered", "您的号码不在册，请报姓名")
    assert counter.does(lambda desk: desk.answer(item.id, "您的号码不在册，请报姓名")) == done
    sent = counter.stage.new_sms()
    assert [(sms.phone, sms.text, sms.segments, sms.kind) for sms in sent] == [
        (STRANGER, "您的号码不在册，请报姓名", 1, "answer")
    ]


@pytest.mark.parametrize(
    ("reason", "words", "said"),
    [
        ("talk", "", "talk"),
        ("other", "他打电话说不用了", "other: 他打电话说不用了"),
        ("other", " ", QueueWhy.NO_REASON),
        ("nonsense", "x", QueueWhy.NO_REASON),
        ("spam", NASTY, QueueWhy.TOO_LONG),
        ("spam", "=cmd|'x'\x00\u202e<b>", "spam: =cmd|'x'\ufffd\u202e<b>"),
    ],
)
def test_a_dismissal_has_a_reason(counter: Counter, reason: str, words: str, said: str | QueueWhy) -> None:
    counter.stage.sms("wangmin", MISREAD)
    item = counter.one()
    done = counter.does(lambda desk: desk.dismiss(item.id, reason, words))
    if isinstance(said, QueueWhy):
        assert why(done) is said
        return
    assert isinstance(done, QueueItem)
    assert (done.outcome, done.reason) == ("dismissed", said)
    back = counter.does(lambda desk: desk.undo(item.id))
    assert isinstance(back, QueueItem)
    assert back.waits
    assert counter.acts(item) == [("zhoujie", "dismiss"), ("zhoujie", "undo")]


def test_all_of_one_number_are_dismissed_at_once(counter: Counter) -> None:
    for n in range(3):
        counter.stage.sms(STRANGER, f"贷款{n}")
    counter.stage.sms("+8613912345679", "别人")
    first, *_ = counter.waits()
    counter.does(lambda desk: desk.dismiss(first.id, "spam", alike=True))
    assert [item.phone for item in counter.waits()] == ["+8613912345679"]


def test_only_a_dismissal_is_undone(counter: Counter) -> None:
    counter.stage.sms("wangmin", MISREAD)
    item = counter.one()
    counter.does(lambda desk: desk.run(item.id, MENDED))
    assert why(counter.does(lambda desk: desk.undo(item.id))) is QueueWhy.OVER


def test_nothing_is_done_to_what_there_is_not(counter: Counter) -> None:
    counter.settle_all("failed")
    item = counter.one()
    assert why(counter.does(lambda desk: desk.claim(99))) is QueueWhy.NO_ITEM
    assert why(counter.does(lambda desk: desk.look(item.id, "CX"))) is QueueWhy.NOT_HERE
    assert why(counter.does(lambda desk: desk.propose(item.id, "linna", ProposalHow.ADD))) is QueueWhy.NOT_HERE
    counter.stage.sms("wangmin", MISREAD)
    misread = next(one for one in counter.waits() if one.kind == "misread")
    assert why(counter.resends(misread.id)) is QueueWhy.NOT_HERE


def test_the_chart_of_the_tests_is_the_sample() -> None:
    assert sample_chart().who_calls(STRANGER) is None
