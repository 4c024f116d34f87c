"""A whole lane to Twilio: outbox, dispatcher, REST over a real socket, signed callbacks back."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from smsgate.clock import now
from smsgate.domain.messages import MtState
from smsgate.providers.twilio import Twilio
from smsgate.service.ports import DeliveryReport
from smsgate.service.retry import Policy
from smsgate.store.engine import database_url
from smsgate.store.receipts import apply_dlr
from smsgate.store.store import Store
from smsgate.workers.dispatcher import Dispatcher
from tests.test_outbox.conftest import Outbox
from tests.test_providers.twilio_server import SID, Reply, Request, TwilioServer, error
from tests.test_providers.webhooks import DLR, STATUS_PATH, form

Make = Callable[..., Twilio]


@pytest.fixture
async def box(tmp_path: Path) -> AsyncIterator[Outbox]:
    store = Store.open(database_url(f"sqlite:///{tmp_path / 'lane.db'}"))
    yield Outbox(store, now())
    await store.aclose()


async def run_until(box: Outbox, provider: Twilio, true: Callable[[], bool]) -> Dispatcher:
    """Run the lane until it is true, with short waits between tries."""
    dispatcher = Dispatcher(box.store.writer, {"tw": provider}, policy=Policy(5, 50, 100)).start()
    try:
        async with asyncio.timeout(20):
            while not true():  # noqa: ASYNC110 - the database tells nobody
                await asyncio.sleep(0.01)
    finally:
        await dispatcher.stop()
    return dispatcher


def put(box: Outbox, number: int) -> int:
    return box.put(f"message {number}", f"+861390000{number:04d}", provider="tw")


async def test_keeps_working_through_everything(
    box: Outbox, server: TwilioServer, twilio: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smsgate.workers.lanes.THROTTLED", 0.05)
    server.script = [
        error(429, 20429),
        Reply(500, "oops"),
        Reply(503, ""),
        Reply(cut_after=0),
        Reply(cut_after=110),
        Reply(wait=5),
        Reply(502, "bad gateway"),
        error(400, 21610),
    ]
    ids = [put(box, number) for number in range(12)]
    settled = ("sent", "unknown", "failed")
    dispatcher = await run_until(box, twilio(rate=0), lambda: all(box.state(mt).value in settled for mt in ids))
    states = sorted(box.state(mt_id).value for mt_id in ids)
    assert states == ["failed"] + ["sent"] * 7 + ["unknown"] * 4
    requests = [request.form["To"] for request in server.requests]
    assert len(requests) == 12 + 3  # the throttled one and the two that a 5xx answered, and nothing else, went again
    counters = dispatcher.counters["tw"]
    assert (counters.sent, counters.unknown, counters.failed, counters.throttled, counters.retried) == (7, 4, 1, 1, 2)


async def test_a_receipt_before_the_answer(box: Outbox, server: TwilioServer, twilio: Make) -> None:
    provider = twilio()

    async def call_back(request: Request) -> None:
        query = request.form["StatusCallback"].partition("?")[2]
        for word in ("queued", "sent", "delivered"):
            webhook = form(
                {**DLR, "MessageSid": SID, "MessageStatus": word, "To": request.form["To"]}, STATUS_PATH, query
            )
            assert provider.verify(webhook)
            report = provider.parse_dlr(webhook, now())
            assert isinstance(report, DeliveryReport)
            found = await box.store.writer.write(lambda unit, report=report: apply_dlr(unit, report))  # type: ignore[misc]
            assert found == report.mt_id

    server.before_answer = call_back
    server.script = [Reply(), Reply(cut_after=0), Reply(500, "")]
    ids = [put(box, number) for number in range(3)]
    await run_until(box, provider, lambda: all(box.row(mt_id).tries for mt_id in ids[:1]) and len(server.requests) == 3)
    for mt_id in ids:
        assert [(state, note) for state, _, note in box.way(mt_id)] == [
            ("sending", None), ("sent", "queued"), ("delivered", "delivered"),
        ]  # fmt: skip
    assert len(server.requests) == 3
    assert box.row(ids[0]).provider_id == SID


async def test_a_receipt_settles_a_cut_answer(box: Outbox, server: TwilioServer, twilio: Make) -> None:
    server.script = [Reply(cut_after=0)]
    provider, mt_id = twilio(), put(box, 0)
    await run_until(box, provider, lambda: box.state(mt_id) is MtState.UNKNOWN)
    query = server.requests[0].form["StatusCallback"].partition("?")[2]
    report = provider.parse_dlr(form({**DLR, "To": "+8613900000000"}, STATUS_PATH, query), now())
    assert isinstance(report, DeliveryReport)
    box.do(lambda unit: apply_dlr(unit, report))
    assert box.state(mt_id) is MtState.DELIVERED


async def test_wrong_credentials_lose_nothing(box: Outbox, server: TwilioServer, twilio: Make) -> None:
    server.script = [error(401, 20003, "Authenticate")] * 3
    ids = [put(box, number) for number in range(3)]
    dispatcher = await run_until(box, twilio(), lambda: len(server.requests) == 3)
    assert "Twilio does not accept account_sid and auth_token (Authenticate)" in dispatcher.counters["tw"].trouble
    assert [box.state(mt_id) for mt_id in ids] == [MtState.QUEUED] * 3
    assert [box.row(mt_id).tries for mt_id in ids] == [0, 0, 0]
