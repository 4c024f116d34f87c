"""Many ids as one parameter: a JSON array, which both databases can take apart."""

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
    return f"{column} IN (SELECT value::bigint FROM json_array_elements_text(CAST({ids} AS json)))"  # noqa: S608 - as above
