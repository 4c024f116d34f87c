"""Rows that wait for the end of their batch, to be written by one `executemany` for each statement.

A statement run by itself between two pieces of Python costs about three times what it costs in a row of its like. So
what nobody reads back at once waits; whoever reads or changes a table has its waiting rows written first.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from smsgate.store.statements import Statement, Values

Rows = list[Values]


class Pending:
    """What one transaction has yet to write, table by table. `write` writes rows by a statement."""

    def __init__(self, write: Callable[[Statement, Rows], None]) -> None:
        self._write = write
        self._rows: dict[str, dict[Statement, Rows]] = {}
        self._waiting: dict[Statement, Rows] = {}
        # the same lists, found at once
        self._values: dict[str, dict[Hashable, Any]] = {}

    def add(self, statement: Statement, row: Values) -> None:
        """Let a row wait. Rows of one table and statement keep their order."""
        rows = self._waiting.get(statement)
        if rows is None:
            rows = self._waiting[statement] = []
            self._rows.setdefault(statement.writes, {})[statement] = rows
        rows.append(row)

    def remember(self, table: str, key: Hashable, value: Any) -> None:
        """Under what key a waiting row is known until it is written, and by what value."""
        self._values.setdefault(table, {})[key] = value

    def value(self, table: str, key: Hashable) -> Any:
        """What is remembered of a waiting row; None where none waits."""
        known = self._values.get(table)
        return None if known is None else known.get(key)

    def written_for(self, tables: Iterable[str]) -> None:
        """Write what waits for these tables."""
        for table in tables:
            waiting = self._rows.pop(table, None)
            if waiting is not None:
                self._values.pop(table, None)
                for statement, rows in waiting.items():
                    del self._waiting[statement]
                    self._write(statement, rows)

    def write_all(self) -> None:
        """Write all that waits."""
        if self._rows:
            self.written_for(tuple(self._rows))

    def forget(self) -> None:
        """The transaction is undone."""
        self._rows.clear()
        self._waiting.clear()
        self._values.clear()
