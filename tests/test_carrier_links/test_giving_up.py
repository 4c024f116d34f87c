"""An MT whose time is over: what is said of it is what happened to it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from smsgate.carriers.codec import smpp34
from smsgate.service.ports import ProviderError, Submitted, UnknownOutcome
from tests.test_carrier_links.conftest import linked, submission
from tests.test_carrier_links.test_sending import LONG, TEXT, no, yes
from tests.test_sessions.gateway import eventually

LINK_DOWN = ProviderError("link", "there was no place in the window in time", retryable=True, link_down=True)
GIVEN_UP = UnknownOutcome("given up before the answer came")


async def test_what_waits_for_a_place_in_the_window_was_not_sent() -> None:
    """The lane's patience ends: the one that is out is unknown, the one behind it may go elsewhere."""
    async with linked(smpp34, window=1) as all_:
        out, waiting = (asyncio.create_task(all_.link.send(submission(TEXT, mt_id=no))) for no in (1, 2))
        await all_.line.hear(smpp34.SubmitSm)
        waiting.cancel()
        assert await waiting == LINK_DOWN
        out.cancel()
        assert await out == GIVEN_UP


async def test_a_later_part_that_waits_for_a_place_was_not_sent() -> None:
    """Its phone has the first part and will get no more: given up, with the id that its receipt will name."""
    async with linked(smpp34, window=1) as all_:
        sent = asyncio.create_task(all_.link.send(submission(LONG)))
        _, sequence = await all_.line.hear(smpp34.SubmitSm)
        others = [asyncio.create_task(all_.link.send(submission(TEXT, mt_id=no))) for no in (2, 3)]
        await eventually(lambda: all_.link.links()[0].in_flight == 1)
        await asyncio.sleep(0)
        all_.line.say(yes(smpp34, "a"), sequence)
        await all_.line.hear(smpp34.SubmitSm)
        sent.cancel()
        assert await sent == ProviderError(
            "partial link",
            "part 2 of 3: was not sent: there was no place in the window in time",
            retryable=False,
            segment_ids=("a", "", ""),
        )
        for other in others:
            other.cancel()
        assert await asyncio.gather(*others) == [GIVEN_UP, LINK_DOWN]


async def test_the_ids_of_answered_parts_are_kept_when_a_later_one_has_no_answer() -> None:
    """By T, and by the lane's patience."""
    async with linked(smpp34, response_seconds=0.2) as all_:
        for _ in range(2):
            sent = asyncio.create_task(all_.link.send(submission(LONG)))
            _, sequence = await all_.line.hear(smpp34.SubmitSm)
            all_.line.say(yes(smpp34, "a"), sequence)
            await all_.line.hear(smpp34.SubmitSm)
            assert await sent == UnknownOutcome("part 2 of 3: no answer within 0.2 s", ("a", "", ""))
    async with linked(smpp34) as all_:
        sent = asyncio.create_task(all_.link.send(submission(LONG)))
        _, sequence = await all_.line.hear(smpp34.SubmitSm)
        all_.line.say(yes(smpp34, "a"), sequence)
        await all_.line.hear(smpp34.SubmitSm)
        sent.cancel()
        assert await sent == UnknownOutcome("part 2 of 3: given up before the answer came", ("a", "", ""))


async def test_the_line_breaks_between_two_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Part 2 was to be said again after a throttle, and never was."""
    async with linked(smpp34, reconnect_seconds=50) as all_:
        sent = asyncio.create_task(all_.link.send(submission(LONG)))
        for answer in (yes(smpp34, "a"), no(smpp34, 0x58)):
            _, sequence = await all_.line.hear(smpp34.SubmitSm)
            all_.line.say(answer, sequence)
        all_.line.cut()
        result = await sent
        assert isinstance(result, ProviderError)
        assert (result.code, result.retryable, result.segment_ids) == ("partial link", False, ("a", "", ""))


@pytest.mark.parametrize(
    ("text", "taken", "late", "expected"),
    [
        (TEXT, 0, no(smpp34, 0x58), ("88", True, True, ())),
        (TEXT, 0, no(smpp34, 0x0B), ("11", False, False, ())),
        (LONG, 0, no(smpp34, 0x0B), ("11", False, False, ())),
        (LONG, 1, no(smpp34, 0x58), ("partial 88", False, False, ("1", "", ""))),
        (LONG, 1, yes(smpp34, "2"), ("partial late", False, False, ("1", "2", ""))),
    ],
    ids=["slower", "never", "the first part never", "a later part slower", "a later part, taken"],
)
async def test_an_answer_that_comes_too_late(text: str, taken: int, late: Any, expected: tuple[Any, ...]) -> None:
    """It says what has happened; a part that is taken so late has been the last."""
    async with linked(smpp34, response_seconds=0.2) as all_:
        sent = asyncio.create_task(all_.link.send(submission(text, mt_id=42)))
        for part in range(taken):
            _, sequence = await all_.line.hear(smpp34.SubmitSm)
            all_.line.say(yes(smpp34, str(part + 1)), sequence)
        _, sequence = await all_.line.hear(smpp34.SubmitSm)
        assert isinstance(await sent, UnknownOutcome)
        all_.line.say(late, sequence)
        await eventually(lambda: all_.house.late)
        [(mt_id, result)] = all_.house.late
        assert mt_id == 42
        assert isinstance(result, ProviderError)
        assert (result.code, result.retryable, result.throttled, result.segment_ids) == expected


async def test_the_last_part_is_taken_late() -> None:
    """Then all of it has been sent."""
    async with linked(smpp34, response_seconds=0.2) as all_:
        sent = asyncio.create_task(all_.link.send(submission(LONG, mt_id=42)))
        for part in ("1", "2"):
            _, sequence = await all_.line.hear(smpp34.SubmitSm)
            all_.line.say(yes(smpp34, part), sequence)
        _, sequence = await all_.line.hear(smpp34.SubmitSm)
        await sent
        all_.line.say(yes(smpp34, "3"), sequence)
        await eventually(lambda: all_.house.late)
        assert all_.house.late == [(42, Submitted("1", ("1", "2", "3")))]
