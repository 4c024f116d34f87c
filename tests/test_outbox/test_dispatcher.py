"""Lanes from the outbox to a provider that does what a script says, on both databases."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from smsgate.clock import now
from smsgate.domain.messages import MtState
from smsgate.providers.simulator import Simulator
from smsgate.service.ports import (
    DeliveryReport,
    Provider,
    ProviderError,
    SendResult,
    StoreUnavailable,
    Submission,
    Submitted,
    UnknownOutcome,
)
from smsgate.service.retry import Policy
from smsgate.store.receipts import apply_dlr
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.testing.providers import After, FaultyProvider
from smsgate.workers.dispatcher import Dispatcher, worker_name
from tests.test_outbox.conftest import ALARM, ANSWER, BULK, START, Outbox

BUSY = ProviderError("busy", "try again", retryable=True)
DOWN = ProviderError("no connection", "refused", retryable=True, link_down=True)
THROTTLED = ProviderError("20429", "too many requests", retryable=True, throttled=True, retry_after=2)


@asynccontextmanager
async def running(box: Outbox, *providers: Provider, **given: object) -> AsyncIterator[Dispatcher]:
    """A dispatcher over these, on the box's clock; stopped at the end."""
    lanes = {provider.account: provider for provider in providers}
    dispatcher = Dispatcher(box.store.writer, lanes, clock=box, chance=lambda: 1.0, worker="w1", **given)  # type: ignore[arg-type]
    dispatcher.start()
    try:
        yield dispatcher
    finally:
        await dispatcher.stop(within=1)


async def until(true: Callable[[], bool], within: float = 10) -> None:
    """Wait for it. Raises TimeoutError."""
    async with asyncio.timeout(within):
        while not true():  # noqa: ASYNC110 - the database tells nobody
            await asyncio.sleep(0.005)


def states(box: Outbox, *ids: int) -> list[str]:
    return [box.state(mt_id).value for mt_id in ids]


async def later(box: Outbox, dispatcher: Dispatcher, *, seconds: float) -> None:
    """Let time pass, and every lane look."""
    await asyncio.sleep(0.05)
    box.go_on(seconds=seconds)
    dispatcher.wake()
    await asyncio.sleep(0.05)


async def test_sends_what_is_there_and_what_comes(box: Outbox) -> None:
    provider = FaultyProvider("sim")
    first = box.put("first")
    async with running(box, provider) as dispatcher:
        await until(lambda: box.state(first) is MtState.SENT)
        second = box.put("第二条" * 30)
        await until(lambda: box.state(second) is MtState.SENT, within=0.9)  # woken by the commit, before the poll
    assert box.way(first) == [("sending", 0, None), ("sent", 0, None)]
    assert box.row(first).provider_id == "sim-1"
    counters = dispatcher.counters["sim"]
    assert (counters.sent, counters.segments, counters.in_flight) == (2, 3, 0)


async def test_a_row_is_durably_sending_before_its_request(box: Outbox) -> None:
    seen: list[str] = []

    def look(submission: Submission) -> None:
        seen.append(box.row(submission.mt_id).state)

    ids = [box.put(str(number), f"+861390000{number:04d}") for number in range(50)]
    async with running(box, FaultyProvider("sim", look)):
        await until(lambda: states(box, *ids) == ["sent"] * 50)
    assert seen == ["sending"] * 50


async def test_keeps_the_order_of_each_phone_and_class(box: Outbox) -> None:
    provider = FaultyProvider("sim")
    phones = [f"+861390000000{number}" for number in range(5)]
    ids = [
        box.put(f"{phone} {klass.name} {number:02d}", phone, klass)
        for number in range(6)
        for klass in (BULK, ANSWER, ALARM)
        for phone in phones
    ]
    async with running(box, provider):
        await until(lambda: len(provider.accepted) == len(ids))
    for phone in phones:
        for klass in (ALARM, ANSWER, BULK):
            line = [text for text in provider.texts() if text.startswith(f"{phone} {klass.name}")]
            assert line == sorted(line)
            assert len(line) == 6


async def test_one_request_at_a_time_to_a_phone_within_a_class(box: Outbox) -> None:
    provider = FaultyProvider("sim", lambda submission: After(0.01, Submitted(f"id{submission.mt_id}")))
    ids = [box.put(str(number)) for number in range(5)]
    async with running(box, provider):
        await until(lambda: states(box, *ids) == ["sent"] * 5)
    assert provider.most_under_way["+8613900000001"] == 1
    assert provider.texts() == ["0", "1", "2", "3", "4"]


