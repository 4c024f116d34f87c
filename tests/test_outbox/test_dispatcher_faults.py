"""What a dispatcher does when it is stopped or killed, and when the database or a provider goes wrong."""

import asyncio
import sqlite3
import sys
import threading
from collections.abc import Callable

import pytest

from smsgate.clock import now
from smsgate.domain.messages import MtState
from smsgate.providers.simulator import Simulator
from smsgate.service.ports import DeliveryReport, ProviderError, StoreInDoubt, StoreUnavailable, Submitted
from smsgate.service.routes import Peer
from smsgate.store.receipts import apply_dlr
from smsgate.store.session import Session
from smsgate.store.settling import Sent
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.testing.providers import After, FaultyProvider
from smsgate.workers.dispatcher import Dispatcher, worker_name
from tests.test_outbox.conftest import ANSWER, START, Outbox
from tests.test_outbox.running import running, states, until

DOWN = ProviderError("no connection", "refused", retryable=True, link_down=True)


async def test_housekeeping_ends_leases_and_validity(box: Outbox) -> None:
    lost = box.put("lost")
    box.lease(worker="dead")
    box.begin(lost, worker="dead")
    late = box.put("late", "+8613900000002", ANSWER, provider="nowhere", valid_until=START + 1000)
    box.put("waits", "+8613900000003", provider="nowhere")
    box.go_on(seconds=60)
    async with running(box, FaultyProvider("sim"), FaultyProvider("nowhere", lambda _: DOWN)) as dispatcher:
        await until(lambda: box.state(lost) is MtState.UNKNOWN and box.state(late) is MtState.EXPIRED)
        await until(lambda: dispatcher.counters["nowhere"].queued == 1)


async def test_stopping_lets_what_is_under_way_finish(box: Outbox) -> None:
    provider = FaultyProvider("sim", lambda _: After(0.2, Submitted("SM1")))
    first, second = box.put("first"), box.put("second")
    async with running(box, provider):
        await until(lambda: box.state(first) is MtState.SENDING)
    assert states(box, first, second) == ["sent", "queued"]
    assert box.row(second).leased_until is None


async def test_stopping_waits_no_longer_than_said(box: Outbox) -> None:
    provider = FaultyProvider("sim", [After(99)])
    mt_id = box.put("hello")
    async with running(box, provider) as dispatcher:
        await until(lambda: box.state(mt_id) is MtState.SENDING)
        await dispatcher.stop(within=0.1)
    assert box.way(mt_id)[-1] == ("unknown", 0, "stopped before the answer came")


