"""What the commands of the CLI read, synchronously."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, select

from routing.model import Target
from smsgate.domain.messages import MoState
from smsgate.domain.ticket import Ticket
from smsgate.store.rows import TICKET_COLUMNS, read_target, read_ticket
from smsgate.store.tables import hops, mos, tickets


@dataclass(frozen=True, slots=True)
class HopLine:
    """A line of the transfer log."""

    id: int
    no: int | None
    kind: str
    code: str | None
    title: str | None
    refused: str | None
    actor_name: str
    from_holder: Target | None
    target: Target | None
    opinion: str
    channel: str
    at: int


_LINE = (
    hops.c.id, hops.c.no, hops.c.kind, hops.c.code, hops.c.title, hops.c.refused, hops.c.actor_name,
    hops.c.from_holder, hops.c.target, hops.c.opinion, hops.c.channel, hops.c.at,
)  # fmt: skip


def tickets_listed(engine: Engine, *, live_only: bool, most: int) -> list[Ticket]:
    """The newest tickets first."""
    query = select(*TICKET_COLUMNS).order_by(tickets.c.id.desc()).limit(most)
    if live_only:
        query = query.where(tickets.c.live)
    with engine.connect() as connection:
        return [read_ticket(row) for row in connection.execute(query)]


def hops_of(engine: Engine, ticket_id: int) -> list[HopLine]:
    """A ticket's way, refused commands among it."""
    query = select(*_LINE).where(hops.c.ticket_id == ticket_id).order_by(hops.c.id)
    with engine.connect() as connection:
        return [_line(*row) for row in connection.execute(query)]


def hops_after(engine: Engine, after: int, most: int) -> list[HopLine]:
    """The log from a line on."""
    query = select(*_LINE).where(hops.c.id > after).order_by(hops.c.id).limit(most)
    with engine.connect() as connection:
        return [_line(*row) for row in connection.execute(query)]


def newest_hops(engine: Engine, most: int) -> list[HopLine]:
    """The end of the log, in order."""
    query = select(*_LINE).order_by(hops.c.id.desc()).limit(most)
    with engine.connect() as connection:
        return [_line(*row) for row in connection.execute(query)][::-1]


def shunted_mos(engine: Engine) -> list[tuple[int, str, str]]:
    """Number, sender and text of what a bug kept from being processed, oldest first."""
    query = select(mos.c.id, mos.c.sender, mos.c.text).where(mos.c.state == MoState.SHUNTED.value).order_by(mos.c.id)
    with engine.connect() as connection:
        return [(number, sender, text) for number, sender, text in connection.execute(query)]


def _line(*row: object) -> HopLine:
    values = list(row)
    for at in (7, 8):
        values[at] = read_target(values[at])
    values[6] = values[6] or ""
    return HopLine(*values)  # type: ignore[arg-type]
