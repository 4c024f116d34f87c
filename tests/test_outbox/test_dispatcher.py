"""Lanes from the outbox to a provider that does what a script says, on both databases."""

import asyncio

import pytest

from smsgate.domain.messages import MtState
from smsgate.service.ports import ProviderError, SendResult, Submission, Submitted, UnknownOutcome
from smsgate.service.retry import Policy
from smsgate.testing.providers import After, FaultyProvider
from tests.test_outbox.conftest import ALARM, ANSWER, BULK, Outbox
from tests.test_outbox.running import later, running, states, until

BUSY = ProviderError("busy", "try again", retryable=True)
DOWN = ProviderError("no connection", "refused", retryable=True, link_down=True)
THROTTLED = ProviderError("20429", "too many requests", retryable=True, throttled=True, retry_after=2)


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


class _Knowing(FaultyProvider):
    """Asked to give up, it says that nothing went out, as a link does whose window is full."""

    async def send(self, submission: Submission) -> SendResult:
        try:
            return await super().send(submission)
        except asyncio.CancelledError:
            return DOWN


async def test_what_has_surely_not_gone_out_is_not_unknown_when_its_time_is_over(box: Outbox) -> None:
    """It goes back into the queue and has lost no try."""
    mt_id = box.put("hello")
    provider = _Knowing("sim", [After(99)])
    async with running(box, provider, lease=100) as dispatcher:
        await until(lambda: box.way(mt_id)[-1:] == [("queued", 0, "no connection: refused")])
        await later(box, dispatcher, seconds=3)
        await until(lambda: box.state(mt_id) is MtState.SENT)
    assert box.row(mt_id).tries == 1


async def test_a_long_one_has_time_for_each_of_its_segments(box: Outbox) -> None:
    """Five segments: longer than the lease of one."""
    mt_id = box.put("字" * 300)
    async with running(box, FaultyProvider("sim", [After(0.5, Submitted("A"))]), lease=400):
        await until(lambda: box.state(mt_id) is not MtState.QUEUED and box.state(mt_id) is not MtState.SENDING)
    assert box.state(mt_id) is MtState.SENT


async def test_a_link_that_is_down_waits_and_uses_up_no_try(box: Outbox) -> None:
    provider = FaultyProvider("sim", [DOWN] * 40)
    ids = [box.put(str(number), f"+861390000{number:04d}") for number in range(40)]
    async with running(box, provider) as dispatcher:
        await until(lambda: dispatcher.counters["sim"].trouble != "")
        assert dispatcher.counters["sim"].trouble == "no connection: refused"
        first, waits = len(provider.requests), 0
        while len(provider.requests) < 40:
            await later(box, dispatcher, seconds=30)
            waits += 1
            assert len(provider.requests) <= first + waits  # one at a time, to see; on a busy machine one comes late
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
        await until(lambda: len(provider.accepted) == 7)
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


async def test_what_is_queued_is_on_its_way_after_the_commit_that_queued_it(box: Outbox) -> None:
    provider = FaultyProvider("sim", lambda _: After(0.2, Submitted("SM1")))
    async with running(box, provider):
        await until(lambda: box.store.writer.batches > 0)
        before = box.store.writer.batches
        mt_id = await asyncio.to_thread(box.put, "hello")
        assert box.state(mt_id) is MtState.SENDING
        assert box.store.writer.batches == before + 1
        await until(lambda: box.state(mt_id) is MtState.SENT)


async def test_rides_begin_no_more_than_may_be_under_way(box: Outbox) -> None:
    under_way: list[int] = []

    def slow(_: Submission) -> After:
        under_way.append(sum(provider.under_way.values()))
        return After(0.1, Submitted("SM1"))

    provider = FaultyProvider("sim", slow)
    async with running(box, provider, concurrency=3):
        ids = [await asyncio.to_thread(box.put, str(number), f"+861390000{number:04d}") for number in range(20)]
        await until(lambda: states(box, *ids) == ["sent"] * 20)
    assert max(under_way) == 3