async def test_a_higher_class_overtakes_one_that_is_stuck(box: Outbox) -> None:
    stuck = box.put("stuck", klass=ANSWER)
    provider = FaultyProvider("sim", lambda submission: After(99) if submission.mt_id == stuck else None)
    async with running(box, provider) as dispatcher:
        await until(lambda: box.state(stuck) is MtState.SENDING)
        alarm = box.put("alarm", klass=ALARM)
        behind = box.put("behind", klass=ANSWER)
        await until(lambda: box.state(alarm) is MtState.SENT)
        await later(box, dispatcher, seconds=29)
        assert box.state(behind) is MtState.QUEUED
        await later(box, dispatcher, seconds=1)
        await until(lambda: box.state(behind) is MtState.SENT)
    assert box.way(stuck)[-1][0] == "unknown"
    assert box.way(stuck)[-1][2] == "stopped before the answer came"


async def test_one_that_waits_for_a_retry_lets_the_next_pass_after_30_seconds(box: Outbox) -> None:
    bad = box.put("bad")
    next_one = box.put("next")
    provider = FaultyProvider("sim", lambda submission: BUSY if submission.mt_id == bad else None)
    policy = Policy(tries=50, first=20_000, longest=20_000)
    async with running(box, provider, policy=policy) as dispatcher:
        await until(lambda: box.row(bad).tries == 1)
        await later(box, dispatcher, seconds=20)
        await until(lambda: box.row(bad).tries == 2)
        await later(box, dispatcher, seconds=9)
        assert box.state(next_one) is MtState.QUEUED
        await later(box, dispatcher, seconds=1)
        await until(lambda: box.state(next_one) is MtState.SENT)
    assert box.way(next_one)[0] == ("sending", 30, None)


async def test_five_tries_and_then_failed(box: Outbox) -> None:
    provider = FaultyProvider("sim", [BUSY] * 9)
    mt_id = box.put("hello")
    async with running(box, provider) as dispatcher:
        for number, wait in enumerate((2, 4, 8, 16), start=1):
            await until(lambda tries=number: box.row(mt_id).tries == tries)  # type: ignore[misc]
            await later(box, dispatcher, seconds=wait)
        await until(lambda: box.state(mt_id) is MtState.FAILED)
    assert [(state, at) for state, at, _ in box.way(mt_id)] == [
        ("sending", 0), ("queued", 0), ("sending", 2), ("queued", 2), ("sending", 6), ("queued", 6),
        ("sending", 14), ("queued", 14), ("sending", 30), ("failed", 30),
    ]  # fmt: skip
    assert (dispatcher.counters["sim"].retried, dispatcher.counters["sim"].failed) == (4, 1)


@pytest.mark.parametrize(
    ("step", "note"),
    [
        (UnknownOutcome("no whole answer: TimeoutError"), "no whole answer: TimeoutError"),
        (RuntimeError("a bug"), "a fault in the provider: RuntimeError"),
    ],
)
async def test_unknown_is_never_sent_again_by_itself(box: Outbox, step: SendResult | Exception, note: str) -> None:
    provider = FaultyProvider("sim", [step])
    mt_id = box.put("hello")
    async with running(box, provider) as dispatcher:
        await until(lambda: box.state(mt_id) is MtState.UNKNOWN)
        for _ in range(3):
            await later(box, dispatcher, seconds=3600)
    assert len(provider.requests) == 1
    assert box.way(mt_id) == [("sending", 0, None), ("unknown", 0, note)]
    assert dispatcher.counters["sim"].unknown == 1


async def test_a_provider_without_end_does_not_keep_its_slot(box: Outbox) -> None:
    mt_id = box.put("hello")
    async with running(box, FaultyProvider("sim", [After(99)]), lease=100):
        await until(lambda: box.state(mt_id) is MtState.UNKNOWN)
    assert box.way(mt_id)[-1][2] == "no answer within 0 s"


async def test_a_link_that_is_down_waits_and_uses_up_no_try(box: Outbox) -> None:
    provider = FaultyProvider("sim", [DOWN] * 40)
    ids = [box.put(str(number), f"+861390000{number:04d}") for number in range(40)]
    async with running(box, provider) as dispatcher:
        await until(lambda: dispatcher.counters["sim"].trouble != "")
        assert dispatcher.counters["sim"].trouble == "no connection: refused"
        while len(provider.requests) < 40:
            before = len(provider.requests)
            await later(box, dispatcher, seconds=30)
            assert len(provider.requests) <= before + 1  # one at a time, to see
        await later(box, dispatcher, seconds=30)
        await until(lambda: states(box, *ids) == ["sent"] * 40)
    assert max(box.row(mt_id).tries for mt_id in ids) == 1
    assert dispatcher.counters["sim"].trouble == ""
    assert dispatcher.counters["sim"].retried == 0


