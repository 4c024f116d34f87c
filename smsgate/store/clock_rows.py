"""The clocks of tickets: one row for each that runs, and how far rosters have been looked at."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert

from smsgate.domain.clocks import Clock, Ring
from smsgate.store.rows_base import Rows
from smsgate.store.statements import Statement
from smsgate.store.tables import clocks, watermarks

_NAMES = clocks.columns.keys()
_set = postgres_insert(clocks).values({name: bindparam(name) for name in _NAMES})
_SET = Statement(
    _set.on_conflict_do_update(
        index_elements=[clocks.c.ticket_id, clocks.c.clock],
        set_={"step": _set.excluded.step, "due_at": _set.excluded.due_at},
    ),
    _NAMES,
)
_STOP = Statement(
    delete(clocks).where(clocks.c.ticket_id == bindparam("of"), clocks.c.clock == bindparam("which")), ("of", "which")
)
_DUE = Statement(
    select(*clocks.columns)
    .where(clocks.c.due_at <= bindparam("at"))
    .order_by(clocks.c.due_at, clocks.c.ticket_id, clocks.c.clock)
    .limit(bindparam("most"))
)
_WATERMARK = Statement(select(watermarks.c.at).where(watermarks.c.name == bindparam("name")))
_mark = postgres_insert(watermarks).values(name=bindparam("name"), at=bindparam("at"))
_MARK = Statement(
    _mark.on_conflict_do_update(index_elements=[watermarks.c.name], set_={"at": _mark.excluded.at}),
)


class ClockRows(Rows):
    """The part that knows `clocks` and `watermarks`."""

    def set_clock(self, ring: Ring) -> None:
        """A clock starts, or goes on to its next step."""
        self.session.later(_SET, (ring.ticket_id, ring.clock.value, ring.step, ring.due_at))

    def stop_clock(self, ticket_id: int, clock: Clock) -> None:
        """It has been answered."""
        self.session.later(_STOP, (ticket_id, clock.value))

    def due_clocks(self, at: int, most: int) -> tuple[Ring, ...]:
        """The clocks whose next step is due, the most overdue first."""
        return tuple(_read(*row) for row in self.session.all(_DUE, {"at": at, "most": most}))

    def watermark(self, name: str) -> int | None:
        """How far it has been looked at; None: never."""
        row = self.session.one(_WATERMARK, {"name": name})
        return None if row is None else int(row[0])

    def set_watermark(self, name: str, at: int) -> None:
        """It has been looked at up to there."""
        self.session.run(_MARK, {"name": name, "at": at})


def _read(ticket_id: int, clock: str, step: int, due_at: int) -> Ring:
    return Ring(ticket_id, Clock(clock), step, due_at)
