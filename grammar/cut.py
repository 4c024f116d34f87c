"""Where a message is cut: verb, ticket, target and free text, before anybody asks whether they are right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from grammar.normalise import HASH, Folded, fold, strip
from grammar.printer import ADDRESSED
from grammar.verbs import WORDS, Verb
from grammar.word_ends import ends_word

_OPENING = re.compile("(" + "|".join(map(re.escape, [*WORDS, "?"])) + ")([0-9]*)", re.IGNORECASE)
_ARGUMENT_VERBS = frozenset({Verb.CX, Verb.BZ})
"""What follows their hash is a page or a verb, no free text: it is read like a head."""
ANY_CODE, ANY_TEXT = "0", "-"
"""What stands for every code and every text: to the grammar all are alike, and it need not read them again."""


class Piece(NamedTuple):
    """A part of the message: as it was read, and as it was received."""

    text: str
    column: int
    """1-based, in code points of the message as received."""
    found: str


@dataclass(slots=True)
class Cut:
    """A message in its parts. Not frozen: it is made once for every message, and freezing doubles the price."""

    raw: str
    opening: Folded
    """All before the first hash, or all."""
    verb: Verb | None
    ticket: str | None
    stray: int | None
    """Where in the opening begins what is neither verb nor code; None if there is no such thing."""
    target: Folded | None
    """What stands between the first two hashes, or after the only one; None for a verb without target."""
    first_hash: int | None
    """Index in the message."""
    last_hash: int | None
    """Index of the hash before the free text, the last that the verb needs; None if it isn't there."""
    text: str
    """The free text, its ends stripped."""

    def shape(self) -> str:
        """The message as the grammar expects it, with one code for all and one free text for all.

        Only of an opening in order, with all the hashes the verb needs.
        """
        opening = f"{self.verb}{'' if self.ticket is None else ANY_CODE}"
        if self.last_hash is None:
            return opening
        text = self.text if self.verb in _ARGUMENT_VERBS else self.text and ANY_TEXT
        return f"{opening}#{text}" if self.target is None else f"{opening}#{self.target.text}#{text}"

    def piece(self, part: Folded, start: int, end: int) -> Piece:
        """Part of a part, with the place where it was received."""
        first, after = part.starts[start], part.ends[end - 1]
        return Piece(part.text[start:end], first + 1, self.raw[first:after])


def cut_apart(raw: str) -> Cut:
    """Cut a message at the hashes that its verb needs (spec «Reading a message»)."""
    found = HASH.search(raw)
    first = found.start() if found is not None else None
    opening = fold(raw, 0, len(raw) if first is None else first)
    verb, ticket, stray = _read_opening(raw, opening)
    if verb in ADDRESSED and first is not None:
        found = HASH.search(raw, first + 1)
        last = found.start() if found is not None else None
        target = fold(raw, first + 1, len(raw) if last is None else last)
        return Cut(
            raw, opening, verb, ticket, stray, target, first, last, "" if last is None else strip(raw[last + 1 :])
        )
    text = "" if first is None else strip(raw[first + 1 :])
    if verb in _ARGUMENT_VERBS:
        text = fold(text, 0, len(text)).text.upper()
    return Cut(raw, opening, verb, ticket, stray, None, first, first, text)


def _read_opening(raw: str, opening: Folded) -> tuple[Verb | None, str | None, int | None]:
    """Verb, ticket, and where the rest begins."""
    text = opening.text
    match = _OPENING.match(text)
    if match is None:
        return None, None, 0
    word, ticket = match[1].upper(), match[2] or None
    verb = WORDS.get(word, Verb.BZ)
    after = match.end()
    if verb is Verb.BZ and ticket is not None:
        return verb, None, match.end(1)
    if after == len(text):
        return verb, ticket, None
    ended = ticket is not None or has_blank(raw, opening, after) or ends_word(word, verb, text[after:])
    return (verb, ticket, after) if ended else (None, None, 0)


def has_blank(raw: str, part: Folded, at: int) -> bool:
    """Whether white space stood in front of a character of what was read without any."""
    return raw[part.ends[at - 1] : part.starts[at]].isspace()
