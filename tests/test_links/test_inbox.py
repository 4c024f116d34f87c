"""What the inbox promises links: durable when the call returns, in order, or StoreUnavailable."""

from __future__ import annotations

import asyncio

import pytest

from smsgate.domain.messages import MobileOriginated, MoPart
from smsgate.sample import sample_chart
from smsgate.service.links import Inbox
from smsgate.service.ports import DeliveryReport, StoreUnavailable, Submitted
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.testing.stage import Stage
from smsgate.web.tally import Tally
from smsgate.workers import inbox as inbox_module
from smsgate.workers.inbox import LinkInbox
from tests.test_links.house import ACCOUNT, SPLIT, House, cut


def as_port(inbox: LinkInbox) -> Inbox:
    """The type checker sees that it is one."""
    return inbox


async def test_what_is_handed_over_first_takes_effect_first(house: House) -> None:
    """Without waiting for one another, as a link does it, parts between them."""
    inbox = as_port(house.inbox)
    part_one, part_two = house.parts(cut("JDFK48217#二".encode("utf-16-be"), 10), ids=("a", "b"))
    handed = [
        inbox.take_mo(house.mo("LD48217", provider_id="1")),
        inbox.take_part(part_one),
        inbox.take_mo(house.mo("JDFK48217#一", provider_id="2")),
        inbox.take_part(part_two),
        inbox.take_mo(house.mo("JDFK48217#三", provider_id="3")),
    ]
    await asyncio.gather(*(asyncio.ensure_future(one) for one in handed))
    assert house.texts() == ["LD48217", "JDFK48217#一", "JDFK48217#二", "JDFK48217#三"]
    assert house.states() == ["applied"] * 4


async def test_when_it_returns_another_connection_sees_it(house: House) -> None:
    for at in range(5):
        await house.inbox.take_mo(house.mo("CX48217", provider_id=str(at)))
        assert len(house.texts()) == at + 1


async def test_a_store_that_takes_nothing_is_said_so_by_every_call(house: House) -> None:
    await house.inbox.session_opened(ACCOUNT, "S1")
    house.stage.store.writer.close()
    inbox: Inbox = house.inbox
    part: MoPart = house.parts([b"\0A", b"\0B"])[0]
    mo: MobileOriginated = house.mo("CX48217")
    for call in (
        inbox.take_mo(mo),
        inbox.take_part(part),
        inbox.take_report(DeliveryReport(ACCOUNT, "A1", "sent", 1)),  # type: ignore[arg-type]
        inbox.take_late(1, Submitted("A1")),
        inbox.session_opened(ACCOUNT, "S2"),
        inbox.session_ended(ACCOUNT, "S1"),
    ):
        with pytest.raises(StoreUnavailable):
            await call
    assert house.counts[ACCOUNT, "unavailable"] == 3


async def test_an_end_that_was_not_written_is_written_by_the_next_look(house: House) -> None:
    await house.inbox.session_opened(ACCOUNT, "S1")
    await house.inbox.take_mo(house.mo("JDFK48217#一", "S1"))
    writer, house.inbox._writer = house.inbox._writer, _Refusing()  # type: ignore[assignment]
    with pytest.raises(StoreUnavailable):
        await house.inbox.session_ended(ACCOUNT, "S1")
    house.inbox._writer = writer
    await writer.write(house.inbox.look)
    await house.inbox.take_mo(house.mo("JDFK48217#一", "S2"))
    assert house.states() == ["applied", "duplicate"]


class _Refusing:
    """A writer whose database is away."""

    async def write(self, _work: object) -> None:
        raise StoreUnavailable("away")


async def test_its_loop_looks_and_outlives_a_database_that_is_away(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_module, "EVERY", 0.001)
    await house.inbox.take_part(house.parts(cut(SPLIT.encode("utf-16-be"), 20))[0])
    house.stage.clock.go_on(minutes=15)
    writer, house.inbox._writer = house.inbox._writer, _Refusing()  # type: ignore[assignment]
    loop = asyncio.create_task(house.inbox.run())
    await asyncio.sleep(0.01)
    house.inbox._writer = writer
    while house.states() != ["incomplete"]:
        assert not loop.done()
        await asyncio.sleep(0.01)
    loop.cancel()


