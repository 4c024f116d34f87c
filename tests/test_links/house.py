"""A whole house on either database, and a link's hands: messages, parts, receipts and sessions over `LinkInbox`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeVar

from sqlalchemy import select

from smsgate.domain.messages import MobileOriginated, MoPart, MoState
from smsgate.store.link_tables import mo_groups, mo_parts
from smsgate.store.tables import mos
from smsgate.testing.stage import NUMBER, Stage
from smsgate.workers.inbox import LinkInbox
from tests.test_links.awaiting import awaited

T = TypeVar("T")

ACCOUNT = "simulator"
"""The stage's: what its answers go out by."""
STRANGER = "+8613700000001"
"""Whom the chart does not know: recorded, never answered."""
SPLIT = "ZP48217#-核心维护室-话务维护组-helijia#请看一下"


def cut(octets: bytes, *at: int) -> list[bytes]:
    """The octets, cut there, be it within a character."""
    ends = (0, *at, len(octets))
    return [octets[start:end] for start, end in pairwise(ends)]


@dataclass
class House:
    """A stage with one or more inboxes."""

    stage: Stage
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    inbox: LinkInbox = field(init=False)

    def __post_init__(self) -> None:
        self.inbox = self.node("here:1:a")

    def node(self, process: str) -> LinkInbox:
        """The inbox of a process of that name, on the same database."""
        return LinkInbox(self.stage.store.writer, self.stage.office, self.stage.clock, self.counts, process)

    def do(self, call: Coroutine[Any, Any, T]) -> T:
        """Wait for what a link would."""
        return awaited(call)

    def mo(self, text: str, session: str | None = "S1", who: str = "wangmin", **more: Any) -> MobileOriginated:
        """A whole message as SMPP brings it, without an id."""
        given: dict[str, Any] = {"provider_id": "", "receiver": NUMBER.digits, "raw": text.encode(), **more}
        return MobileOriginated(
            account=ACCOUNT,
            sender=self.stage.phone_of(who),
            text=text,
            received_at=self.stage.clock(),
            session=session,
            **given,
        )

    def parts(
        self,
        bodies: Sequence[bytes],
        *,
        who: str = "wangmin",
        ids: Sequence[str] | None = None,
        session: str | None = None,
        **more: Any,
    ) -> list[MoPart]:
        """All parts of a long message."""
        shared: dict[str, Any] = {"reference": 7, "width": 8, "charset": "ucs2", "receiver": NUMBER.digits, **more}
        return [
            MoPart(
                account=ACCOUNT,
                sender=self.stage.phone_of(who),
                total=len(bodies),
                no=no,
                provider_id="" if ids is None else ids[no - 1],
                body=body,
                raw=bytes((5, 0, 3, shared["reference"] % 256, len(bodies), no)) + body,
                received_at=self.stage.clock(),
                session=session,
                **shared,
            )
            for no, body in enumerate(bodies, 1)
        ]

    def take(self, *parts: MoPart) -> None:
        """They come one after the other."""
        for part in parts:
            self.do(self.inbox.take_part(part))

    def look(self) -> None:
        """The inbox's loop looks once."""
        self.stage.store.writer.write_now(self.inbox.look)

    def texts(self, *states: MoState) -> list[str]:
        """The texts of the messages that came in, in order; only of those states, if any are named."""
        query = select(mos.c.text).order_by(mos.c.id)
        if states:
            query = query.where(mos.c.state.in_([state.value for state in states]))
        with self.stage.store.engine.connect() as connection:
            return list(connection.scalars(query))

    def states(self) -> list[str]:
        """What became of each message that came in."""
        with self.stage.store.engine.connect() as connection:
            return list(connection.scalars(select(mos.c.state).order_by(mos.c.id)))

    def groups(self) -> list[tuple[str, int]]:
        """State and number of parts of each long message."""
        with self.stage.store.engine.connect() as connection:
            rows = connection.execute(select(mo_groups.c.id, mo_groups.c.state).order_by(mo_groups.c.id)).all()
            parts = Counter(connection.scalars(select(mo_parts.c.group_id)))
        return [(state, parts[group_id]) for group_id, state in rows]
