"""A text as it really is: where a fault lies, and what no screen shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple
from unicodedata import category

_SHOWN = frozenset("\n\t")
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cn", "Zl", "Zp"})


class Piece(NamedTuple):
    """A stretch of a text."""

    text: str
    kind: Literal["plain", "unseen"]
    """unseen: the name of a character that has no shape, `U+202E`."""
    fault: bool


def revealed(text: str, column: int = 0, length: int = 0) -> tuple[Piece, ...]:
    """The text in pieces; `column` (from 1, in code points) and `length` say where the fault lies, 0: nowhere.

    A fault of no length, where something is missing, is an empty piece.
    """
    if column <= 0:
        return tuple(_pieces(text, fault=False))
    start = column - 1
    marked = tuple(_pieces(text[start : start + length], fault=True)) or (Piece("", "plain", True),)
    return (*_pieces(text[:start], fault=False), *marked, *_pieces(text[start + length :], fault=False))


def _pieces(text: str, *, fault: bool) -> Iterator[Piece]:
    plain = ""
    for char in text:
        if category(char) in _UNSEEN and char not in _SHOWN:
            if plain:
                yield Piece(plain, "plain", fault)
            yield Piece(f"U+{ord(char):04X}", "unseen", fault)
            plain = ""
        else:
            plain += char
    if plain:
        yield Piece(plain, "plain", fault)
