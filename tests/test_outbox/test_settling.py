"""What becomes of an MT by what came of its request: exact states, times and notes."""

from smsgate.domain.messages import MtState
from smsgate.service.ports import DeliveryReport, ProviderError, UnknownOutcome
from smsgate.store import outbox
from smsgate.store.receipts import apply_dlr
from tests.test_outbox.conftest import ALARM, ANSWER, BULK, START, Outbox


def test_sent(box: Outbox) -> None:
    mt_id = box.put("您有新工单")
    box.go_on(seconds=1)
    box.send(mt_id)
    assert box.row(mt_id).worker == "w1"
    assert box.row(mt_id).leased_until == box.at + 60_000
    box.go_on(seconds=2)
    box.sent(mt_id, "SM1")
    row = box.row(mt_id)
    assert (row.state, row.state_at, row.provider_id, row.tries, row.error) == ("sent", START + 3000, "SM1", 1, None)
    assert row.leased_until is None
    assert box.way(mt_id) == [("sending", 1, None), ("sent", 3, None)]


def test_tried_again_and_then_given_up(box: Outbox) -> None:
    mt_id = box.put("hello")
    box.send(mt_id)
    box.go_on(seconds=1)
    box.again(mt_id, seconds=2)
    row = box.row(mt_id)
    assert (row.state, row.not_before, row.tries, row.held_until) == ("queued", box.at + 2000, 1, box.at + 30_000)
    assert (row.worker, row.leased_until, row.error) == (None, None, "busy: try again")
    box.go_on(seconds=2)
    box.send(mt_id)
    box.fail(mt_id)
    assert box.row(mt_id).tries == 2
    assert box.row(mt_id).error == "21211: no such number"
    assert box.way(mt_id) == [
        ("sending", 0, None),
        ("queued", 1, "busy: try again"),
        ("sending", 3, None),
        ("failed", 3, "21211: no such number"),
    ]


def test_waiting_for_the_link_uses_up_no_try(box: Outbox) -> None:
    mt_id = box.put("hello")
    box.send(mt_id)
    box.again(mt_id, seconds=2, uses_try=False)
    assert box.row(mt_id).tries == 0


def test_unknown(box: Outbox) -> None:
    mt_id = box.put("hello")
    box.send(mt_id)
    box.go_on(seconds=10)
    box.settle(mt_id, UnknownOutcome("no whole answer: TimeoutError"))
    assert box.way(mt_id) == [("sending", 0, None), ("unknown", 10, "no whole answer: TimeoutError")]
    box.go_on(seconds=3600)
    assert box.lease() == []


def test_an_answer_after_the_lease_has_ended_is_still_an_answer(box: Outbox) -> None:
    mt_id = box.put("slow")
    box.send(mt_id)
    box.go_on(seconds=60)
    box.do(lambda unit: outbox.release_expired(unit, box.at))
    box.go_on(seconds=1)
    box.sent(mt_id, "SM1")
    assert [state for state, _, _ in box.way(mt_id)] == ["sending", "unknown", "sent"]


def test_an_error_after_the_lease_has_ended_does_not_send_again(box: Outbox) -> None:
    mt_id = box.put("slow")
    box.send(mt_id)
    box.go_on(seconds=60)
    box.do(lambda unit: outbox.release_expired(unit, box.at))
    box.again(mt_id, seconds=1)
    assert box.state(mt_id) is MtState.FAILED


def test_a_long_one_that_was_broken_off_has_failed_and_its_receipts_are_found(box: Outbox) -> None:
    """A phone has its first part: that is written down, and changes nothing more."""
    mt_id = box.put("字" * 100)
    early = box.put("字" * 100, phone="+8613900000002")
    box.send(mt_id, early)
    box.do(lambda unit: apply_dlr(unit, DeliveryReport("sim", "B1", MtState.DELIVERED, box.at)))
    for one, part in ((mt_id, "A1"), (early, "B1")):
        box.settle(one, ProviderError("partial 69", "part 2 of 2: no", retryable=False, segment_ids=(part, "")))
    report = DeliveryReport("sim", "A1", MtState.DELIVERED, box.at, phone="+8613900000001")
    assert box.do(lambda unit: apply_dlr(unit, report)) == mt_id
    assert box.way(mt_id) == [("sending", 0, None), ("failed", 0, "partial 69: part 2 of 2: no")]
    assert [state for state, _, _ in box.way(early)] == ["sending", "failed"]
    assert sorted(found or 0 for found, _, _ in box.dlrs()) == [mt_id, early]


def test_a_long_one_is_leased_for_as_long_as_all_its_parts_may_take(box: Outbox) -> None:
    """Each segment may be a request of its own, one after the other."""
    mt_id = box.put("字" * 200)
    box.send(mt_id)
    assert box.row(mt_id).leased_until == box.at + 3 * 60_000


def test_written_twice_it_is_the_same(box: Outbox) -> None:
    """A commit whose answer was lost is written again."""
    mt_id = box.put("字" * 100)
    box.send(mt_id)
    for _ in range(2):
        box.sent(mt_id, "A", "A", "B")
    assert box.way(mt_id) == [("sending", 0, None), ("sent", 0, None)]


def test_an_answer_does_not_take_back_a_receipt(box: Outbox) -> None:
    mt_id = box.put("hello")
    box.send(mt_id)
    report = DeliveryReport("sim", "SM1", MtState.DELIVERED, box.at, mt_id=mt_id)
    box.do(lambda unit: apply_dlr(unit, report))
    box.go_on(seconds=1)
    box.settle(mt_id, UnknownOutcome("cut"))
    assert box.way(mt_id) == [("sending", 0, None), ("delivered", 0, None)]
    assert box.row(mt_id).provider_id == "SM1"


def test_answers_expire_and_notices_without_a_point_are_suppressed(box: Outbox) -> None:
    answer = box.put("answer", klass=ANSWER, valid_until=START + 3_600_000)
    reminder = box.put("reminder", klass=BULK, valid_until=START + 3_600_000)
    notice = box.put("notice", klass=ALARM, valid_until=START + 3_600_000)
    eternal = box.put("news", klass=BULK)
    box.go_on(seconds=3599)
    assert box.do(lambda unit: outbox.expire(unit, box.at)) == 0
    box.go_on(seconds=1)
    assert box.do(lambda unit: outbox.expire(unit, box.at)) == 3
    assert [box.state(mt_id) for mt_id in (answer, reminder, notice, eternal)] == [
        MtState.EXPIRED, MtState.EXPIRED, MtState.SUPPRESSED, MtState.QUEUED,
    ]  # fmt: skip
    assert box.way(answer) == [("expired", 3600, None)]


def test_validity_ends_retries(box: Outbox) -> None:
    mt_id = box.put("answer", klass=ANSWER, valid_until=START + 10_000)
    box.send(mt_id)
    box.again(mt_id, seconds=20)
    box.go_on(seconds=10)
    box.do(lambda unit: outbox.expire(unit, box.at))
    assert box.way(mt_id)[-1] == ("expired", 10, None)
