"""A dispatcher that runs for the length of a test."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from smsgate.service.ports import Provider
from smsgate.workers.dispatcher import Dispatcher
from tests.test_outbox.conftest import Outbox


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


async def until(true: Callable[[], bool], within: float = 60) -> None:
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
