"""One driver connection and its transaction: BEGIN, SAVEPOINT, COMMIT said by us, never by the driver."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from smsgate.service.ports import StoreUnavailable
from smsgate.store.statements import Row, Statement

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
        self._execute = self._said
        self._savepoints = 0

    def _said(self, sql: str, *arguments: Any) -> Any:
        """Run it; a failure of the database is told from one of the work, which alone may shunt a message."""
        try:
            return self._driver.execute(sql, *arguments)
        except Exception as error:
            if is_store_failure(error):
                raise StoreUnavailable(f"the database can't take it now: {error}") from error
            raise

    def begin(self) -> None:
        """Begin a transaction that no other writer can come between."""
        if self.postgres:
            self._execute("BEGIN")
            self._execute(f"SELECT pg_advisory_xact_lock({LOG_LOCK})")
        else:
            self._execute("BEGIN IMMEDIATE")

    def rollback(self) -> None:
        """Undo the transaction."""
        self._execute("ROLLBACK")

    def commit(self) -> None:
        """Make it durable."""
        self._execute("COMMIT")

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what is written inside if an exception leaves it."""
        self._execute("SAVEPOINT s")
        self._savepoints += 1
        try:
            yield
        except BaseException as error:
            if not is_store_failure(error):
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
        self._execute("ROLLBACK TO s")

    def run(self, statement: Statement, given: Mapping[str, Any]) -> int:
        """Run it; answers how many rows it touched."""
        compiled = statement.on(self.dialect)
        return int(self._execute(compiled.sql, compiled.arguments(given)).rowcount)

    def insert(self, statement: Statement, given: Mapping[str, Any]) -> int:
        """Run an insert that returns the row's id; answers that, or 0 where a conflict was passed over."""
        compiled = statement.on(self.dialect)
        row = self._execute(compiled.sql, compiled.arguments(given)).fetchone()
        return 0 if row is None else int(row[0])

    def one(self, statement: Statement, given: Mapping[str, Any]) -> Row | None:
        """The first row."""
        compiled = statement.on(self.dialect)
        row: Row | None = self._execute(compiled.sql, compiled.arguments(given)).fetchone()
        return row

    def all(self, statement: Statement, given: Mapping[str, Any]) -> list[Row]:
        """All rows."""
        compiled = statement.on(self.dialect)
        rows: list[Row] = self._execute(compiled.sql, compiled.arguments(given)).fetchall()
        return rows

    def close(self) -> None:
        """Give the connection back."""
        self._pooled.close()

    def discard(self) -> None:
        """Forget a connection that can't be trusted any more; its transaction is rolled back."""
        self._pooled.invalidate()
