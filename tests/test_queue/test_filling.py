"""What comes into the queue, and what leaves it by itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from routing.model import Act
from smsgate.domain.messages import MtState
from smsgate.service.ports import DeliveryReport
from smsgate.service.queueing import Ran
from smsgate.service.requests import Receipt
from smsgate.store.receipts import PARKED_AGE, apply_dlr
from tests.test_queue.counter import MENDED, MISREAD, STRANGER, Counter

MINUTE = 60_000


@pytest.mark.parametrize(
    ("who", "said", "kinds"),
    [
        (STRANGER, "ZP#-核心维护室#x", ["unknown_sender"]),
        (STRANGER, "你好", ["unknown_sender"]),
        ("wangmin", MISREAD, ["misread"]),
        ("wangmin", "ZP-核心维护室#x", ["misread"]),
        ("wangmin", "好的，收到", []),
        ("wangmin", MENDED, []),
        ("helijia", "CGHD48217#好了", []),
        ("1065", "ZP#x", []),
    ],
    ids=["stranger", "stranger's talk", "unknown room", "no hash", "talk", "good", "not hers", "no phone"],
)
def test_who_waits_for_a_human(counter: Counter, who: str, said: str, kinds: list[str]) -> None:
    counter.stage.sms(who, said)
    assert counter.kinds() == kinds


def test_who_waits_longest_comes_first(counter: Counter) -> None:
    counter.stage.sms(STRANGER, "一")
    counter.stage.clock.go_on(minutes=1)
    counter.stage.sms("wangmin", MISREAD)
    counter.stage.clock.go_on(minutes=1)
    counter.stage.sms(STRANGER, "二")
    assert counter.kinds() == ["unknown_sender", "misread", "unknown_sender"]


def test_one_error_too_many_is_seen_by_a_human(counter: Counter) -> None:
    """The sixth within an hour is answered no more."""
    for n in range(6):
        counter.stage.sms("wangmin", f"ZP#-核心维护{n}#x")
    assert counter.kinds() == ["misread"] * 6


def test_a_bug_is_asked_about_until_it_is_run_again(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    """A replay by the command line takes it out as well."""
    monkeypatch.setattr("smsgate.service.receiving.ticket_of", lambda *_: 1 / 0)
    mo_id = counter.stage.sms("wangmin", MENDED).mo_id
    monkeypatch.undo()
    item = counter.one()
    assert (item.kind, item.mo_id) == ("shunted", mo_id)
    assert mo_id is not None
    counter.stage.store.writer.write_now(lambda unit: counter.stage.office.replay(unit, mo_id))
    assert counter.waits() == []
    (over,) = counter.items()
    assert (over.outcome, over.handled_by) == ("rerun", "system")


@pytest.fixture
def broken(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Somebody sends what a bug keeps back: the id of that message."""

    def sent(who: str, said: str, where: str = "smsgate.service.receiving.ticket_of") -> int:
        with monkeypatch.context() as patch:
            patch.setattr(where, lambda *_, **__: 1 / 0)
            mo_id = counter.stage.sms(who, said).mo_id
        assert mo_id is not None
        assert counter.one().kind == "shunted"
        return mo_id

    return sent


PARSE = "smsgate.service.receiving.parse"


@pytest.mark.parametrize(
    ("who", "said", "where", "state", "kind"),
    [
        ("helijia", "CGHD48217#好了", None, "refused", "not_done"),
        ("wangmin", "LD99999", None, "refused", "not_done"),
        ("wangmin", MISREAD, PARSE, "refused", "misread"),
        (STRANGER, MENDED, "smsgate.service.receiving.from_no_phone", "unknown_sender", "unknown_sender"),
        ("wangmin", "好的，收到", PARSE, "talk", None),
        ("wangmin", MENDED, None, "applied", None),
    ],
    ids=["not hers", "no such ticket", "unreadable", "a stranger", "talk", "good"],
)
def test_run_again_elsewhere_it_waits_as_what_it_is_now(
    counter: Counter,
    broken: Callable[..., int],
    who: str,
    said: str,
    where: str | None,
    state: str,
    kind: str | None,
) -> None:
    """Only what was carried out, or was no command, needs nobody after `smsgate replay`; the record says what was."""
    mo_id = broken(who, said, where or "smsgate.service.receiving.ticket_of")
    before = counter.one()
    counter.stage.clock.go_on(minutes=90)
    again = counter.stage.store.writer.write_now(lambda unit: counter.stage.office.replay(unit, mo_id))
    assert isinstance(again, Receipt)
    assert again.result.state == state
    if kind is None:
        assert counter.waits() == []
        assert [(item.outcome, item.handled_by) for item in counter.items()] == [("rerun", "system")]
    else:
        after = counter.one()
        assert (after.id, after.kind, after.since) == (before.id, kind, before.since)
        assert counter.acts(after) == [("system", "rerun")]


def test_two_tickets_are_asked_about_and_the_answer_ends_it(counter: Counter, broken: Callable[..., int]) -> None:
    """Asked back is not done: it waits until its sender has answered."""
    counter.stage.open("东区光缆中断")
    mo_id = broken("wangmin", "LD")
    counter.stage.clock.go_on(minutes=90)
    again = counter.stage.store.writer.write_now(lambda unit: counter.stage.office.replay(unit, mo_id))
    assert isinstance(again, Receipt)
    assert again.result.state == "asked"
    assert counter.kinds() == ["not_done"]
    counter.stage.clock.go_on(minutes=5)
    counter.stage.sms("wangmin", "1")
    assert counter.waits() == []
    assert [item.outcome for item in counter.items()] == ["mended"]


