"""The transfer log: lines are added, nothing else."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from routing.model import Actor
from smsgate.domain.hop import Hop
from smsgate.store.rows import read_actor, write_hop
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

    def last_opinion(self, ticket_id: int) -> tuple[str, Actor | None]:
        """The last thing that anybody said about a ticket, and who; an empty text where nobody has."""
        row = self.session.one(_LAST_OPINION, {"ticket_id": ticket_id})
        return ("", None) if row is None else (str(row[0]), read_actor(row[1]))
