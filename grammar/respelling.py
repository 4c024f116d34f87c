"""Messages written anew where what is wrong is not a name: a hash forgotten, a code in the wrong place.

After that a message has a verb, then perhaps a code, then the end or a hash; so what is still wrong about it is of
another kind, and asking again ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from grammar.cut import Cut, Piece
from grammar.normalise import HASH, fold, strip
from grammar.printer import ADDRESSED
from grammar.verbs import WORDS, Verb

CODE = "[0-9]{12}|[0-9]{5,8}"
"""How long a ticket's number or code can be; whether it is one is the service's business."""

_CODE = re.compile(CODE)
_CODE_FIRST = re.compile(f"({CODE})(?![0-9])")
_CODE_AFTER_JOINER = re.compile(f"[-_:：,，.。、]+({CODE})(?![0-9])")
_WORD = re.compile(r"\w")
_WITHOUT_CODE = frozenset({Verb.ZP, Verb.JP, Verb.BZ})
"""The code that stands for a target is seen as an unknown centre; BZ has none."""


def misplaced_code(cut: Cut) -> Piece | None:
    """A code at the head of the free text (spec, diagnosis `misplaced_code`)."""
    if cut.ticket is not None or not cut.text or cut.verb in _WITHOUT_CODE or cut.last_hash is None:
        return None
    start = cut.raw.index(strip(cut.raw[cut.last_hash + 1 :]), cut.last_hash + 1)
    if not cut.raw[start].isnumeric():  # nearly every text, and cheap
        return None
    hash_after = HASH.search(cut.raw, start)
    part = fold(cut.raw, start, len(cut.raw) if hash_after is None else hash_after.start())
    return cut.piece(part, 0, len(part.text)) if _CODE.fullmatch(part.text) else None


def code_as_target(cut: Cut) -> Piece | None:
    """A code at the head of the target, as in `ZP#48217#-XX室#…`."""
    match = _CODE_FIRST.match(cut.target.text) if cut.target is not None else None
    if cut.target is None or match is None or cut.ticket not in (None, match[1]):
        return None
    return cut.piece(cut.target, 0, match.end())


def with_code_moved(cut: Cut) -> Iterator[str]:
    """The message with a misplaced code behind its verb."""
    code = code_as_target(cut) or misplaced_code(cut)
    if code is None:
        return
    rest = cut.raw[code.column - 1 + len(code.found) :]
    if cut.verb in ADDRESSED:
        match = HASH.match(strip(rest))
        rest = strip(rest)[1:] if match is not None else rest
        rest = f"#{rest}"
    yield f"{cut.verb}{code.text}{rest}"


def with_opening_mended(cut: Cut) -> Iterator[str]:
    """The message with what doesn't belong between verb and hash moved behind a hash, likeliest first."""
    if cut.stray is None:
        return
    opening, tail = cut.opening.text, "" if cut.first_hash is None else cut.raw[cut.first_hash :]
    if cut.verb is None:
        yield from _code_before_verb(opening, tail)
        return
    stray = opening[cut.stray :]
    code = _CODE_AFTER_JOINER.match(stray)
    if code is not None and cut.ticket is None and cut.verb is not Verb.BZ:
        rest = cut.raw[cut.opening.ends[cut.stray + code.end() - 1] :]
        joint = "#" if strip(rest) and HASH.match(strip(rest)) is None else ""
        yield f"{cut.verb}{code[1]}{joint}{rest}"
    elif _WORD.search(stray) is None:
        yield f"{cut.verb}{cut.ticket or ''}{tail}"
    # `JDFK 2台已恢复`: digits that can't be a code are part of what follows.
    ticket = cut.ticket if cut.ticket is not None and _CODE.fullmatch(cut.ticket) else ""
    start = cut.stray - len(cut.ticket or "") + len(ticket)
    rest = "" if cut.verb is Verb.CX else f"#{cut.raw[cut.opening.starts[start] :]}"
    yield f"{cut.verb}{ticket}{rest}"


def _code_before_verb(opening: str, tail: str) -> Iterator[str]:
    code = _CODE_FIRST.match(opening)
    verb = WORDS.get(opening[code.end() :].upper()) if code is not None else None
    if code is not None and verb is not None:
        yield f"{verb}{code[0]}{tail}"
