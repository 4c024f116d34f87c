"""Which MTs go, in which order, and who holds up whom."""

from smsgate.domain.messages import MtState
from smsgate.service.ports import UnknownOutcome
from smsgate.store import outbox
from smsgate.store.leasing import FIRST_OF_LINES, HELD, OLDEST, UNDER_WAY
from tests.test_outbox.conftest import ALARM, ANSWER, BULK, LEASE, Outbox

OTHER = "+8613900000002"


def test_the_higher_class_goes_first_then_the_older(box: Outbox) -> None:
    for number, klass in enumerate((BULK, ANSWER, ALARM, BULK, ALARM)):
        box.put(f"{klass.name} {number}", f"+861390000{number:04d}", klass)
    assert box.lease() == ["ALARM 2", "ALARM 4", "ANSWER 1", "BULK 0", "BULK 3"]


def test_takes_no_more_than_asked_for(box: Outbox) -> None:
    for number in range(5):
        box.put(str(number), f"+861390000{number:04d}")
    assert box.lease(most=2) == ["0", "1"]
    assert box.lease(most=2) == ["2", "3"]
    assert box.lease(most=2) == ["4"]


def test_tells_all_that_a_provider_needs(box: Outbox) -> None:
    mt_id = box.put("您有新工单", valid_until=box.at + 1)
    (leased,) = box.do(lambda unit: outbox.lease(unit, "sim", "w1", box.at, LEASE, 1))
    submission = leased.submission
    assert (submission.mt_id, submission.phone, submission.text) == (mt_id, "+8613900000001", "您有新工单")
    assert (submission.encoding, submission.segments, submission.valid_until) == ("ucs2", 1, box.at + 1)
    assert (leased.klass, leased.tries) == (0, 0)


def test_another_provider_has_its_own_lane(box: Outbox) -> None:
    box.put("hers", provider="twilio")
    assert box.lease() == []
    assert box.lease(provider="twilio") == ["hers"]


def test_one_at_a_time_to_a_phone_within_a_class(box: Outbox) -> None:
    first, second = box.put("first"), box.put("second")
    box.put("other phone", OTHER)
    assert box.lease() == ["first", "other phone"]
    assert box.lease() == []
    box.begin(first)
    assert box.lease() == []
    box.sent(first)
    assert box.lease() == ["second"]
    assert box.begin(second) == {second}


def test_a_higher_class_overtakes_and_a_lower_one_does_not_wait(box: Outbox) -> None:
    answer = box.put("answer", klass=ANSWER)
    box.send(answer)
    box.put("alarm", klass=ALARM)
    box.put("news", klass=BULK)
    box.put("second answer", klass=ANSWER)
    assert box.lease() == ["alarm", "news"]


def test_a_failed_one_holds_up_nothing(box: Outbox) -> None:
    first = box.put("first")
    box.put("second")
    box.send(first)
    box.fail(first)
    assert box.lease() == ["second"]


def test_one_that_waits_for_its_retry_holds_up_its_class_for_30_seconds(box: Outbox) -> None:
    first, other_class = box.put("first"), box.put("news", klass=BULK)
    box.put("second")
    box.send(first, other_class)
    box.again(first, seconds=300)
    box.go_on(seconds=29.999)
    assert box.lease() == []
    box.go_on(seconds=0.001)
    assert box.lease() == ["second"]


def test_the_30_seconds_begin_with_the_first_failure(box: Outbox) -> None:
    first = box.put("first")
    box.put("second")
    box.send(first)
    box.again(first, seconds=20)
    box.go_on(seconds=20)
    box.send(first)
    box.again(first, seconds=20)
    box.go_on(seconds=10)
    assert box.lease() == ["second"]


def test_one_that_is_tried_again_keeps_its_place(box: Outbox) -> None:
    first, second = box.put("first"), box.put("second")
    box.send(first)
    box.again(first, seconds=5)
    box.go_on(seconds=5)
    assert box.lease() == ["first"]
    box.begin(first)
    box.sent(first)
    assert box.lease() == ["second"]
    assert box.state(second) is MtState.QUEUED


def test_one_that_was_passed_waits_until_the_other_is_through(box: Outbox) -> None:
    first, second = box.put("first"), box.put("second")
    box.send(first)
    box.again(first, seconds=35)
    box.go_on(seconds=34)
    box.send(second)
    box.go_on(seconds=2)
    assert box.lease() == []
    box.sent(second)
    assert box.lease() == ["first"]


def test_an_unknown_one_holds_up_its_class_for_30_seconds(box: Outbox) -> None:
    first, other_class = box.put("first"), box.put("news", klass=BULK)
    box.put("second")
    box.send(first, other_class)
    box.settle(first, UnknownOutcome("cut"))
    box.go_on(seconds=29.999)
    assert box.lease() == []
    box.go_on(seconds=0.001)
    assert box.lease() == ["second"]


def test_a_request_without_end_holds_up_its_class_for_30_seconds(box: Outbox) -> None:
    first = box.put("first")
    box.put("second")
    box.send(first)
    box.go_on(seconds=29)
    assert box.lease() == []
    box.go_on(seconds=1)
    assert box.lease() == ["second"]


def test_after_a_link_was_down_the_order_is_as_before(box: Outbox) -> None:
    first, second = box.put("first"), box.put("second")
    box.send(first)
    box.again(first, seconds=120, uses_try=False)
    box.go_on(seconds=120)
    assert box.lease() == ["first"]
    assert box.row(first).tries == 0
    assert box.state(second) is MtState.QUEUED