async def test_without_links_a_look_writes_nothing(house: House) -> None:
    """As the database itself says: rows changed on SQLite, a transaction's own number on PostgreSQL."""
    on_sqlite = house.stage.store.url.get_backend_name() == "sqlite"
    asked = "SELECT total_changes()" if on_sqlite else "SELECT pg_current_xact_id_if_assigned()::text"

    def looked(unit: UnitOfWork) -> tuple[object, object]:
        before = unit.session._execute(asked).fetchone()[0]
        house.inbox.look(unit)
        return before, unit.session._execute(asked).fetchone()[0]

    before, after = await house.stage.store.writer.write(looked)
    assert before == after


def test_what_comes_is_counted_for_the_metrics(house: House) -> None:
    tally = Tally()
    house.counts = house.inbox.counts = tally.links
    parts = house.parts(cut(SPLIT.encode("utf-16-be"), 20), ids=("a", "b"))
    house.take(parts[0], parts[0], parts[1])
    house.do(house.inbox.take_mo(house.mo("CX", provider_id="c")))
    assert dict(tally.links) == {
        (ACCOUNT, "part"): 1,
        (ACCOUNT, "part_repeat"): 1,
        (ACCOUNT, "applied"): 2,
    }


@pytest.mark.postgres
async def test_two_nodes_that_complete_one_message_at_once_make_one(postgres_database: str) -> None:
    """Each gets a part of each of many messages, all at the same time, and some parts twice."""
    stage = Stage.set_up(postgres_database, sample_chart())
    stage.open()
    house, other = House(stage), House(Stage.set_up(postgres_database, sample_chart(), stage.clock))
    texts = [f"JDFK48217#第{at}条" for at in range(20)]
    handed = []
    for at, text in enumerate(texts):
        parts = house.parts(cut(text.encode("utf-16-be"), 10, 22), ids=(f"{at}a", f"{at}b", f"{at}c"), reference=at)
        nodes = (house.inbox, other.inbox) if at % 2 else (other.inbox, house.inbox)
        handed += [nodes[0].take_part(parts[0]), nodes[1].take_part(parts[1]), nodes[0].take_part(parts[2])]
        handed += [nodes[1].take_part(parts[2])]
    await asyncio.gather(*(asyncio.ensure_future(one) for one in handed))
    assert sorted(house.texts()) == sorted(texts)
    assert set(house.states()) == {"applied"}
    for each in (house, other):
        each.stage.close()


# -- extension numbers -----------------------------------------------------------------------------------------------


def test_a_reply_in_a_tickets_thread_finds_it(house: House) -> None:
    """Whole or in parts, as by every door; a code that is nobody's is asked about (spec/tickets.md «Which ticket»)."""
    house.stage.open("东区光缆中断")
    house.do(house.inbox.take_mo(house.mo("LD", provider_id="1", receiver="1065750048217")))
    bodies = cut("JDFK#在路上".encode("utf-16-be"), 6)
    house.take(*house.parts(bodies, ids=("2", "3"), receiver="1065750048217"))
    assert [line for line in house.stage.log() if line[0] == "48217"] == [
        ("48217", "open", None),
        ("48217", "accept", None),
        ("48217", "progress", None),
    ]
    house.stage.new_sms()
    house.do(house.inbox.take_mo(house.mo("LD", provider_id="4", receiver="1065750093145")))
    assert house.states()[-1] == "asked"
    (asked,) = house.stage.new_sms()
    assert asked.text.startswith("您回的号码没有对应您的工单")


def test_a_reply_in_the_thread_of_a_closed_ticket_is_asked_about(house: House) -> None:
    house.stage.open("东区光缆中断")
    for at, said in enumerate(("LD48217", "CGHD48217#好了")):
        house.do(house.inbox.take_mo(house.mo(said, provider_id=str(at))))
    house.stage.clock.go_on(hours=73)
    house.stage.sweep()
    house.stage.new_sms()
    house.do(house.inbox.take_mo(house.mo("LD", provider_id="9", receiver="1065750048217")))
    assert house.states()[-1] == "asked"
    assert house.stage.new_sms()[-1].text.startswith("您回的48217")
