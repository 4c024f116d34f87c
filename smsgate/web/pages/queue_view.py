"""An item of the queue with all that a human needs to decide: the text and its fault, who, their tickets, the way."""

from __future__ import annotations

from dataclasses import dataclass

from grammar import Command, Diagnosis, parse
from routing.model import Actor
from smsgate.domain.queue import OF_MO, OF_MT, Dismissal, ItemKind, Proposal, ProposalHow, QueueItem
from smsgate.domain.ticket import Ticket
from smsgate.service.queueing import QueueDesk, QueueNo
from smsgate.service.trying import Trial
from smsgate.store.queries import (
    MoWay,
    MtWay,
    PhoneMessage,
    TicketFilters,
    holder_keys,
    mo_way,
    mt_way,
    phone_thread,
    tickets_page,
)
from smsgate.store.queries import queue as queries
from smsgate.store.queries.queue import ActRow, QueueRow, ReceiptRow
from smsgate.store.rows import unit_key
from smsgate.web.context import WebContext
from smsgate.web.pages.guessing import Guess, guesses
from smsgate.web.pages.revealing import Piece, revealed

THREAD = 8
"""Newest messages of the phone that are shown."""
TICKETS = 8
"""Open tickets of the sender that are shown."""


@dataclass(frozen=True, slots=True)
class TrialView:
    """What a command would do, and what is wrong with it."""

    trial: Trial
    read: Command | Diagnosis
    pieces: tuple[Piece, ...]

    @property
    def fault(self) -> Diagnosis | None:
        """What is wrong with its text."""
        return self.read if isinstance(self.read, Diagnosis) else None


@dataclass(frozen=True, slots=True)
class ItemView:
    """All that the pane shows."""

    row: QueueRow
    way: MoWay | None
    """Of an item about an MO."""
    sent: MtWay | None
    """Of an item about an MT."""
    receipt: ReceiptRow | None
    read: Command | Diagnosis | None
    pieces: tuple[Piece, ...]
    owner: Actor | None
    guesses: tuple[Guess, ...]
    tickets: list[Ticket]
    thread: list[PhoneMessage]
    acts: list[ActRow]
    proposal: Proposal | None
    alike: int
    trial: TrialView | None
    text: str
    """In the editor."""

    @property
    def item(self) -> QueueItem:
        """The item itself."""
        return self.row.item

    @property
    def fault(self) -> Diagnosis | None:
        """What is wrong with the text as received."""
        return self.read if isinstance(self.read, Diagnosis) else None

    @property
    def runs(self) -> bool:
        """Whether it is about a command."""
        return self.item.kind in OF_MO

    @property
    def resends(self) -> bool:
        """Whether it is about a message of ours."""
        return self.item.kind in OF_MT

    @property
    def may_have_arrived(self) -> bool:
        """Whether sending it again may let somebody have it twice."""
        return self.item.kind is ItemKind.UNKNOWN

    @property
    def asks_whose(self) -> bool:
        """Whether somebody has to say whose number it is."""
        return self.item.kind is ItemKind.UNKNOWN_SENDER and self.owner is None

    reasons = tuple(Dismissal)
    hows = tuple(ProposalHow)


async def item_view(
    context: WebContext, row: QueueRow, by: str, text: str | None = None, *, tries: bool = True
) -> ItemView:
    """Gather it; `text`: what somebody has typed in the editor. `tries`: whether they may run it, so see what it would
    do: that takes the writer."""
    item, reading, chart = row.item, context.reading, context.chart
    way = await mo_way(reading, item.mo_id) if item.mo_id is not None else None
    sent = await mt_way(reading, item.mt_id) if item.mt_id is not None else None
    read = parse(way.mo.text, chart) if way is not None else None
    fault = read if isinstance(read, Diagnosis) and not read.talk else None
    original = way.mo.text if way is not None else row.text
    column, length = (fault.column, len(fault.found)) if fault is not None else (0, 0)
    owner = chart.who_calls(item.phone)
    # whose number it is comes first: no command of nobody's is run
    runs = item.kind in OF_MO and (owner is not None or item.kind is not ItemKind.UNKNOWN_SENDER)
    tries = tries and item.waits and runs
    typed = original if text is None else text
    return ItemView(
        row=row,
        way=way,
        sent=sent,
        receipt=await queries.receipt_of(reading, item.dlr_id) if item.dlr_id is not None else None,
        read=read,
        pieces=revealed(original, column, length),
        owner=owner,
        guesses=guesses(chart, item.phone, original) if owner is None and item.kind in OF_MO else (),
        tickets=await _tickets(context, owner),
        thread=(await phone_thread(reading, item.phone))[0][-THREAD:] if item.phone else [],
        acts=await queries.acts_of(reading, item.id),
        proposal=await queries.proposal_of(reading, item.phone) if item.kind is ItemKind.UNKNOWN_SENDER else None,
        alike=await queries.alike(reading, item) if item.waits and item.phone else 0,
        trial=await looked_at(context, item, by, typed) if tries else None,
        text=typed,
    )


async def looked_at(context: WebContext, item: QueueItem, by: str, text: str) -> TrialView | None:
    """What a command would do, by the way that every message goes; None where nothing can be tried."""
    office = context.office
    found = await context.writer.write(lambda unit: QueueDesk(office.scene(unit), unit, by).look(item.id, text))
    return None if isinstance(found, QueueNo) else trial_view(context, found)


def trial_view(context: WebContext, trial: Trial) -> TrialView:
    """A trial as a page shows it."""
    read = parse(trial.text, context.chart)
    fault = read if isinstance(read, Diagnosis) and not read.talk else None
    where = (fault.column, len(fault.found)) if fault is not None else (0, 0)
    return TrialView(trial, read, revealed(trial.text, *where))


async def _tickets(context: WebContext, owner: Actor | None) -> list[Ticket]:
    if owner is None:
        return []
    chart = context.chart
    if owner.account is not None:
        keys = holder_keys(chart, owner.account)
    else:
        keys = (unit_key(owner.unit),) if owner.unit is not None and chart.unit(owner.unit) is not None else ("!",)
    found = await tickets_page(context.reading, None, TICKETS, TicketFilters(live=True, holder=keys))
    return found.rows