def test_one_for_the_morning_holds_up_nothing(box: Outbox) -> None:
    box.put("quiet", not_before=box.at + 50_000)
    box.put("urgent")
    assert box.lease() == ["urgent"]
    box.go_on(seconds=50)
    assert box.lease() == []  # the urgent one is under way still
    box.go_on(seconds=10)
    assert box.lease() == ["quiet"]


def test_a_lease_that_has_ended_keeps_nobody_off(box: Outbox) -> None:
    mt_id = box.put("left behind")
    assert box.lease(worker="dead") == ["left behind"]
    box.go_on(seconds=59.999)
    assert box.lease(worker="w2") == []
    box.go_on(seconds=0.001)
    assert box.lease(worker="w2") == ["left behind"]
    assert box.begin(mt_id, worker="dead") == frozenset()
    assert box.begin(mt_id, worker="w2") == {mt_id}


def test_what_is_given_back_can_be_taken_at_once(box: Outbox) -> None:
    mt_id = box.put("too long for now")
    box.lease()
    box.do(lambda unit: outbox.give_back(unit, [mt_id], "w2"))
    assert box.lease(worker="w3") == []
    box.do(lambda unit: outbox.give_back(unit, [mt_id], "w1"))
    assert box.lease(worker="w3") == ["too long for now"]


def test_what_was_suppressed_after_it_was_taken_is_not_begun(box: Outbox) -> None:
    ticket = box.ticket("major")
    pointless, other = box.put("pointless", ticket_id=ticket), box.put("other", OTHER)
    assert len(box.lease()) == 2
    box.do(lambda unit: unit.suppress_notices(ticket, box.at, "moved", ended=False))
    assert box.begin(pointless, other) == {other}
    assert box.way(pointless) == [("suppressed", 0, "moved")]


def test_what_has_expired_is_neither_taken_nor_begun(box: Outbox) -> None:
    late = box.put("late", klass=ANSWER, valid_until=box.at + 1000)
    box.lease()
    box.go_on(seconds=1)
    assert box.begin(late) == frozenset()
    box.put("next", klass=ANSWER)
    box.go_on(seconds=60)
    assert box.lease() == ["next"]
    assert box.do(lambda unit: outbox.expire(unit, box.at)) == 1
    assert box.way(late) == [("expired", 61, None)]


def test_a_worker_that_was_killed_while_sending(box: Outbox) -> None:
    mt_id, untouched = box.put("perhaps sent"), box.put("not begun", OTHER)
    box.lease()
    box.begin(mt_id)
    box.go_on(seconds=59.999)
    assert box.do(lambda unit: outbox.release_expired(unit, box.at)) == 0
    box.go_on(seconds=0.001)
    assert box.do(lambda unit: outbox.release_expired(unit, box.at)) == 1
    lost = "the worker that was sending it did not come back"
    assert box.way(mt_id) == [("sending", 0, None), ("unknown", 60, lost)]
    assert box.way(untouched) == []
    assert box.lease(worker="w2") == ["not begun"]


def test_begin_renews_the_lease(box: Outbox) -> None:
    mt_id = box.put("slow")
    box.lease()
    box.go_on(seconds=50)
    box.begin(mt_id)
    box.go_on(seconds=50)
    assert box.do(lambda unit: outbox.release_expired(unit, box.at)) == 0


def test_counts_what_waits_for_each_lane(box: Outbox) -> None:
    first = box.put("1")
    box.put("2")
    box.put("3", provider="twilio")
    box.send(first)
    assert box.do(outbox.queued) == {"sim": 1, "twilio": 1}


def test_a_queue_for_one_dead_phone_does_not_hide_the_others(box: Outbox) -> None:
    dead = box.put("dead 0")
    for number in range(1, 1000):
        box.put(f"dead {number}")
    for number in range(3):
        box.put(f"alive {number}", f"+861380000{number:04d}")
    assert box.lease(most=2) == ["dead 0", "alive 0"]
    box.begin(dead)
    box.settle(dead, UnknownOutcome("nobody answers"))
    assert box.lease(most=10) == ["alive 1", "alive 2"]
    box.go_on(seconds=30)
    assert box.lease(most=10) == ["dead 1"]


def test_what_is_gathered_for_the_morning_is_not_in_the_way(box: Outbox) -> None:
    for number in range(200):
        box.put(f"gathered {number}", f"+861390000{number:04d}", gather_until=box.at + 3_600_000)
    box.put("now", "+8613800000001")
    assert box.lease(most=1) == ["now"]
    assert box.lease(most=10) == []


def test_the_indices_serve(box: Outbox) -> None:
    """On SQLite, whose plans don't depend on how full a table is."""
    if box.store.engine.dialect.name != "sqlite":
        return
    expected = {
        OLDEST: "SEARCH mts USING INDEX ix_mts_outbox (provider=?)",
        FIRST_OF_LINES: "SEARCH mts USING COVERING INDEX ix_mts_lines (provider=?)",
        UNDER_WAY: "SEARCH mts USING INDEX ix_mts_leased_until (leased_until>?)",
        HELD: "SEARCH mts USING INDEX ix_mts_held_until (held_until>?)",
    }
    with box.store.engine.connect() as connection:
        for statement, plan in expected.items():
            compiled = statement.on(box.store.engine.dialect)
            given = tuple(compiled.arguments({"provider": "sim", "at": 1, "most": 1}))
            assert connection.exec_driver_sql("EXPLAIN QUERY PLAN " + compiled.sql, given).all()[0][3] == plan
