"""Core statements, compiled once and then run straight on the driver's connection.

The tables and statements are SQLAlchemy Core, so that both databases get their own dialect; its execution layer costs
about as much as the statement itself on SQLite, which the writer, running several for every message, does not pay.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Delete, Insert, Select, Table, Update, bindparam, insert
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import visitors

Row = tuple[Any, ...]
Values = Sequence[Any]
"""Of a row to be written, in its statement's order."""
Core = Select[Any] | Insert | Update | Delete


class _Compiled:
    """A statement in one dialect's words."""

    def __init__(self, core: Core, order: tuple[str, ...], dialect: Dialect) -> None:
        compiled = core.compile(dialect=dialect)
        self.sql = str(compiled)
        self._defaults = dict(compiled.params)
        self._order = order
        # SQLite counts its parameters, PostgreSQL's driver takes them by name
        positions: list[str] | None = getattr(compiled, "positiontup", None)
        self._in_order = None if positions is None else _picker(tuple(positions))
        self._as_given = positions is not None and tuple(positions) == order

    def arguments(self, given: Mapping[str, Any]) -> Any:
        """The parameters as the driver wants them: in order, or by name."""
        if self._in_order is None:
            return {**self._defaults, **given}
        try:
            return self._in_order(given)
        except KeyError:
            return self._in_order({**self._defaults, **given})

    def rows(self, values: Sequence[Values]) -> Sequence[Any]:
        """The parameters of many runs, from values in the statement's own order."""
        if self._as_given:
            return values
        return [self.arguments(dict(zip(self._order, row, strict=True))) for row in values]


def _picker(names: tuple[str, ...]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """Picks values by name, into a tuple whatever their number."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda given: tuple(given[name] for name in names)


class Statement:
    """A Core statement with every value that varies bound by name. Make one a module, run it often.

    `order`: the names in the order in which `Session.later` gets their values. `writes`: the table with whose rows it
    waits, where that is not the one it writes.
    """

    def __init__(self, core: Core, order: Sequence[str] = (), writes: Table | None = None) -> None:
        self._core = core
        self._order = tuple(order)
        self.tables = frozenset(element.name for element in visitors.iterate(core) if isinstance(element, Table))
        """The names of all tables that it reads or writes."""
        written = writes if writes is not None else getattr(core, "table", None)
        self.writes: str = "" if written is None else written.name
        self._compiled: dict[str, _Compiled] = {}

    def on(self, dialect: Dialect) -> _Compiled:
        """The statement for a dialect."""
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = _Compiled(self._core, self._order, dialect)
        return compiled


def insert_row(table: Table) -> Statement:
    """Insert every column, each bound under its own name, but for a key that the database gives; answers that.

    Its order is that of the table's columns.
    """
    key = table.c.get("id")
    given_by_database = key is not None and key.autoincrement is not False
    names = [column.name for column in table.columns if not (given_by_database and column is key)]
    core = insert(table).values({name: bindparam(name) for name in names})
    return Statement(core.returning(key) if given_by_database and key is not None else core, names)
