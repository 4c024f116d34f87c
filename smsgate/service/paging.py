"""How a list of tickets is laid out on SMS."""

from __future__ import annotations

from smsgate.service.segments import units_of
from smsgate.service.wording import Words

WORTH_A_PAGE = 3
"""Tickets on a page of one SMS; with fewer, a page of two SMS shows more at a glance."""


def pages_of(words: Words, lines: list[str]) -> list[list[str]]:
    """The lines, page by page: one SMS each where it holds all of them or three at least, else two."""
    whole = words.say("cx.list", n=len(lines), page="", list=words.say("cx.between").join(lines))
    if _units(whole) <= words.room(1):
        return [lines]
    count = len(lines)  # pages are no more than that
    head = _units(words.say("cx.list", n=count, page=words.say("cx.page", page=count, pages=count), list=""))
    single = _filled(words, lines, words.room(1) - head)
    if all(len(page) >= WORTH_A_PAGE for page in single[:-1]):
        return single
    return [lines] if _units(whole) <= words.room(2) else _filled(words, lines, words.room(2) - head)


def _filled(words: Words, lines: list[str], room: int) -> list[list[str]]:
    """As many lines on a page as there is room for, one at least."""
    between = _units(words.say("cx.between"))
    pages: list[list[str]] = []
    left = 0
    for line in lines:
        if not pages or left < _units(line) + between:
            pages.append([])
            left = room + between
        pages[-1].append(line)
        left -= _units(line) + between
    return pages


def _units(text: str) -> int:
    return units_of(text, "ucs2")