async def test_throttling_slows_the_lane_and_uses_up_no_try(box: Outbox) -> None:
    provider = FaultyProvider("sim", [THROTTLED], rate=10)
    ids = [box.put(str(number), f"+861390000{number:04d}") for number in range(3)]
    async with running(box, provider, concurrency=1) as dispatcher:
        await until(lambda: dispatcher.counters["sim"].throttled == 1)
        await later(box, dispatcher, seconds=1.9)
        assert len(provider.requests) == 1
        assert dispatcher.lanes["sim"].pace.rate == 5
        await later(box, dispatcher, seconds=0.1)
        await until(lambda: states(box, *ids) == ["sent"] * 3)
    assert [box.row(mt_id).tries for mt_id in ids] == [1, 1, 1]


async def test_keeps_to_the_rate_in_segments(box: Outbox) -> None:
    provider = FaultyProvider("sim", rate=4)
    long = box.put("字" * 130, "+8613900000001")
    short = [box.put(str(number), f"+861380000{number:04d}") for number in range(6)]
    async with running(box, provider) as dispatcher:
        await until(lambda: len(provider.accepted) == 3)
        await later(box, dispatcher, seconds=0)
        assert len(provider.accepted) == 3  # two segments, and one each
        await later(box, dispatcher, seconds=1)
        assert len(provider.accepted) == 7
    assert states(box, long, *short) == ["sent"] * 7


async def test_a_dead_provider_delays_only_its_own_lane(box: Outbox) -> None:
    dead = FaultyProvider("dead", lambda _: After(99))
    slow = FaultyProvider("slow", lambda submission: After(0.2, Submitted(str(submission.mt_id))))
    good = FaultyProvider("good")
    for number in range(40):
        for name in ("dead", "slow", "good"):
            box.put(str(number), f"+861390000{number:04d}", provider=name)
    async with running(box, dead, slow, good, concurrency=8):
        await until(lambda: len(good.accepted) == 40, within=5)
        assert len(dead.requests) == 8
        assert len(slow.accepted) < 40


async def test_no_more_at_once_than_agreed(box: Outbox) -> None:
    provider = FaultyProvider("sim", lambda submission: After(0.01, Submitted(str(submission.mt_id))))
    ids = [box.put(str(number), f"+861390000{number:04d}") for number in range(40)]
    most = 0
    async with running(box, provider, concurrency=4):
        while states(box, *ids) != ["sent"] * 40:
            most = max(most, provider.under_way.total())
            await asyncio.sleep(0.002)
    assert most == 4


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
    write = box.store.writer.write

    async def may_write(work: Callable[[UnitOfWork], object]) -> object:
        if locked.is_set():
            raise StoreUnavailable("database is locked")
        return await write(work)

    monkeypatch.setattr(box.store.writer, "write", may_write)
    provider = FaultyProvider("sim", lambda _: After(0.05, Submitted("SM1")))
    async with running(box, provider):
        await until(lambda: box.state(mt_id) is MtState.SENDING)
        locked.set()
        await asyncio.sleep(0.2)
        assert box.state(mt_id) is MtState.SENDING
        locked.clear()
        await until(lambda: box.state(mt_id) is MtState.SENT)
    assert len(provider.requests) == 1


async def test_an_answer_that_cannot_be_settled_does_not_stop_the_lane(
    box: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smsgate.workers.lanes.STORE_PAUSE", 0.02)
    bad, good = box.put("bad"), box.put("good", "+8613900000002")
    script = {bad: Submitted(None), good: Submitted("SM2")}  # type: ignore[arg-type] # a provider's bug
    provider = FaultyProvider("sim", lambda submission: script[submission.mt_id])
    monkeypatch.setattr("smsgate.store.settling._settle_sent", _refuse_none(box))
    async with running(box, provider):
        await until(lambda: box.state(good) is MtState.SENT)
    assert box.state(bad) is MtState.SENDING  # unknown once the lease has ended


def _refuse_none(box: Outbox) -> Callable[[UnitOfWork, int, Submitted, int], None]:
    from smsgate.store.settling import _settle_sent

    def settle_sent(unit: UnitOfWork, mt_id: int, result: Submitted, at: int) -> None:
        if result.provider_id is None:
            raise TypeError("no id")
        _settle_sent(unit, mt_id, result, at)

    return settle_sent


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
