"""The transfer log: lines are added, nothing else."""

from __future__ import annotations

from sqlalchemy import bindparam, literal_column, select

from routing.model import Act, Actor, Target
from smsgate.domain.hop import Hop
from smsgate.store.rows import read_actor, read_target, write_hop
from smsgate.store.rows_base import Rows
from smsgate.store.statements import Statement, insert_row
from smsgate.store.tables import hops

_APPEND = insert_row(hops)
_LAST_ACT = Statement(
    select(hops.c.actor, hops.c.at)
    .where(hops.c.ticket_id == bindparam("ticket_id"), hops.c.no.is_not(None))
    .order_by(hops.c.no.desc())
    .limit(1)
)
# those of the ticket's newest moves: the log has a few lines a ticket
_HELD_BEFORE = Statement(
    select(hops.c.from_holder)
    .where(
        hops.c.ticket_id == bindparam("ticket_id"),
        hops.c.no.is_not(None),
        hops.c.kind.in_([literal_column(f"'{act}'") for act in (Act.TRANSFER, Act.RETURN, Act.REOPEN)]),
        hops.c.from_holder != hops.c.to_holder,
    )
    .order_by(hops.c.no.desc())
    .limit(1)
)
_MOVED_SINCE = Statement(
    select(hops.c.actor, hops.c.at)
    .where(
        hops.c.ticket_id == bindparam("ticket_id"),
        hops.c.no > bindparam("hop"),
        hops.c.kind.not_in([literal_column(f"'{act}'") for act in (Act.ASSIST, Act.PROGRESS, Act.URGE)]),
    )
    .order_by(hops.c.no.desc())
    .limit(1)
)
_LAST_OPINION = Statement(
    select(hops.c.opinion, hops.c.actor)
    .where(hops.c.ticket_id == bindparam("ticket_id"), hops.c.no.is_not(None), hops.c.opinion != "")
    .order_by(hops.c.no.desc())
    .limit(1)
)


class LogRows(Rows):
    """The part that knows `hops`."""

    def append(self, hop: Hop) -> int:
        """Add a line; its id."""
        self.touch("hops")
        hop_id = self.session.new_id(hops)
        self.session.later(_APPEND, write_hop(hop_id, hop))
        return hop_id

    def last_act(self, ticket_id: int) -> tuple[Actor | None, int | None]:
        """Who did the newest hop of a ticket, and when."""
        row = self.session.one(_LAST_ACT, {"ticket_id": ticket_id})
        return (None, None) if row is None else (read_actor(row[0]), int(row[1]))

    def moved_since(self, ticket_id: int, hop: int) -> tuple[Actor | None, int] | None:
        """Who moved a ticket last since that hop, or changed its state, and when; None if nobody did."""
        row = self.session.one(_MOVED_SINCE, {"ticket_id": ticket_id, "hop": hop})
        return None if row is None else (read_actor(row[0]), int(row[1]))

    def held_before(self, ticket_id: int) -> Target | None:
        """Who held a ticket before it was last given to somebody else; None if it never was."""
        row = self.session.one(_HELD_BEFORE, {"ticket_id": ticket_id})
        return None if row is None else read_target(row[0])

    def last_opinion(self, ticket_id: int) -> tuple[str, Actor | None]:
        """The last thing that anybody said about a ticket, and who; an empty text where nobody has."""
        row = self.session.one(_LAST_OPINION, {"ticket_id": ticket_id})
        return ("", None) if row is None else (str(row[0]), read_actor(row[1]))
