"""Messages written anew where what is wrong is no name: a hash forgotten, a code in the wrong place, a verb misspelt.

After that a message has a verb, then perhaps a code, then the end or a hash; so what is still wrong about it is of
another kind, and asking again ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from grammar.cut import Cut, Piece, cut_apart
from grammar.normalise import HASH, fold, strip
from grammar.printer import ADDRESSED
from grammar.verb_slips import verbs_near
from grammar.verbs import VERBS, WORDS, Verb

CODE = "[0-9]{12}|[0-9]{5,8}"
"""How long a ticket's number or code can be; whether it is one is the service's business."""

_CODE = re.compile(CODE)
_CODE_FIRST = re.compile(f"({CODE})(?![0-9])")
_CODE_AFTER_JOINER = re.compile(f"[-_:：,，.。、;]+({CODE})(?![0-9])")
_WORD = re.compile(r"\w")
_LETTERS_FIRST = re.compile("([A-Z]+)([0-9]*)")
_MARKS = re.compile(r"[\s:：,，、。;；]+")
"""What may stand between a verb or code and what belongs behind a hash."""
_JOINERS = re.compile(r"(?:[\s:：,，、。.;；_#＃﹟]|[-－\u2010-\u2015\u2212\u2500\u2501](?![0-9]))+")
"""The same, and what can't be the beginning of a free text either."""
_HASHES = re.compile(r"[\s#＃﹟]+")
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
        rest = _without(_MARKS, strip(rest))
        rest = f"#{rest[1:] if HASH.match(rest) is not None else rest}"
    yield f"{cut.verb}{code.text}{rest}"


def with_hash_once(cut: Cut) -> Iterator[str]:
    """The message with one hash before its target, where several were typed."""
    if cut.target is not None and not cut.target.text and cut.last_hash is not None and cut.stray is None:
        yield f"{cut.verb}{cut.ticket or ''}#{_without(_HASHES, cut.raw[cut.last_hash + 1 :])}"


def with_opening_mended(cut: Cut) -> Iterator[str]:
    """The message with what doesn't belong between verb and hash moved behind a hash, likeliest first."""
    if cut.stray is None:
        return
    if cut.verb is None:
        yield from _code_before_verb(cut)
        yield from _target_behind_synonym(cut)
        return
    opening, tail = cut.opening.text, "" if cut.first_hash is None else cut.raw[cut.first_hash :]
    stray = opening[cut.stray :]
    code = _CODE_AFTER_JOINER.match(stray)
    if code is not None and cut.ticket is None and cut.verb is not Verb.BZ:
        rest = cut.raw[cut.opening.ends[cut.stray + code.end() - 1] :]
        yield f"{cut.verb}{code[1]}{_behind_hash(cut.verb, rest)}"
        return  # without the code another ticket might move
    if _WORD.search(stray) is None:
        yield f"{cut.verb}{cut.ticket or ''}{tail}"
    # `JDFK 2台已恢复`: digits that can't be a code are part of what follows.
    ticket = cut.ticket if cut.ticket is not None and _CODE.fullmatch(cut.ticket) else ""
    start = cut.stray - len(cut.ticket or "") + len(ticket)
    rest = "" if cut.verb is Verb.CX else _behind_hash(cut.verb, cut.raw[cut.opening.starts[start] :])
    yield f"{cut.verb}{ticket}{rest}"


def with_verb_respelt(cut: Cut) -> Iterator[str]:
    """The message with each verb that its first word may have meant."""
    match = _LETTERS_FIRST.match(cut.opening.text.upper())
    if cut.verb is None and match is not None:
        rest = cut.raw[cut.opening.ends[match.end(1) - 1] :]
        yield from (f"{verb}{rest}" for verb in verbs_near(match[1], with_code=match[2] != ""))


def _behind_hash(verb: Verb, rest: str) -> str:
    """What follows verb and code, behind a hash; nothing where nothing follows. A target keeps its dash."""
    rest = strip(rest)
    if HASH.match(rest) is None:
        rest = _without(_MARKS if verb in ADDRESSED else _JOINERS, rest)
    return rest if not rest or HASH.match(rest) is not None else f"#{rest}"


def _code_before_verb(cut: Cut) -> Iterator[str]:
    """`48217 CGHD 已恢复`, `48217#CGHD#已恢复`."""
    code = _CODE_FIRST.match(cut.opening.text)
    if code is None:
        return
    rest = _without(_JOINERS, cut.raw[cut.opening.ends[code.end() - 1] :])
    said = cut_apart(rest)
    if said.verb is None:
        yield from _code_before_synonym(code[1], rest)
    elif said.verb is not Verb.BZ and said.ticket in (None, code[1]):
        typed = next(word for word in WORDS if said.opening.text.upper().startswith(word))
        yield f"{said.verb}{code[1]}{rest[said.opening.ends[len(typed + (said.ticket or '')) - 1] :]}"


def _code_before_synonym(code: str, rest: str) -> Iterator[str]:
    """`48217 回单 已恢复`: white space ends a Chinese verb that a head without it would run into the next word."""
    for entry in VERBS.values():
        behind = rest.removeprefix(entry.synonym)
        if behind != rest and _MARKS.match(behind) is not None and entry.verb is not Verb.BZ:
            yield f"{entry.verb}{code}{_behind_hash(entry.verb, behind)}"


def _target_behind_synonym(cut: Cut) -> Iterator[str]:
    """`转派核心维护室#x`: a Chinese verb that needs a target runs into it; `回单了#x` may be anything."""
    for verb in ADDRESSED:
        synonym = VERBS[verb].synonym
        if cut.opening.text.startswith(synonym):
            yield f"{verb}#{cut.raw[cut.opening.ends[len(synonym) - 1] :]}"


def _without(marks: re.Pattern[str], text: str) -> str:
    """A text without the marks at its beginning."""
    match = marks.match(text)
    return text if match is None else text[match.end() :]
