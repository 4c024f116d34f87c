"""What moves from a bad account, what never does, and the order that is kept over it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from smsgate.domain.messages import MtState
from smsgate.sample import sample_chart
from smsgate.service.charts import ChartInForce
from smsgate.service.health import Level
from smsgate.service.office import Office
from smsgate.service.ports import UnknownOutcome
from smsgate.service.routes import Route
from smsgate.service.rules import Rules
from smsgate.service.segments import Manner, Repertoire
from smsgate.store import outbox
from smsgate.store.move_tables import mt_moves
from smsgate.workers.sweeper import Sweeper
from tests.test_outbox.conftest import ALARM, ANSWER, BULK, LEASE, Outbox
from tests.test_routes.conftest import BAD, HOLD, Desk, two_accounts

OTHER = "+8613900000002"


def moves(box: Outbox) -> list[tuple[int, str, str, str]]:
    m = mt_moves.c
    with box.store.engine.connect() as connection:
        rows = connection.execute(select(m.mt_id, m.from_account, m.to_account, m.cause).order_by(m.id)).all()
    return [(mt_id, old, new, cause) for mt_id, old, new, cause in rows]


def test_what_is_queued_moves_with_its_number_and_operators_see_why(desk: Desk) -> None:
    mt_id = desk.box.put("您有新工单", provider="a", source="106575004821")
    desk.turn(a=BAD)
    desk.box.go_on(seconds=5)
    assert desk.move() == 1
    row = desk.box.row(mt_id)
    assert (row.provider, row.source, row.state) == ("b", "106900004821", "queued")
    said = "from a to b, because a is bad: 7 of the last 10 requests failed or went unanswered"
    assert desk.box.way(mt_id) == [("queued", 5.0, said)]
    assert moves(desk.box) == [(mt_id, "a", "b", "errors")]
    assert desk.lease("b") == ["您有新工单"]
    assert desk.lease("a") == []


def test_its_segments_are_those_of_the_account_that_it_goes_by(desk: Desk) -> None:
    """One gateway adds a signature to each SMS, and the other does not."""
    signed = Desk(desk.box, replace(desk.rules, manners={"b": Manner(10)}))
    mt_id = desk.box.put("障" * 65, provider="a")
    assert desk.box.row(mt_id).segments == 1
    signed.turn(a=BAD)
    assert signed.move("a") == 1
    assert (desk.box.row(mt_id).provider, desk.box.row(mt_id).segments) == ("b", 2)
    signed.turn(b=BAD)
    desk.box.go_on(seconds=HOLD // 1000 + 1)
    assert signed.move("b") == 1
    assert (desk.box.row(mt_id).provider, desk.box.row(mt_id).segments) == ("a", 1)


def test_it_is_counted_and_noted_in_the_alphabet_of_the_account_that_it_goes_by(desk: Desk) -> None:
    """A CMPP gateway has ASCII alone: what was 160 septets of GSM's goes there in UCS-2."""
    cmpp = Desk(desk.box, replace(desk.rules, manners={"b": Manner(whole=159, repertoire=Repertoire.ASCII)}))
    mt_id = desk.box.put("é" * 160, provider="a")
    assert (desk.box.row(mt_id).segments, desk.box.row(mt_id).encoding) == (1, "gsm7")
    cmpp.turn(a=BAD)
    assert cmpp.move("a") == 1
    assert (desk.box.row(mt_id).segments, desk.box.row(mt_id).encoding) == (3, "ucs2")


def test_old_moves_are_forgotten_and_the_way_of_the_mt_keeps_them(desk: Desk) -> None:
    """Thirty days long they are listed."""
    box = desk.box
    office = Office(ChartInForce(sample_chart()), Rules({}, "a", frozenset({"a", "b"})), box)
    sweeper = Sweeper(box.store.writer, office, box)
    old = box.put("old", provider="a")
    desk.turn(a=BAD)
    assert desk.move() == 1
    box.go_on(seconds=86_400)
    new = box.put("new", OTHER, provider="a")
    assert desk.move() == 1
    box.go_on(seconds=29 * 86_400)
    box.do(sweeper.forget)
    assert [mt_id for mt_id, *_ in moves(box)] == [old, new]
    box.go_on(seconds=1)
    box.do(sweeper.forget)
    assert [mt_id for mt_id, *_ in moves(box)] == [new]
    assert "from a to b" in str(box.way(old))


def test_nothing_moves_from_a_good_one_nor_to_a_bad_one(desk: Desk) -> None:
    desk.box.put("stays", provider="a")
    assert desk.move() == 0
    desk.turn(a=BAD, b=BAD)
    assert desk.move() == 0
    assert desk.lease("a") == ["stays"]


def test_what_no_route_carries_stays(box: Outbox) -> None:
    desk = Desk(box, two_accounts(Route(("a", "b"), ("+86139",), frozenset({ALARM}))))
    for phone, klass in (("+8613900000001", ALARM), ("+8613900000001", ANSWER), ("+8613400000001", ALARM)):
        box.put(f"{phone[:6]} {klass.name}", phone, klass, provider="a")
    desk.turn(a=BAD)
    assert desk.move() == 1
    assert desk.lease("b") == ["+86139 ALARM"]


def _sending(box: Outbox, mt_id: int) -> None:
    assert box.begin(mt_id) == {mt_id}


def _unknown(box: Outbox, mt_id: int) -> None:
    _sending(box, mt_id)
    box.settle(mt_id, UnknownOutcome("no answer"))


def _sent(box: Outbox, mt_id: int) -> None:
    _sending(box, mt_id)
    box.sent(mt_id)


def _failed(box: Outbox, mt_id: int) -> None:
    _sending(box, mt_id)
    box.fail(mt_id)


