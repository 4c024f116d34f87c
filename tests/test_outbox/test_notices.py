"""Notices that did not get through: the dispatchers hear of each once; operators may send again."""

from contextlib import closing

import pytest

from smsgate.domain.messages import MtState
from smsgate.service.ports import DeliveryReport, UnknownOutcome
from smsgate.store import mt_rows, outbox
from smsgate.store.notices import LostNotice, late_notices, resend, unknown_notices
from smsgate.store.receipts import apply_dlr
from tests.test_outbox.conftest import ANSWER, START, Outbox

PHONE = "+8613900000001"
ACCEPT_BY = START + 900_000
FIVE_MINUTES = 300_000


def late(box: Outbox) -> tuple[LostNotice, ...]:
    return box.do(lambda unit: late_notices(unit, box.at))


def unknown(box: Outbox) -> tuple[LostNotice, ...]:
    return box.do(lambda unit: unknown_notices(unit, box.at, FIVE_MINUTES))


def test_late_when_it_has_not_gone_out_by_accept_by(box: Outbox) -> None:
    ticket = box.ticket("minor")
    mt_id = box.put("notice", ticket_id=ticket, escalate_at=ACCEPT_BY)
    box.go_on(seconds=899)
    assert late(box) == ()
    box.go_on(seconds=1)
    assert late(box) == (LostNotice(mt_id, ticket, PHONE, MtState.QUEUED),)
    assert late(box) == ()
    assert box.lease() == ["notice"]  # and it still goes


def test_a_failed_one_has_not_gone_out_either(box: Outbox) -> None:
    ticket = box.ticket("minor")
    refused, undelivered = (
        box.put(name, f"+861380000000{number}", ticket_id=ticket, escalate_at=ACCEPT_BY)
        for number, name in enumerate(("refused", "undelivered"))
    )
    box.send(refused, undelivered)
    box.fail(refused)
    box.sent(undelivered, "SM1")
    box.do(lambda unit: apply_dlr(unit, DeliveryReport("sim", "SM1", MtState.FAILED, box.at)))
    box.go_on(seconds=900)
    assert [(lost.mt_id, lost.state) for lost in late(box)] == [
        (refused, MtState.FAILED), (undelivered, MtState.FAILED),
    ]  # fmt: skip


def test_nothing_to_say_of_what_has_gone_out_or_has_no_point_any_more(box: Outbox) -> None:
    ticket, other = box.ticket("major"), box.ticket("crit")
    sent = box.put("sent", ticket_id=ticket, escalate_at=ACCEPT_BY)
    box.send(sent)
    box.sent(sent)
    box.put("suppressed", ticket_id=other, escalate_at=ACCEPT_BY)
    box.do(lambda unit: unit.suppress_notices(other, box.at, "moved", ended=False))
    box.put("no ticket", "+8613900000003", escalate_at=ACCEPT_BY)
    box.go_on(seconds=900)
    assert late(box) == ()
    assert box.row(sent).escalate_at is None  # not looked at again


def test_one_that_is_being_sent_is_judged_when_it_is_settled(box: Outbox) -> None:
    ticket = box.ticket("minor")
    mt_id = box.put("notice", ticket_id=ticket, escalate_at=ACCEPT_BY)
    box.go_on(seconds=899)
    box.send(mt_id)
    box.go_on(seconds=2)
    assert late(box) == ()
    box.again(mt_id, seconds=10)
    assert [lost.mt_id for lost in late(box)] == [mt_id]


@pytest.mark.parametrize(("severity", "told"), [("critical", 1), ("major", 1), ("minor", 0), ("warning", 0)])
def test_unknown_for_five_minutes(box: Outbox, severity: str, told: int) -> None:
    ticket = box.ticket(severity)
    mt_id = box.put("notice", ticket_id=ticket, escalate_at=ACCEPT_BY)
    box.send(mt_id)
    box.go_on(seconds=10)
    box.settle(mt_id, UnknownOutcome("cut"))
    box.go_on(seconds=299.999)
    assert unknown(box) == ()
    box.go_on(seconds=0.001)
    assert unknown(box) == (LostNotice(mt_id, ticket, PHONE, MtState.UNKNOWN),) * told
    assert unknown(box) == ()
    box.go_on(seconds=900)
    assert late(box) == ()


def test_unknown_since_a_worker_was_killed(box: Outbox) -> None:
    mt_id = box.put("notice", ticket_id=box.ticket("major"), escalate_at=ACCEPT_BY)
    box.send(mt_id)
    box.go_on(seconds=60)
    box.do(lambda unit: outbox.release_expired(unit, box.at))
    box.go_on(seconds=300)
    assert [lost.mt_id for lost in unknown(box)] == [mt_id]


