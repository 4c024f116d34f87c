"""Many ids as one parameter: a list in brackets, which either database takes apart in its own way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Text, bindparam
from sqlalchemy.ext.compiler import compiles


class IdIn(ColumnElement[bool]):
    """Whether a column is among the ids that `pack_ids` packed into a parameter."""

    inherit_cache = False
    type = Boolean()

    def __init__(self, column: ColumnElement[int], name: str) -> None:
        self.column = column
        self.ids = bindparam(name, type_=Text())

    def self_group(self, against: Any = None) -> IdIn:
        """As it is: SQLite uses no index for `(… IN …) = 1`, which SQLAlchemy would make of it."""
        del against
        return self


def pack_ids(ids: Iterable[int]) -> str:
    """The ids as the parameter takes them."""
    return f"[{','.join(map(str, ids))}]"


@compiles(IdIn, "sqlite")
def _on_sqlite(element: IdIn, compiler: Any, **given: Any) -> str:
    column, ids = compiler.process(element.column, **given), compiler.process(element.ids, **given)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - both are compiled, neither is a value


@compiles(IdIn, "postgresql")
def _on_postgresql(element: IdIn, compiler: Any, **given: Any) -> str:
    column, ids = compiler.process(element.column, **given), compiler.process(element.ids, **given)
    # an array, not a table of ids: the planner then looks each up by its key
    return f"{column} = ANY (CAST(translate({ids}, '[]', '{{}}') AS bigint[]))"