def test_what_was_refused_when_run_again_can_be_corrected(counter: Counter, broken: Callable[..., int]) -> None:
    """It is handled like any other message, and `smsgate replay --all` has nothing to do with it."""
    mo_id = broken("wangmin", "LD99999")
    counter.stage.store.writer.write_now(lambda unit: counter.stage.office.replay(unit, mo_id))
    item = counter.one()
    assert isinstance(counter.does(lambda desk: desk.run(item.id, "LD48217")), Ran)
    assert counter.waits() == []
    assert counter.acts(item) == [("system", "rerun"), ("zhoujie", "run")]


def test_a_long_message_without_all_parts(counter: Counter) -> None:
    counter.stage.part("wangmin", "ZP#-核心维护", 1, 2)
    counter.stage.pass_time(16 * MINUTE)
    assert counter.kinds() == ["incomplete"]


@pytest.mark.parametrize(
    ("minutes", "then", "left"),
    [(5, MENDED, []), (5, "LD48217", ["misread"]), (40, MENDED, ["misread"]), (5, "CX", ["misread"])],
    ids=["the same verb", "another verb", "too late", "moves nothing"],
)
def test_what_its_sender_mends_needs_nobody(counter: Counter, minutes: int, then: str, left: list[str]) -> None:
    counter.stage.sms("wangmin", MISREAD)
    assert counter.kinds() == ["misread"]
    counter.stage.clock.go_on(minutes=minutes)
    counter.stage.sms("wangmin", then)
    assert counter.kinds() == left
    if not left:
        (over,) = counter.items()
        assert (over.outcome, over.handled_by) == ("mended", "system")
        assert counter.acts(over) == [("system", "close")]


def test_a_command_about_another_ticket_mends_nothing(counter: Counter) -> None:
    """Where the first one names its ticket, only that ticket's counts."""
    counter.stage.open("东区光缆中断")
    (other,) = counter.rows("SELECT code FROM tickets WHERE id = 2")
    counter.stage.sms("wangmin", "ZP48217#-核心维护#已恢复")
    counter.stage.sms("wangmin", f"ZP{other}#-核心维护室#已恢复")
    assert counter.kinds() == ["misread"]
    counter.stage.sms("wangmin", "ZP48217#-核心维护室#已恢复")
    assert counter.kinds() == []


def test_an_accepted_offer_mends_it(counter: Counter) -> None:
    counter.stage.sms("wangmin", MISREAD)
    counter.waits()
    counter.stage.sms("wangmin", "Y")
    assert counter.waits() == []


@pytest.mark.parametrize(("state", "kind"), [("failed", "undelivered"), ("unknown", "unknown")])
def test_a_notice_that_did_not_arrive(counter: Counter, state: str, kind: str) -> None:
    """Until its ticket waits for nobody."""
    counter.settle_all(state)
    assert counter.kinds() == [kind]
    counter.stage.act("wangmin", Act.ACCEPT, "48217")
    counter.settle_all("delivered")
    assert counter.waits() == []
    assert [item.outcome for item in counter.items()] == ["moot"]


def test_a_failed_answer_asks_nobody(counter: Counter) -> None:
    counter.settle_all("delivered")
    counter.stage.sms("wangmin", "CX")
    counter.settle_all("failed")
    assert counter.kinds() == []


def test_an_unknown_one_that_a_receipt_settles(counter: Counter) -> None:
    counter.settle_all("unknown")
    item = counter.one()
    report = DeliveryReport("simulator", "x", MtState.DELIVERED, counter.stage.clock(), mt_id=item.mt_id)
    counter.stage.store.writer.write_now(lambda unit: apply_dlr(unit, report))
    assert counter.waits() == []
    assert [one.outcome for one in counter.items()] == ["settled"]


def test_an_unknown_one_that_turns_out_lost_stays_and_says_so(counter: Counter) -> None:
    """The same item: it waits as what it is now."""
    counter.settle_all("unknown")
    item = counter.one()
    report = DeliveryReport("simulator", "x", MtState.FAILED, counter.stage.clock(), mt_id=item.mt_id)
    counter.stage.store.writer.write_now(lambda unit: apply_dlr(unit, report))
    after = counter.one()
    assert (after.id, after.kind) == (item.id, "undelivered")


def test_a_bounce_that_names_none_of_ours(counter: Counter) -> None:
    """It has ten minutes to find its message, then a human sees it."""
    counter.settle_all("delivered")
    report = DeliveryReport("simulator", "nobody's", MtState.FAILED, counter.stage.clock(), phone=STRANGER, code="DB:1")
    counter.stage.store.writer.write_now(lambda unit: apply_dlr(unit, report))
    assert counter.kinds() == []
    counter.stage.clock.go_on(seconds=PARKED_AGE / 1000)
    item = counter.one()
    assert (item.kind, item.phone) == ("receipt", STRANGER)


def test_nothing_comes_twice(counter: Counter) -> None:
    counter.stage.sms("wangmin", MISREAD)
    counter.settle_all("unknown")
    first = counter.waits()
    assert counter.waits() == first
    assert len(first) == 3