def test_late_first_and_then_unknown_is_told_twice(box: Outbox) -> None:
    mt_id = box.put("notice", ticket_id=box.ticket("major"), escalate_at=ACCEPT_BY)
    box.go_on(seconds=900)
    assert len(late(box)) == 1
    box.send(mt_id)
    box.settle(mt_id, UnknownOutcome("cut"))
    box.go_on(seconds=300)
    assert len(unknown(box)) == 1


def test_a_receipt_in_time_spares_the_dispatchers(box: Outbox) -> None:
    mt_id = box.put("notice", ticket_id=box.ticket("major"), escalate_at=ACCEPT_BY)
    box.send(mt_id)
    box.settle(mt_id, UnknownOutcome("cut"))
    box.do(lambda unit: apply_dlr(unit, DeliveryReport("sim", "SM1", MtState.SENT, box.at, mt_id=mt_id)))
    box.go_on(seconds=900)
    assert unknown(box) == ()
    assert late(box) == ()


def test_an_unknown_answer_is_nobodys_business(box: Outbox) -> None:
    mt_id = box.put("answer", klass=ANSWER, ticket_id=box.ticket("major"))
    box.send(mt_id)
    box.settle(mt_id, UnknownOutcome("cut"))
    box.go_on(seconds=300)
    assert unknown(box) == ()


def report_failed(box: Outbox, mt_id: int) -> None:
    box.do(lambda unit: apply_dlr(unit, DeliveryReport("sim", "SM1", MtState.FAILED, box.at, mt_id=mt_id)))


def test_unknown_and_then_failed_is_late_at_accept_by_and_not_before(box: Outbox) -> None:
    mt_id = box.put("notice", ticket_id=box.ticket("major"), escalate_at=ACCEPT_BY)
    box.send(mt_id)
    box.settle(mt_id, UnknownOutcome("cut"))
    box.go_on(seconds=30)
    report_failed(box, mt_id)
    box.go_on(seconds=869)
    assert (late(box), unknown(box)) == ((), ())
    box.go_on(seconds=1)
    assert [lost.state for lost in late(box)] == [MtState.FAILED]
    assert late(box) == ()


def test_of_one_that_was_doubted_nobody_hears_that_it_is_late_too(box: Outbox) -> None:
    mt_id = box.put("notice", ticket_id=box.ticket("major"), escalate_at=ACCEPT_BY)
    box.send(mt_id)
    box.settle(mt_id, UnknownOutcome("cut"))
    box.go_on(seconds=300)
    assert len(unknown(box)) == 1
    report_failed(box, mt_id)
    box.go_on(seconds=900)
    assert late(box) == ()


@pytest.mark.parametrize("became", ["queued", "failed", "unknown", "sent"])
def test_nothing_is_told_of_a_ticket_that_went_on(box: Outbox, became: str) -> None:
    ticket = box.ticket("major")
    mt_id = box.put("notice", ticket_id=ticket, escalate_at=ACCEPT_BY)
    if became != "queued":
        box.send(mt_id)
    if became == "failed":
        box.fail(mt_id)
    elif became == "unknown":
        box.settle(mt_id, UnknownOutcome("cut"))
    elif became == "sent":
        box.sent(mt_id)
    box.go_on(seconds=60)
    box.do(lambda unit: unit.suppress_notices(ticket, box.at, "accept", ended=False))
    if became in ("unknown", "sent"):
        report_failed(box, mt_id)
    box.go_on(seconds=900)
    assert (late(box), unknown(box)) == ((), ())
    assert box.row(mt_id).state == ("suppressed" if became == "queued" else "failed")


@pytest.mark.parametrize("became", ["failed", "unknown", "queued"])
def test_nothing_is_told_of_one_that_was_under_way_when_its_ticket_went_on(box: Outbox, became: str) -> None:
    ticket = box.ticket("major")
    mt_id = box.put("notice", ticket_id=ticket, escalate_at=ACCEPT_BY)
    box.send(mt_id)
    box.do(lambda unit: unit.suppress_notices(ticket, box.at, "accept", ended=False))
    if became == "failed":
        box.fail(mt_id)
    elif became == "unknown":
        box.settle(mt_id, UnknownOutcome("cut"))
    else:
        box.again(mt_id, seconds=1)
        box.go_on(seconds=1)
        assert box.lease() == []  # nor is it tried again
        box.do(lambda unit: outbox.expire(unit, box.at))
        assert box.state(mt_id) is MtState.SUPPRESSED
    box.go_on(seconds=900)
    assert (late(box), unknown(box)) == ((), ())


