"""A phone as its owner sees it: what it sent and what it got, in order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from smsgate.domain.messages import MtState
from smsgate.service.queueing import CHANNEL
from smsgate.store.tables import mos, mt_changes, mts

MOST = 200
"""Messages of each direction that one look shows at most: the newest."""

_ARRIVED = (MtState.SENT.value, MtState.DELIVERED.value)


@dataclass(frozen=True, slots=True)
class PhoneCursor:
    """How far a phone has been read: the newest MO, and the newest change of an MT. Written `12-40`."""

    mo: int = 0
    change: int = 0

    def __str__(self) -> str:
        return f"{self.mo}-{self.change}"

    @classmethod
    def read(cls, text: str) -> PhoneCursor | None:
        """The same back; None for what is none."""
        found = re.fullmatch(r"([0-9]{1,18})-([0-9]{1,18})", text, re.ASCII)
        return None if found is None else cls(int(found[1]), int(found[2]))


@dataclass(frozen=True, slots=True)
class PhoneMessage:
    """One bubble."""

    way: Literal["mo", "mt"]
    """Seen from smsgate: an MO was typed on the phone, an MT arrived there."""
    id: int
    """Of the MO or MT."""
    at: int
    text: str
    state: str
    ticket_id: int | None
    segments: int | None
    number: str | None
    """At our end: the number that an MO was sent to, or that an MT came from."""
    seen: PhoneCursor
    """Its own part of the cursor."""


async def phone_thread(
    engine: AsyncEngine, phone: str, after: PhoneCursor | None = None
) -> tuple[list[PhoneMessage], PhoneCursor]:
    """What the phone sent and got after the cursor, in order, and the cursor to read on from.

    An MT arrives when the provider has taken it, which may be in another order than that of the ids: so it is the
    changes that are followed.
    """
    after = after or PhoneCursor()
    async with engine.connect() as connection:
        sent = await _sent(connection, phone, after)
        got = await _arrived(connection, phone, after)
    messages = sorted(
        [*sent, *got], key=lambda message: (message.at, message.way, message.seen.mo, message.seen.change)
    )
    newest_mo = max((message.seen.mo for message in messages), default=0)
    newest_change = max((message.seen.change for message in messages), default=0)
    return messages, PhoneCursor(max(newest_mo, after.mo), max(newest_change, after.change))


async def _sent(connection: AsyncConnection, phone: str, after: PhoneCursor) -> Iterable[PhoneMessage]:
    columns = (mos.c.id, mos.c.received_at, mos.c.text, mos.c.state, mos.c.ticket_id, mos.c.receiver)
    # what the desk wrote in its owner's name was typed on no phone
    typed = (mos.c.sender == phone, mos.c.id > after.mo, mos.c.channel != CHANNEL)
    query = select(*columns).where(*typed).order_by(mos.c.id.desc()).limit(MOST)
    return [
        PhoneMessage("mo", mo_id, at, text, state, ticket_id, None, receiver, PhoneCursor(mo_id, 0))
        for mo_id, at, text, state, ticket_id, receiver in await connection.execute(query)
    ]


async def _arrived(connection: AsyncConnection, phone: str, after: PhoneCursor) -> Iterable[PhoneMessage]:
    return [
        PhoneMessage("mt", mt_id, at, text, state, ticket_id, segments, source, PhoneCursor(0, change))
        for mt_id, at, text, state, ticket_id, segments, source, change in await connection.execute(
            _arrivals(phone, after)
        )
    ]


def _arrivals(phone: str, after: PhoneCursor) -> Select[tuple[Any, ...]]:
    """Each MT's first change that means that it went out; only the newest MTs are looked at."""
    newest = select(mts.c.id).where(mts.c.phone == phone).order_by(mts.c.id.desc()).limit(2 * MOST).subquery()
    first = (
        select(mt_changes.c.mt_id, func.min(mt_changes.c.id).label("change"), func.min(mt_changes.c.at).label("at"))
        .where(mt_changes.c.mt_id.in_(select(newest.c.id)), mt_changes.c.state.in_(_ARRIVED))
        .group_by(mt_changes.c.mt_id)
        .subquery()
    )
    return (
        select(
            *(mts.c.id, first.c.at, mts.c.text, mts.c.state, mts.c.ticket_id, mts.c.segments, mts.c.source),
            first.c.change,
        )
        .join(first, first.c.mt_id == mts.c.id)
        .where(first.c.change > after.change)
        .order_by(first.c.change.desc())
        .limit(MOST)
    )
