"""«Holds this text», said so that a million rows are looked through quickly.

LIKE with an escape costs three times as much as the databases' own search for a substring, which they spell
differently.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Integer, Text, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from routing.model import UnitPath
from smsgate.store.rows import write_path


class place_of(GenericFunction[int]):  # noqa: N801 - reads as an SQL function
    """Where the second text begins in the first, from 1; 0: nowhere."""

    type = Integer()
    inherit_cache = True


@compiles(place_of)
def _on_postgresql(element: place_of, compiler: SQLCompiler, **words: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **words)})"


@compiles(place_of, "sqlite")
def _on_sqlite(element: place_of, compiler: SQLCompiler, **words: Any) -> str:
    return f"instr({compiler.process(element.clauses, **words)})"


def holds(needle: str, *columns: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether one of the columns holds the text, case and all."""
    return place_of(_together(columns), needle) > 0


def within(unit: UnitPath, *targets: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether one of the columns of targets is the unit, lies in it, or is people there."""
    # as rows.py writes paths: what lies in the unit begins like it
    return holds(f'"path":{(write_path(unit) or "").removesuffix("]")}', *targets)


class plainly_lower(GenericFunction[str]):  # noqa: N801 - reads as an SQL function
    """The text with small letters instead of A–Z: what SQLite's `lower` does, and PostgreSQL's by no locale at all."""

    type = Text()
    inherit_cache = True


@compiles(plainly_lower)
def _lower_on_postgresql(element: plainly_lower, compiler: SQLCompiler, **words: Any) -> str:
    return f'lower(({compiler.process(element.clauses, **words)}) COLLATE "C")'


@compiles(plainly_lower, "sqlite")
def _lower_on_sqlite(element: plainly_lower, compiler: SQLCompiler, **words: Any) -> str:
    return f"lower({compiler.process(element.clauses, **words)})"


def _forms() -> Iterator[tuple[str, str]]:
    """Every letter that has a small one, and that: one for one, and none beyond A–Z that would become one of a–z."""
    for letter in map(chr, range(0x20000)):
        small = letter.lower()
        if small != letter and len(small) == 1 and letter.isascii() == small.isascii():
            yield letter, small
    # the small sigma at the end of a word
    yield "ς", "σ"


_FORMS = tuple(_forms())
_FOLD = {ord(letter): small for letter, small in _FORMS}
_OTHERS: dict[str, list[str]] = {}
"""What else a small letter beyond a–z is written as."""
for _letter, _small in _FORMS:
    if not _small.isascii():
        _OTHERS.setdefault(_small, []).append(_letter)


def folded(text: str) -> str:
    """A text as both databases and `matching` compare it where case is ignored."""
    return text.lower() if text.isascii() else text.translate(_FOLD)


def says(words: str, *columns: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether one of the columns holds the words, ignoring case, alike on both databases.

    They know A–Z alone or go by the locale; so of other letters those that the words have are made small one by one.
    """
    needle = folded(words)
    whole: ColumnElement[str] = plainly_lower(_together(columns))
    for letter in dict.fromkeys(needle):
        for other in _OTHERS.get(letter, ()):
            whole = func.replace(whole, other, letter)
    return place_of(whole, needle) > 0


def _together(columns: tuple[ColumnElement[Any], ...]) -> ColumnElement[str]:
    # a character that no text holds keeps a needle from lying across two columns
    whole: ColumnElement[str] = func.coalesce(columns[0], "")
    for column in columns[1:]:
        whole = whole + "\x1f" + func.coalesce(column, "")
    return whole