def test_a_resent_notice_lives_though_its_ticket_went_on(box: Outbox) -> None:
    ticket = box.ticket("major")
    mt_id = box.put("notice", ticket_id=ticket, escalate_at=ACCEPT_BY)
    box.send(mt_id)
    box.do(lambda unit: unit.suppress_notices(ticket, box.at, "accept", ended=False))
    box.fail(mt_id)
    new_id = again(box, mt_id)
    assert new_id is not None
    assert (box.row(new_id).valid_until, box.row(new_id).escalate_at) == (None, None)


def test_an_unknown_one_resent_is_late_only_by_a_time_to_come(box: Outbox) -> None:
    ticket = box.ticket("minor")
    mt_id = box.put("notice", ticket_id=ticket, escalate_at=ACCEPT_BY)
    box.send(mt_id)
    box.settle(mt_id, UnknownOutcome("cut"))
    box.go_on(seconds=300)
    new_id = again(box, mt_id)
    assert new_id is not None
    assert box.row(new_id).escalate_at == ACCEPT_BY
    box.send(new_id)
    box.settle(new_id, UnknownOutcome("cut"))
    box.go_on(seconds=900)
    last_id = again(box, new_id)
    assert last_id is not None
    assert box.row(last_id).escalate_at is None


def test_a_command_looks_up_notices_in_their_small_index(box: Outbox) -> None:
    if box.store.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL's planner reads a table this small as a whole")
    given = {"ticket_id": 1, "newest": 9, "at": 1, "until": 1, "why": "accept"}
    with closing(box.store.engine.raw_connection()) as connection:
        for statement in (mt_rows._LOG_SUPPRESSED, mt_rows._SUPPRESS):
            compiled = statement.on(box.store.engine.dialect)
            cursor = connection.cursor()
            cursor.execute(f"EXPLAIN QUERY PLAN {compiled.sql}", compiled.arguments(given))
            plan = [row[-1] for row in cursor.fetchall()]
            assert "SEARCH mts USING INDEX ix_mts_notices (ticket_id=?)" in plan


def again(box: Outbox, mt_id: int) -> int | None:
    return box.do(lambda unit: resend(unit, mt_id, box.at))


def test_an_operator_sends_again(box: Outbox) -> None:
    mt_id = box.put("answer", klass=ANSWER, valid_until=START + 3_600_000)
    box.send(mt_id)
    box.fail(mt_id)
    box.go_on(seconds=7200)
    new_id = again(box, mt_id)
    assert new_id is not None
    row = box.row(new_id)
    assert (row.state, row.tries, row.resend_of, row.text) == ("queued", 0, mt_id, "answer")
    assert (row.created_at, row.valid_until) == (box.at, box.at + 3_600_000)
    assert box.way(mt_id)[-1] == ("failed", 7200, f"resent as {new_id}")
    assert box.lease() == ["answer"]


def test_not_while_the_first_resend_may_still_arrive(box: Outbox) -> None:
    mt_id = box.put("notice")
    box.send(mt_id)
    box.settle(mt_id, UnknownOutcome("cut"))
    new_id = again(box, mt_id)
    assert new_id is not None
    assert again(box, mt_id) is None
    box.go_on(seconds=30)
    box.send(new_id)
    box.fail(new_id)
    assert again(box, mt_id) is not None


@pytest.mark.parametrize("state", list(MtState))
def test_what_may_be_sent_again(box: Outbox, state: MtState) -> None:
    mt_id = box.put("notice")
    box.set(mt_id, state=state.value)
    may = state in (MtState.FAILED, MtState.EXPIRED, MtState.UNKNOWN, MtState.SUPPRESSED)
    assert (again(box, mt_id) is not None) is may


def test_there_is_nothing_to_send_again(box: Outbox) -> None:
    with pytest.raises(LookupError, match="no MT 99"):
        again(box, 99)


def test_of_a_resent_one_nobody_hears_twice(box: Outbox) -> None:
    ticket = box.ticket("minor")
    mt_id = box.put("notice", ticket_id=ticket, escalate_at=ACCEPT_BY)
    box.send(mt_id)
    box.fail(mt_id)
    new_id = again(box, mt_id)
    box.go_on(seconds=900)
    assert [lost.mt_id for lost in late(box)] == [new_id]
