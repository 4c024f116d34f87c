"""The daily reports that have been made: a row a day, which one node at a time has.

(none) → taken → mailing → done
           ↑ ↘      ↓ ↘
           └─ failed   unknown: the mail server did not say; nobody is to get it twice
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text, and_, bindparam, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.ext.asyncio import AsyncEngine

from smsgate.store.rows_base import Rows
from smsgate.store.statements import Statement
from smsgate.store.tables import metadata


class RunState(StrEnum):
    """How far one has come."""

    TAKEN = "taken"
    MAILING = "mailing"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Run(NamedTuple):
    """A day's report, as its row tells it. Times are milliseconds since the epoch."""

    day: str
    """2026-11-22."""
    state: RunState
    at: int
    """Since when it is in that state."""
    due_at: int
    """Of one that failed: when it is tried again; of one that somebody has: until when."""
    tries: int
    error: str | None


# made by migration 0010
runs = Table(
    "report_runs",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("state", String(8), nullable=False),
    Column("worker", String(80), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("error", Text),
)
_HAD = or_(runs.c.state == RunState.TAKEN.value, runs.c.state == RunState.MAILING.value)
_TAKEN = ("day", "state", "worker", "at", "due_at", "tries")
_FIRST = Statement(
    postgres_insert(runs)
    .values({name: bindparam(name) for name in _TAKEN})
    .on_conflict_do_nothing(index_elements=[runs.c.day])
    .returning(runs.c.tries)
)
_AGAIN = Statement(
    update(runs)
    .where(
        runs.c.day == bindparam("of"),
        runs.c.due_at <= bindparam("now"),
        or_(runs.c.state == RunState.FAILED.value, runs.c.state == RunState.TAKEN.value),
    )
    .values(
        state=RunState.TAKEN.value,
        worker=bindparam("by"),
        at=bindparam("now"),
        due_at=bindparam("until"),
        tries=runs.c.tries + 1,
    )
    .returning(runs.c.tries)
)
_LOST = Statement(
    update(runs)
    .where(and_(runs.c.day == bindparam("of"), runs.c.due_at <= bindparam("now"), runs.c.state == "mailing"))
    .values(state=RunState.UNKNOWN.value, at=bindparam("now"), error=bindparam("why"))
    .returning(runs.c.tries)
)
_SET = Statement(
    update(runs)
    .where(runs.c.day == bindparam("of"), runs.c.worker == bindparam("by"), _HAD)
    .values(state=bindparam("to"), at=bindparam("now"), due_at=bindparam("until"), error=bindparam("why"))
    .returning(runs.c.tries)
)
_GONE = "the node that was mailing it has gone; whether the mail server took it is not known"


class ReportRuns(Rows):
    """The part that knows `report_runs`."""

    def take_report(self, day: str, worker: str, at: int, until: int) -> int | None:
        """That day's report is this worker's until then: the how manyeth try it is; None: it is not to be made now."""
        first = {"day": day, "state": RunState.TAKEN.value, "worker": worker, "at": at, "due_at": until, "tries": 1}
        row = self.session.one(_FIRST, first)
        if row is None:
            self.session.one(_LOST, {"of": day, "now": at, "why": _GONE})
            row = self.session.one(_AGAIN, {"of": day, "by": worker, "now": at, "until": until})
        return None if row is None else int(row[0])

    def put_report(
        self, day: str, worker: str, state: RunState, at: int, due_at: int, error: str | None = None
    ) -> bool:
        """It has come so far; False: it is no longer this worker's."""
        given = {"of": day, "by": worker, "to": state.value, "now": at, "until": due_at, "why": error}
        return self.session.one(_SET, given) is not None


async def newest_run(engine: AsyncEngine) -> Run | None:
    """The newest day's, for who asks whether it has gone out."""
    columns = (runs.c.day, runs.c.state, runs.c.at, runs.c.due_at, runs.c.tries, runs.c.error)
    async with engine.connect() as connection:
        row = (await connection.execute(select(*columns).order_by(runs.c.day.desc()).limit(1))).first()
    return None if row is None else Run(row[0], RunState(row[1]), *row[2:])
