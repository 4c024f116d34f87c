"""Every fault that a gateway can have, against what becomes of the messages: nothing lost, nothing doubled."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from smsgate.simulate import Faults, IdForm, ReceiptForm
from tests.test_whole_link.whole import PEOPLE, Whole, whole

ALL = len(PEOPLE)
ACCEPTED = 2 * ALL
"""SMS that follow when all accept: each is answered, and the dispatcher who opened the tickets is told of each."""


class Row(NamedTuple):
    """A fault, and how the three notices stand in the end."""

    name: str
    fault: Callable[[Faults], object]
    states: dict[str, int]
    protocols: tuple[str, ...] = ("smpp", "cmpp")
    settings: dict[str, Any] = {}  # noqa: RUF012 - never written to
    received: int = ALL
    """How many SMS the phones of these three show."""


def given(**values: Any) -> Callable[[Faults], object]:
    """Faults that are set before the first login."""

    def set_(faults: Faults) -> None:
        for name, value in values.items():
            setattr(faults, name, value)

    return set_


FINE = {"delivered": ALL}
SWIFT = {"rate": 100}
"""Half of that is still fast; without it a lane would begin anew at what it did in its last second."""
ONE_UNKNOWN = {"delivered": ALL - 1, "unknown": 1}
TABLE = (
    Row("none", given(), FINE),
    Row("throttles three submits", given(throttle=3), FINE, settings=SWIFT),
    Row("takes two a second", given(throttle_rate=2), FINE, settings=SWIFT),
    Row("reads slowly", given(read_rate=2_000), FINE),
    Row("breaks off in an answer", given(truncate=1), ONE_UNKNOWN, settings={"window": 1}),
    Row("refuses one for good", given(reject=1), {"delivered": ALL - 1, "failed": 1}, received=ALL - 1),
    Row("refuses one for now", given(reject=1, reject_code=8), FINE, ("smpp",)),
    Row("takes one and never answers", given(swallow=1), ONE_UNKNOWN),
    Row("loses one", given(lose=1), ONE_UNKNOWN, received=ALL - 1),
    Row("answers slowly", given(delay=0.1), FINE),
    Row("answers too late", given(delay=0.8, receipts=()), {"sent": ALL}),
    Row("answers in another order", given(reorder=3), FINE),
    Row("cuts the line instead of an answer", given(cut_before=2), ONE_UNKNOWN),
    Row("refuses two logins", given(refuse_login=2), FINE),
    Row("says nothing to a login", given(mute_login=1), FINE),
    Row("answers everything twice", given(answer_twice=True), FINE),
    Row("brings receipts first", given(receipt_first=True), FINE),
    Row("brings receipts twice", given(receipt_twice=True), FINE),
    Row("sends no receipts", given(receipts=()), {"sent": ALL}),
    Row("says ACCEPTD alone", given(receipts=("ACCEPTD",)), {"sent": ALL}),
    Row("says ACCEPTD, then DELIVRD", given(receipts=("ACCEPTD", "DELIVRD"), receipt_delay=0.05), FINE),
    Row("says DELIVRD, then ACCEPTD", given(receipts=("DELIVRD", "ACCEPTD"), receipt_delay=0.05), FINE),
    Row("can't deliver", given(receipts=("UNDELIV",)), {"failed": ALL}),
    Row("lets them expire", given(receipts=("EXPIRED",)), {"expired": ALL}),
    Row("a code of its own", given(receipts=("MK:0001",)), {"failed": ALL}, ("cmpp",)),
    Row("spells ids in hexadecimal", given(receipt_id=IdForm.HEX), FINE, ("smpp",)),
    Row("puts zeros before ids", given(receipt_id=IdForm.ZEROS), FINE, ("smpp",)),
    Row("receipts as text alone", given(receipt_form=ReceiptForm.TEXT), FINE, ("smpp",)),
    Row("receipts as parameters alone", given(receipt_form=ReceiptForm.TLV), FINE, ("smpp",)),
    Row("60-octet reports in 3.0", given(receipt_octets=60), FINE, ("cmpp",)),
    Row("71-octet reports in 2.0", given(receipt_octets=71), FINE, ("cmpp",), {"version": "2.0"}),
    Row("writes octet by octet", given(split=True), FINE),
)


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lane that was throttled waits for no second."""
    monkeypatch.setattr("smsgate.workers.lanes.THROTTLED", 0.1)


