"""Accounts and names written one behind the other, as `helijiawangmin` or `何丽佳和王敏`, taken apart.

A head loses its white space, so what two blanks kept apart arrives as one word; and an account beside its own name, as
our notices write it (`张伟(zhangwei2)`), is one person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product

from routing.names import fold

_AT_MOST = 20
"""Ways to take a text apart that are looked at."""
_LONGEST = 200
"""Characters; with more nobody is meant."""
_BETWEEN = re.compile(r"[^\w、,/;]+|_+|[和与及跟]")
"""What may stand between two without being part of either; `、`, `,`, `/` and `;` separate people for certain."""

Words = dict[str, tuple[str, ...]]
"""What may be typed, folded -> the accounts that it means: one, or all who bear the name."""


def joined(text: str, people: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    """Every way to read the text as accounts or names of these (account, display name), nothing left over."""
    meant = fold(text)
    if not meant or len(meant) > _LONGEST:
        return ()
    found: dict[tuple[str, ...], None] = {}
    for parts in islice(_taken_apart(meant, _words(people)), _AT_MOST):
        for accounts in islice(product(*_without_echoes(parts)), _AT_MOST):
            if accounts:
                found[tuple(dict.fromkeys(accounts))] = None
    return tuple(found)[:_AT_MOST]


def _words(people: Iterable[tuple[str, str]]) -> Words:
    named: Words = {}
    accounts: Words = {}
    for account, name in people:
        called = fold(name)
        named[called] = (*named.get(called, ()), account)
        accounts[account.lower()] = (account,)
    return named | accounts


def _taken_apart(text: str, words: Words) -> Iterator[list[tuple[str, ...]]]:
    lengths = sorted({len(word) for word in words}, reverse=True)
    hopeless: set[int] = set()
    """Places from which the text can't be read to its end."""

    def rest(start: int) -> Iterator[list[tuple[str, ...]]]:
        if start == len(text):
            yield []
        if start in hopeless or start == len(text):
            return
        found = False
        for length in lengths:
            meant = words.get(text[start : start + length]) if start + length <= len(text) else None
            for more in rest(start + length) if meant is not None else ():
                found = True
                yield [meant or (), *more]
        gap = _BETWEEN.match(text, start)
        for more in rest(gap.end()) if gap is not None else ():
            found = True
            yield more
        if not found:
            hopeless.add(start)

    return rest(0)


def _without_echoes(parts: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """A name beside the account of somebody who bears it says nothing more."""
    kept: list[tuple[str, ...]] = []
    for part in parts:
        if kept and len(part) == 1 and part[0] in kept[-1]:
            kept[-1] = part
        elif not (kept and len(kept[-1]) == 1 and kept[-1][0] in part):
            kept.append(part)
    return kept
