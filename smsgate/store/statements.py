"""Core statements, compiled once and then run straight on the driver's connection.

The tables and statements are SQLAlchemy Core, so that both databases get their own dialect; its execution layer costs
about as much as the statement itself on SQLite, which the writer, running several for every message, does not pay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Delete, Insert, Select, Table, Update, bindparam, insert
from sqlalchemy.engine import Dialect

Row = tuple[Any, ...]
Core = Select[Any] | Insert | Update | Delete


class _Compiled:
    """A statement in one dialect's words."""

    def __init__(self, core: Core, dialect: Dialect) -> None:
        compiled = core.compile(dialect=dialect)
        self.sql = str(compiled)
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        self._order: Sequence[str] | None = getattr(compiled, "positiontup", None)
        self._names = tuple(compiled.params)

    def arguments(self, given: Mapping[str, Any]) -> Any:
        """The parameters as the driver wants them: in order, or by name."""
        fixed = self._fixed
        if self._order is not None:
            return [given[name] if name in given else fixed.get(name) for name in self._order]
        return {name: given[name] if name in given else fixed.get(name) for name in self._names}


class Statement:
    """A Core statement with every value that varies bound by name. Make one a module, run it often."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._compiled: dict[str, _Compiled] = {}

    def on(self, dialect: Dialect) -> _Compiled:
        """The statement for a dialect."""
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = _Compiled(self._core, dialect)
        return compiled


def insert_row(table: Table, *leave_out: str) -> Statement:
    """Insert every column, each bound under its own name, but for the key that the database gives."""
    own_key = "id" in table.c
    columns = [
        column.name for column in table.columns if column.name not in (*leave_out, *(("id",) if own_key else ()))
    ]
    core = insert(table).values({name: bindparam(name) for name in columns})
    return Statement(core.returning(table.c.id) if own_key else core)
