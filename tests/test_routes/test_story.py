"""Two accounts, the first goes bad: what is queued goes by the other, what may have gone stays, and it comes back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from smsgate.domain.messages import MtClass, MtState
from smsgate.service.health import Cause, HealthRules, Level
from smsgate.service.ports import DeliveryReport, ProviderError, Submission
from smsgate.service.rules import Rules
from smsgate.store.queries.queues import last_moves, queues
from smsgate.store.receipts import apply_dlr
from smsgate.testing.links import FakeLinkProvider
from smsgate.testing.providers import After, Step
from smsgate.workers.health_watch import HealthWatch
from smsgate.workers.mover import Mover
from tests.test_outbox.conftest import Outbox
from tests.test_outbox.running import running, states, until
from tests.test_routes.conftest import two_accounts

RULES = HealthRules()
DOWN = ProviderError("down", "not bound", retryable=True, link_down=True)
PHONE, OTHER = "+8613900000001", "+8613900000002"


@dataclass
class Story:
    box: Outbox
    a: FakeLinkProvider
    b: FakeLinkProvider
    watch: HealthWatch
    mover: Mover
    rules: Rules

    @property
    def a_is(self) -> Level:
        return self.rules.standing.now["a"].level

    async def later(self, seconds: int) -> None:
        """Second by second, as the watch looks."""
        for _ in range(seconds):
            self.box.go_on(seconds=1)
            await self.watch.look()
            await self.mover.move_all()

    def put(self, text: str, phone: str = PHONE) -> int:
        """As a use case does it: by the account that is chosen now."""
        account = self.rules.account_for(phone, MtClass.ALARM)
        source = self.rules.source(account, "4821")
        return self.box.put(text, phone, provider=account, source=source)


@asynccontextmanager
async def told(box: Outbox, script: object = ()) -> AsyncIterator[Story]:
    rules = two_accounts()
    a, b = FakeLinkProvider("a", script=script), FakeLinkProvider("b", kind="cmpp")  # type: ignore[arg-type]
    async with running(box, a, b, peers=rules.peers) as dispatcher:
        mover = Mover(box.store.writer, rules, RULES.hold, box)
        watch = HealthWatch(
            {"a": a, "b": b}, lambda: dispatcher.counters, box.store.reading, rules.standing, RULES, clock=box
        )
        try:
            yield Story(box, a, b, watch, mover, rules)
        finally:
            await box.store.reading.dispose()


def _hangs_then_down(submission: Submission) -> Step | None:
    """What is asked first never gets an answer; all that follows finds the link down."""
    return After(0) if submission.text == "perhaps" else DOWN


async def test_what_is_queued_moves_and_what_may_have_gone_does_not(box: Outbox) -> None:
    async with told(box, _hangs_then_down) as story:
        perhaps = story.put("perhaps", OTHER)
        await until(lambda: states(box, perhaps) == ["sending"])
        first, second = story.put("first"), story.put("second")
        await until(lambda: len(story.a.requests) >= 2)
        story.a.cut(box.at)
        await story.later(RULES.down // 1000 - 1)
        assert story.b.requests == []
        await story.later(3)
        assert story.a_is is Level.BAD
        third = story.put("third")
        await until(lambda: states(box, first, second, third) == ["sent"] * 3)
        assert story.b.texts() == ["first", "second", "third"]
        assert {request.source for request in story.b.accepted} == {"106900004821"}
        assert [request.text for request in story.a.requests].count("perhaps") == 1
        assert (states(box, perhaps), box.row(perhaps).provider) == (["sending"], "a")
        note = next(note for _, _, note in box.way(second) if note is not None)
        assert note == "from a to b, because a is bad: the link is down: connection refused"
        moves = await last_moves(box.store.reading, 10)
        assert [(move.mt_id, move.from_account, move.to_account, move.cause) for move in moves] == [
            (second, "a", "b", Cause.DOWN),
            (first, "a", "b", Cause.DOWN),
        ]
    assert states(box, perhaps) == ["unknown"]
    assert story.b.texts() == ["first", "second", "third"]


async def test_it_goes_back_to_the_first_once_that_has_been_well_for_the_hold(box: Outbox) -> None:
    async with told(box) as story:
        await story.watch.look()
        story.a.cut(box.at)
        await story.later(RULES.down // 1000 + 1)
        assert story.a_is is Level.BAD
        story.a.mend(box.at)
        await story.later(RULES.hold // 1000 - 1)
        by_b = story.put("still by b")
        assert box.row(by_b).provider == "b"
        await story.later(3)
        assert story.a_is is Level.GOOD
        by_a = story.put("by a again")
        assert box.row(by_a).provider == "a"
        await until(lambda: states(box, by_b, by_a) == ["sent", "sent"])
        assert (story.a.texts(), story.b.texts()) == (["by a again"], ["still by b"])


async def test_errors_make_it_bad_and_it_is_tried_again_when_they_are_forgotten(box: Outbox) -> None:
    refused = ProviderError("8", "system error", retryable=False)
    async with told(box, [refused] * 10) as story:
        await story.watch.look()
        failed = [story.put(f"{number}", f"+86139100000{number:02d}") for number in range(10)]
        await until(lambda: states(box, *failed) == ["failed"] * 10)
        await story.later(1)
        assert story.a_is is Level.BAD
        await story.later((RULES.window + RULES.hold) // 1000 + 1)
        assert story.a_is is Level.GOOD


async def test_receipts_that_come_late_make_it_bad_where_the_other_s_come_soon(box: Outbox) -> None:
    async with told(box) as story:
        for account, seconds in (("a", 300), ("b", 5)):
            ids = [box.put(f"{account}{number}", f"+8613920000{number:03d}", provider=account) for number in range(10)]
            await until(lambda ids=ids: states(box, *ids) == ["sent"] * 10)  # type: ignore[misc]
            begun = box.row(ids[0]).state_at
            _arrive(box, ids, begun + seconds * 1000)
        await story.later(1)
        assert story.a_is is Level.BAD
        assert story.rules.standing.now["a"].cause is Cause.SLOW


def _arrive(box: Outbox, ids: list[int], at: int) -> None:
    for mt_id in ids:
        row = box.row(mt_id)
        report = DeliveryReport(row.provider, row.provider_id, MtState.DELIVERED, at, mt_id=mt_id)
        box.do(lambda unit, report=report: apply_dlr(unit, report))  # type: ignore[misc]
    box.at = max(box.at, at)


async def test_the_queues_are_counted_by_account_and_class(box: Outbox) -> None:
    box.put("one", provider="a")
    box.go_on(seconds=9)
    box.put("two", OTHER, provider="a")
    box.put("in the morning", klass=MtClass.BULK, provider="a", gather_until=box.at + 1)
    try:
        (queue,) = await queues(box.store.reading)
    finally:
        await box.store.reading.dispose()
    assert (queue.account, queue.klass, queue.waiting, queue.oldest) == ("a", 0, 2, box.at - 9000)