@pytest.mark.parametrize("become", [_sending, _unknown, _sent, _failed])
def test_what_may_have_been_sent_never_moves(desk: Desk, become: object) -> None:
    mt_id = desk.box.put("perhaps", provider="a")
    desk.lease("a")
    become(desk.box, mt_id)  # type: ignore[operator]
    desk.turn(a=BAD)
    assert desk.move() == 0
    assert desk.box.row(mt_id).provider == "a"


def test_what_a_worker_holds_moves_only_when_its_lease_has_ended_and_then_it_can_send_it_no_more(desk: Desk) -> None:
    mt_id = desk.box.put("held", provider="a")
    desk.lease("a")
    desk.turn(a=BAD)
    assert desk.move() == 0
    desk.box.go_on(seconds=LEASE / 1000)
    assert desk.move() == 1
    assert desk.box.begin(mt_id) == frozenset()


def test_what_is_gathered_waits_for_its_time_where_it_is(desk: Desk) -> None:
    desk.box.put("in the morning", klass=BULK, provider="a", gather_until=desk.box.at + 60_000)
    desk.turn(a=BAD)
    assert desk.move() == 0


def test_one_that_waits_for_its_retry_goes_at_once_by_the_other_with_all_its_tries(desk: Desk) -> None:
    mt_id = desk.box.put("again", provider="a")
    desk.lease("a")
    desk.box.begin(mt_id)
    desk.box.again(mt_id, seconds=300)
    desk.turn(a=BAD)
    assert desk.move() == 1
    assert desk.lease("b") == ["again"]
    assert desk.box.row(mt_id).tries == 0


def test_it_does_not_go_back_at_once(desk: Desk) -> None:
    mt_id = desk.box.put("ball", provider="a")
    desk.turn(a=BAD)
    assert desk.move("a") == 1
    desk.turn(b=BAD)
    desk.box.go_on(seconds=HOLD / 1000 - 1)
    assert desk.move("b") == 0
    desk.box.go_on(seconds=1)
    assert desk.move("b") == 1
    assert desk.box.row(mt_id).provider == "a"


def test_two_that_move_the_same_move_it_once(desk: Desk) -> None:
    mt_id = desk.box.put("once", provider="a")
    desk.turn(a=BAD)
    assert [desk.move(), desk.move()] == [1, 0]
    assert len(moves(desk.box)) == 1
    assert len(desk.box.way(mt_id)) == 1


def test_a_newer_one_here_waits_for_an_older_one_that_is_queued_elsewhere(desk: Desk) -> None:
    desk.box.put("first", provider="b")
    desk.box.put("second", provider="a")
    desk.box.put("other phone", OTHER, provider="a")
    desk.box.put("other class", klass=BULK, provider="a")
    desk.box.go_on(seconds=300)
    assert desk.lease("a") == ["other phone", "other class"]
    assert desk.lease("b") == ["first"]


def test_a_newer_one_waits_while_an_older_one_is_under_way_elsewhere(desk: Desk) -> None:
    first = desk.box.put("first", provider="b")
    desk.box.put("second", provider="a")
    desk.lease("b")
    desk.box.begin(first)
    assert desk.lease("a") == []
    desk.box.sent(first)
    assert desk.lease("a") == ["second"]


def test_one_that_is_unknown_elsewhere_holds_up_its_class_for_30_seconds(desk: Desk) -> None:
    first = desk.box.put("first", provider="b")
    desk.box.put("second", provider="a")
    desk.lease("b")
    desk.box.begin(first)
    desk.box.settle(first, UnknownOutcome("no answer"))
    desk.box.go_on(seconds=29.999)
    assert desk.lease("a") == []
    desk.box.go_on(seconds=0.001)
    assert desk.lease("a") == ["second"]
    assert desk.box.state(first) is MtState.UNKNOWN


def test_what_is_stuck_at_a_bad_account_holds_up_a_newer_one_elsewhere_for_30_seconds_at_most(desk: Desk) -> None:
    desk.box.put("first", provider="b")
    desk.box.put("second", provider="a")
    desk.turn(b=BAD)
    desk.box.go_on(seconds=29.999)
    assert desk.lease("a") == []
    desk.box.go_on(seconds=0.001)
    assert desk.lease("a") == ["second"]


def test_many_lines_that_wait_for_elsewhere_do_not_keep_the_others_from_going(desk: Desk) -> None:
    for number in range(30):
        desk.box.put(f"elder {number}", f"+86139000{number:05d}", provider="b")
    for number in range(40):
        desk.box.put(f"{number}", f"+86139000{number:05d}", provider="a")

    def lease(unit: object) -> list[str]:
        leased = outbox.lease(unit, "a", "w1", desk.box.at, LEASE, 8, desk.rules.peers("a"))  # type: ignore[arg-type]
        return [row.submission.text for row in leased]

    assert desk.box.do(lease) == [str(number) for number in range(30, 38)]


def test_accounts_without_a_route_in_common_know_nothing_of_each_other(box: Outbox) -> None:
    desk = Desk(box, two_accounts(Route(("a",)), Route(("b",), ("+1",))))
    box.put("first", provider="b")
    box.put("second", provider="a")
    assert desk.lease("a") == ["second"]


async def test_moves_all_classes_and_more_than_one_transaction_takes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smsgate.workers.mover.AT_ONCE", 3)
    for number in range(10):
        desk.box.put(f"{number}", klass=(ALARM, ANSWER, BULK)[number % 3], provider="a")
    desk.turn(a=BAD)
    assert await desk.mover.move_all() == 10
    assert {desk.box.row(mt_id).provider for mt_id in desk.box.texts} == {"b"}
    assert desk.rules.standing.now["a"].level is Level.BAD