async def test_a_database_that_is_locked_loses_no_answer(box: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smsgate.workers.lanes.STORE_PAUSE", 0.02)
    mt_id = box.put("hello")
    locked = asyncio.Event()
    begin = Session.begin

    def may_begin(session: Session) -> None:
        if locked.is_set():
            raise StoreUnavailable("database is locked")
        begin(session)

    monkeypatch.setattr(Session, "begin", may_begin)
    provider = FaultyProvider("sim", lambda _: After(0.05, Submitted("SM1")))
    async with running(box, provider):
        await until(lambda: box.state(mt_id) is MtState.SENDING)
        locked.set()
        await asyncio.sleep(0.2)
        assert box.state(mt_id) is MtState.SENDING
        locked.clear()
        await until(lambda: box.state(mt_id) is MtState.SENT)
    assert len(provider.requests) == 1


async def test_a_lane_that_the_database_fails_shuts_no_door(box: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what the lane asks of it fails: what others write is kept all the same, and goes out once it works."""
    monkeypatch.setattr("smsgate.workers.lanes.STORE_PAUSE", 0.02)
    provider = FaultyProvider("sim")
    async with running(box, provider):
        with monkeypatch.context() as ailing:
            ailing.setattr("smsgate.store.outbox.choose", _time_out)
            ids = [
                await box.store.writer.write(
                    lambda unit, no=no: unit.enqueue(box.made(str(no), f"+86139000000{no:02d}"))
                )
                for no in range(10)
            ]
            await asyncio.sleep(0.1)
            assert states(box, *ids) == ["queued"] * 10
        await until(lambda: states(box, *ids) == ["sent"] * 10)
    assert sorted(provider.texts(), key=int) == [str(no) for no in range(10)]


def _time_out(*_: object) -> list[int]:
    raise sqlite3.OperationalError("statement timeout")


async def test_what_a_commit_in_doubt_began_goes_out_once(box: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commit is kept and its answer lost: the MT stands as `sending`, and nobody has sent it."""
    monkeypatch.setattr("smsgate.workers.lanes.STORE_PAUSE", 0.02)
    provider = FaultyProvider("sim")
    commit, doubtful = Session.commit, threading.Event()

    def may_be_lost(session: Session) -> None:
        commit(session)
        if doubtful.is_set():  # this one only: the turn that takes the MT back may come at once
            doubtful.clear()
            raise StoreUnavailable("the connection is gone")

    def reply(unit: UnitOfWork) -> None:
        unit.enqueue(box.made("reply"))
        doubtful.set()

    monkeypatch.setattr(Session, "commit", may_be_lost)
    earlier = box.put("earlier")
    async with running(box, provider):
        await until(lambda: box.state(earlier) is MtState.SENT)
        with pytest.raises(StoreInDoubt):
            await box.store.writer.write(reply)
        mt_id = box.ids()[-1]
        await until(lambda: box.state(mt_id) is MtState.SENT)
    assert provider.texts() == ["earlier", "reply"]
    assert [state for state, *_ in box.way(mt_id)] == ["sending", "queued", "sending", "sent"]


async def test_what_is_begun_too_late_before_the_end_is_not_sent(box: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A commit that hangs longer than the end may take: its MT waits again, for whoever sends next."""
    provider = FaultyProvider("sim")
    earlier, begun, hangs, goes_on = box.put("earlier"), threading.Event(), threading.Event(), threading.Event()
    commit = Session.commit

    def slow(session: Session) -> None:
        if begun.is_set():  # the late one's, and none before it
            hangs.set()
            goes_on.wait()
        commit(session)

    def late(unit: UnitOfWork) -> int:
        begun.set()
        return unit.enqueue(box.made("late"))

    monkeypatch.setattr(Session, "commit", slow)
    async with running(box, provider) as dispatcher:
        await until(lambda: box.state(earlier) is MtState.SENT)
        queued = asyncio.create_task(box.store.writer.write(late))
        await until(hangs.is_set)
        stopping = asyncio.create_task(dispatcher.stop(within=0))
        await asyncio.sleep(0.05)
        goes_on.set()
        mt_id = await queued
        await stopping
    assert provider.texts() == ["earlier"]
    assert [state for state, *_ in box.way(mt_id)] == ["sending", "queued"]


async def test_what_waits_behind_another_account_of_its_route_goes_when_that_is_answered(
    box: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both accounts turn in one transaction, the one that waits first: it is woken, not left until it looks again."""
    for name in ("RIDE", "POLL"):
        monkeypatch.setattr(f"smsgate.workers.lanes.{name}", 60.0)

    def peers(account: str) -> tuple[Peer, ...]:
        return (Peer("a" if account == "b" else "b", stuck=False),)

    a = FaultyProvider("a", lambda _: After(0.1, Submitted("SM1")))
    async with running(box, FaultyProvider("b"), a, peers=peers) as dispatcher:
        first = box.put("first", provider="a")
        await until(lambda: box.state(first) is MtState.SENDING)
        second = box.put("second", provider="b")
        await until(lambda: dispatcher.counters["a"].sent == 1)
        assert states(box, first, second) == ["sending", "queued"]  # the answer waits for a ride
        box.put("other", "+8613900000009", provider="nowhere")
        await until(lambda: box.state(second) is not MtState.QUEUED)
        assert box.state(first) is MtState.SENT


async def test_an_answer_that_cannot_be_settled_does_not_stop_the_lane(
    box: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smsgate.workers.lanes.STORE_PAUSE", 0.02)
    bad, good = box.put("bad"), box.put("good", "+8613900000002")
    script = {bad: Submitted(None), good: Submitted("SM2")}  # type: ignore[arg-type] # a provider's bug
    provider = FaultyProvider("sim", lambda submission: script[submission.mt_id])
    monkeypatch.setattr("smsgate.store.settling._write_sent", _refuse_none())
    async with running(box, provider):
        await until(lambda: box.state(good) is MtState.SENT)
    assert box.state(bad) is MtState.SENDING  # unknown once the lease has ended


def _refuse_none() -> Callable[[UnitOfWork, Sent, str], None]:
    from smsgate.store.settling import _write_sent

    def write_sent(unit: UnitOfWork, sent: Sent, state: str) -> None:
        if sent.result.provider_id is None:
            raise TypeError("no id")
        _write_sent(unit, sent, state)

    return write_sent


async def test_two_dispatchers_send_everything_once(box: Outbox) -> None:
    one, other = FaultyProvider("sim"), FaultyProvider("sim")
    ids = [box.put(str(number), f"+861390000{number % 20:04d}") for number in range(100)]
    second = Dispatcher(box.store.writer, {"sim": other}, clock=box, worker="w2")
    async with running(box, one):
        second.start()
        await until(lambda: states(box, *ids) == ["sent"] * 100)
        await second.stop()
    assert sorted([*one.texts(), *other.texts()], key=int) == [str(number) for number in range(100)]


async def test_the_simulators_receipts(box: Outbox) -> None:
    simulator = Simulator("sim", clock=box)

    async def take(report: DeliveryReport) -> None:
        await box.store.writer.write(lambda unit: apply_dlr(unit, report))

    simulator.on_dlr = take
    mt_id = box.put("hello")
    async with running(box, simulator):
        await until(lambda: box.state(mt_id) is MtState.DELIVERED)
    await simulator.close()
    assert [state for state, _, _ in box.way(mt_id)] in (["sending", "sent", "delivered"], ["sending", "delivered"])


_KILLED = """
import asyncio, sys
from smsgate.store.engine import database_url
from smsgate.store.store import Store
from smsgate.testing.providers import After, FaultyProvider
from smsgate.workers.dispatcher import Dispatcher

async def main():
    store = Store.open(database_url(sys.argv[1]))
    Dispatcher(store.writer, {"sim": FaultyProvider("sim", lambda _: After(99))}, lease=1000).start()
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_a_worker_that_is_killed(box: Outbox) -> None:
    """Really killed, on the real clock: what it was sending becomes unknown, the rest goes."""
    box.at = now()
    ids = [box.put(str(number), f"+861390000{number:04d}") for number in range(40)]
    url = box.store.url.render_as_string(hide_password=False)
    killed = await asyncio.create_subprocess_exec(sys.executable, "-c", _KILLED, url)
    await until(lambda: states(box, *ids).count("sending") == 32, within=30)
    killed.kill()
    await killed.wait()
    provider = FaultyProvider("sim")
    dispatcher = Dispatcher(box.store.writer, {"sim": provider}).start()
    await until(lambda: sorted(states(box, *ids)) == ["sent"] * 8 + ["unknown"] * 32)
    await dispatcher.stop()
    assert len(provider.requests) == 8


def test_no_two_workers_have_one_name() -> None:
    names = {worker_name() for _ in range(100)}
    assert len(names) == 100
    assert max(map(len, names)) <= 40
