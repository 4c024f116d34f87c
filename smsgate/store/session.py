"""One driver connection and its transaction: BEGIN, SAVEPOINT, COMMIT said by us, never by the driver."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import Engine, Table, func, select
from sqlalchemy.exc import DBAPIError

from smsgate.service.ports import StoreUnavailable, Window
from smsgate.store.kept_tickets import KeptTickets
from smsgate.store.lately import Lately
from smsgate.store.pending import Pending
from smsgate.store.pending import Rows as Waiting
from smsgate.store.statements import Row, Statement

ARRIVALS_KEPT = 10_000
"""MOs remembered at least: providers repeat within minutes what they think was not acknowledged."""

LOG_LOCK = 7_330_001
"""The advisory lock that makes the writers of all nodes one on PostgreSQL; any constant of our own does."""


def is_store_failure(error: BaseException) -> bool:
    """Whether it is the database that fails (locked, full, gone), and not the work."""
    if isinstance(error, StoreUnavailable):
        return True
    if isinstance(error, DBAPIError):
        error = error.orig or error
    if isinstance(error, sqlite3.OperationalError | sqlite3.DatabaseError):
        return not isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError | sqlite3.DataError)
    # psycopg is an extra: known by the name that PEP 249 gives the class
    return any(cls.__name__ in ("OperationalError", "InterfaceError") for cls in type(error).__mro__)


def _unavailable(error: Exception) -> StoreUnavailable:
    return StoreUnavailable(f"the database can't take it now: {error}")


class NoSavepoint(Exception):  # noqa: N818 - asks for one
    """Something must be undone and there is no savepoint: the batch is to be run again with one for each."""


class Session:
    """The writer's connection. Not for two threads."""

    def __init__(self, engine: Engine) -> None:
        self.dialect = engine.dialect
        self.postgres = engine.dialect.name == "postgresql"
        self._pooled = engine.raw_connection()
        driver: Any = self._pooled.driver_connection
        if self.postgres:
            driver.autocommit = True
        self._driver = driver
        self._savepoints = 0
        self._newest: dict[str, int] = {}
        """The last ids that were given, while nobody else can have given any."""
        self._version: int | None = None
        self.pending = Pending(self._write_waiting)
        """What waits for the end of the batch."""
        self.later = self.pending.add
        """Run a statement, with values in its order, before anything else looks at its table; when the batch ends at
        the latest."""
        self.tickets = KeptTickets()
        self.windows: dict[tuple[str, str], Window] | None = None
        """Who has been told something lately (bundle_rows.py); None: nobody has looked since something was undone."""
        self.arrived = Lately(ARRIVALS_KEPT)
        """Keys of MOs that have come lately; a hint where to look, whatever became of them."""

    def _execute(self, sql: str, *arguments: Any) -> Any:
        """Run it, with a failure of the database told from one of the work, which alone may shunt a message."""
        try:
            return self._driver.execute(sql, *arguments)
        except Exception as error:
            if is_store_failure(error):
                raise _unavailable(error) from error
            raise

    def _write_waiting(self, statement: Statement, rows: Waiting) -> None:
        compiled = statement.on(self.dialect)
        try:
            self._driver.cursor().executemany(compiled.sql, compiled.rows(rows))
        except Exception as error:
            if is_store_failure(error):
                raise _unavailable(error) from error
            raise

    @property
    def careful(self) -> bool:
        """Whether a broken constraint would hurt its own function alone; else the batch is run again, carefully."""
        return self._savepoints > 0

    def begin(self) -> None:
        """Begin a transaction that no other writer can come between."""
        version = None
        if self.postgres:
            self._execute("BEGIN")
            self._execute(f"SELECT pg_advisory_xact_lock({LOG_LOCK})")
        else:
            self._execute("BEGIN IMMEDIATE")
            version = self._execute("PRAGMA data_version").fetchone()[0]
        if version is None or version != self._version:  # others may have written
            self._newest.clear()
        self._version = version
        self.tickets.begin(version)

    def rollback(self) -> None:
        """Undo the transaction."""
        self._forget()
        self._execute("ROLLBACK")

    def commit(self) -> None:
        """Make it durable."""
        self.pending.write_all()
        self._execute("COMMIT")

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what is written inside if an exception leaves it."""
        self.pending.write_all()
        self._execute("SAVEPOINT s")
        self._savepoints += 1
        try:
            yield
            self.pending.write_all()
        except BaseException as error:
            if not is_store_failure(error):
                self._forget()
                self._execute("ROLLBACK TO s")
                self._execute("RELEASE s")
            raise
        finally:
            self._savepoints -= 1
        self._execute("RELEASE s")

    def undo(self) -> None:
        """Undo what has been written since the innermost savepoint. Raises NoSavepoint where there is none."""
        if self._savepoints == 0:
            raise NoSavepoint
        self._forget()
        self._execute("ROLLBACK TO s")

    def new_id(self, table: Table) -> int:
        """The next id of a table of which the writer gives the ids: nobody else adds a row while it writes."""
        newest = self._newest[table.name] = self.newest_id(table) + 1
        return newest

    def newest_id(self, table: Table) -> int:
        """The last id that was given of such a table."""
        newest = self._newest.get(table.name)
        if newest is None:
            newest = self._newest[table.name] = int(self._ran(_newest_of(table), {}).fetchone()[0])
        return newest

    def run(self, statement: Statement, given: Mapping[str, Any]) -> int:
        """Run it; answers how many rows it touched."""
        return int(self._ran(statement, given).rowcount)

    def insert(self, statement: Statement, given: Mapping[str, Any]) -> int:
        """Run an insert that returns the row's id; answers that, or 0 where a conflict was passed over."""
        row = self._ran(statement, given).fetchone()
        return 0 if row is None else int(row[0])

    def one(self, statement: Statement, given: Mapping[str, Any], *, apart: bool = False) -> Row | None:
        """The first row. `apart`: none of the rows that wait can be one of those that it is about."""
        row: Row | None = self._ran(statement, given, apart).fetchone()
        return row

    def all(self, statement: Statement, given: Mapping[str, Any], *, apart: bool = False) -> list[Row]:
        """All rows. `apart`: as in `one`."""
        rows: list[Row] = self._ran(statement, given, apart).fetchall()
        return rows

    def _ran(self, statement: Statement, given: Mapping[str, Any], apart: bool = False) -> Any:
        if not apart:
            self.pending.written_for(statement.tables)
        compiled = statement.on(self.dialect)
        return self._execute(compiled.sql, compiled.arguments(given))

    def _forget(self) -> None:
        self.pending.forget()
        self.tickets.forget()
        self.windows = None
        self._newest.clear()

    def close(self) -> None:
        """Give the connection back."""
        self._pooled.close()

    def discard(self) -> None:
        """Forget a connection that can't be trusted any more; its transaction is rolled back."""
        self._pooled.invalidate()


@cache
def _newest_of(table: Table) -> Statement:
    return Statement(select(func.coalesce(func.max(table.c.id), 0)))