@pytest.mark.parametrize(
    ("row", "protocol"),
    [pytest.param(row, protocol, id=f"{protocol}, {row.name}") for row in TABLE for protocol in row.protocols],
)
async def test_what_becomes_of_three_notices_and_their_answers(row: Row, protocol: str, tmp_path: Path) -> None:
    """Three people are told of a ticket each under the fault; without it, each accepts, and is answered."""
    async with whole(protocol, tmp_path, **row.settings) as all_:
        row.fault(all_.gateway.faults)
        codes = {account: all_.open(account) for account in PEOPLE}
        await all_.come_to(row.states)
        assert len(all_.gateway.messages()) == row.received
        _nothing_doubled(all_)
        all_.gateway.faults.clear()
        await _all_accept(all_, codes)
        await all_.come_to(dict(Counter(row.states) + Counter({"delivered": ACCEPTED})))
        _nothing_doubled(all_)


async def test_garbage_on_the_line(tmp_path: Path) -> None:
    """Nobody can read on: what had no answer is unknown, and the rest goes over the next connection."""
    async with whole("smpp", tmp_path, window=1) as all_:
        all_.gateway.faults.garbage = 1
        codes = {account: all_.open(account) for account in PEOPLE}
        await all_.come_to(ONE_UNKNOWN)
        await _all_accept(all_, codes)
        await all_.come_to({"delivered": ALL - 1 + ACCEPTED, "unknown": 1})
        _nothing_doubled(all_)


@pytest.mark.parametrize("protocol", ["smpp", "cmpp"])
async def test_a_gateway_that_falls_silent(protocol: str, tmp_path: Path) -> None:
    """The link is given up; what it was told meanwhile waits, what was under way is unknown."""
    async with whole(protocol, tmp_path, window=1) as all_:
        await _bound(all_)
        all_.gateway.faults.silent = True
        codes = {account: all_.open(account) for account in PEOPLE}
        await _until(lambda: all_.link.blocked)
        all_.gateway.faults.silent = False
        await _until(lambda: sum(all_.states()[state] for state in ("unknown", "delivered")) == ALL)
        unknown = all_.states()["unknown"]
        assert 1 <= unknown <= ALL
        await _all_accept(all_, codes)
        await all_.come_to({"delivered": ALL - unknown + ACCEPTED, "unknown": unknown})
        _nothing_doubled(all_)


@pytest.mark.parametrize(("asked", "spoken"), [("3.0", "2.0"), ("2.0", "3.0")])
async def test_a_gateway_of_another_version(asked: str, spoken: str, tmp_path: Path) -> None:
    """It is spoken to in its own."""
    async with whole("cmpp", tmp_path, spoken=spoken, version=asked) as all_:
        codes = {account: all_.open(account) for account in PEOPLE}
        await all_.come_to(FINE)
        await _all_accept(all_, codes)
        await all_.come_to({"delivered": ALL + ACCEPTED})
        assert "and was asked for" in all_.link.links()[0].why


@pytest.mark.parametrize("protocol", ["smpp", "cmpp"])
async def test_the_line_breaks_again_and_again_while_commands_come(protocol: str, tmp_path: Path) -> None:
    """What had no answer is brought again: each command moves its ticket once, each sender is answered once."""
    async with whole(protocol, tmp_path, connections=2) as all_:
        all_.gateway.faults.receipts = ()
        code = all_.open("wangmin")
        texts = [f"JDFK{code}#第{no}次" for no in range(1, 31)]
        saying = []
        for text in texts:
            saying.append(asyncio.create_task(all_.gateway.say(all_.phone("wangmin"), "10657500", text)))
            await asyncio.sleep(0.01)
            if len(saying) % 6 == 0:
                all_.gateway.cut()
        await asyncio.wait_for(asyncio.gather(*saying), 30)
        assert all_.hops("progress") == len(texts)
        assert all_.mo_states()["applied"] == len(texts)


def _nothing_doubled(all_: Whole) -> None:
    """No phone shows what was sent once twice, nor what was not sent at all."""
    shown = Counter(all_.gateway.messages())
    meant = Counter(all_.texts("sent", "delivered", "failed", "expired", "unknown"))
    assert not shown - meant
    assert max(shown.values(), default=1) == 1
    assert not Counter(all_.texts("sent", "delivered")) - shown


async def _all_accept(all_: Whole, codes: dict[str, str]) -> None:
    """Each replies to their ticket's own number, without a code."""
    replies = [all_.gateway.say(all_.phone(account), f"10657500{code}", "LD#收到") for account, code in codes.items()]
    taken = await asyncio.wait_for(asyncio.gather(*replies), 20)
    assert [one.status for each in taken for one in each] == [0] * len(codes)
    assert all_.mo_states() == {"applied": len(codes)}
    assert all_.hops("accept") == len(codes)


async def _until(true: Callable[[], object], within: float = 60) -> None:
    async with asyncio.timeout(within):
        while not true():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)


async def _bound(all_: Whole) -> None:
    await _until(lambda: not all_.link.blocked)
