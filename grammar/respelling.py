"""Messages written anew where what is wrong is no name: a hash forgotten, a code in the wrong place, a verb misspelt.

After that a message has a verb, then perhaps a code, then the end or a hash; so what is still wrong about it is of
another kind, and asking again ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from grammar.code_runs import CODE, begins_with_digits, behind_code, leading_code
from grammar.cut import Cut, Piece, cut_apart, has_blank
from grammar.normalise import HASH, fold, strip
from grammar.printer import ADDRESSED
from grammar.verb_slips import verbs_near
from grammar.verbs import WORDS, Verb
from grammar.word_ends import is_letter, is_report

_CODE = re.compile(CODE)
_CODE_FIRST = re.compile(f"({CODE})(?![0-9])")
_WORD = re.compile(r"\w")
_LETTERS_FIRST = re.compile("([A-Z]+)([0-9]*)")
_MARKS = re.compile(r"[\s:：,，、。;；=＝!！]+")
"""What may stand between a verb or code and what belongs behind a hash."""
_JOINERS = re.compile(r"(?:[\s:：,，、。.;；=＝!！_#＃﹟]|[-－\u2010-\u2015\u2212\u2500\u2501](?![0-9]))+")
"""The same, and what can't be the beginning of a free text either."""
_TO = re.compile("给|到|至")
_NO_REPORT = re.compile("怎么|如何")
"""Who asks how to write a command doesn't give it."""
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
        return
    start = cut.stray - len(cut.ticket or "")
    said = cut.opening.text[start:]
    code = leading_code(said) if cut.verb is not Verb.BZ else None
    if code is not None:
        rest = behind_code(cut.raw[cut.opening.ends[start + code.end - 1] :])
        yield f"{cut.verb}{code.code}{_behind_hash(cut.verb, rest)}"
        return
    if _WORD.search(cut.opening.text, cut.stray) is None:
        yield f"{cut.verb}{cut.ticket or ''}{'' if cut.first_hash is None else cut.raw[cut.first_hash :]}"
    elif cut.verb is Verb.BZ or (_is_text(cut) and not begins_with_digits(said)):
        # `JDFK 2台已恢复`: digits that can't be a code are part of what follows.
        yield f"{cut.verb}{_behind_hash(cut.verb, cut.raw[cut.opening.starts[start] :])}"


def _is_text(cut: Cut) -> bool:
    """Whether what follows a verb, and is no code, can be nothing but its text or target."""
    if cut.stray is None or cut.verb in ADDRESSED or cut.verb is Verb.CX or cut.ticket is not None:
        return True
    rest = cut.opening.text[cut.stray :]
    if _NO_REPORT.search(rest) is not None:
        return False
    runs_in = is_letter(rest[0]) and not cut.opening.text[: cut.stray].isascii()
    return not runs_in or has_blank(cut.raw, cut.opening, cut.stray) or is_report(rest)


def with_verb_respelt(cut: Cut) -> Iterator[str]:
    """The message with each verb that its first word may have meant."""
    match = _LETTERS_FIRST.match(cut.opening.text.upper())
    if cut.verb is None and match is not None:
        rest = cut.raw[cut.opening.ends[match.end(1) - 1] :]
        yield from (f"{verb}{rest}" for verb in verbs_near(match[1], with_code=match[2] != ""))


def _behind_hash(verb: Verb, rest: str) -> str:
    """What follows verb and code, behind a hash; nothing where nothing follows. A target keeps its dash."""
    if verb is Verb.CX:
        return ""
    rest = strip(rest)
    if HASH.match(rest) is None:
        rest = _without(_MARKS if verb in ADDRESSED else _JOINERS, rest)
    if verb in ADDRESSED:
        rest = _without(_TO, rest)
    return rest if not rest or HASH.match(rest) is not None else f"#{rest}"


def _code_before_verb(cut: Cut) -> Iterator[str]:
    """`48217 CGHD 已恢复`, `48217#CGHD#已恢复`."""
    code = _CODE_FIRST.match(cut.opening.text)
    if code is None:
        return
    rest = _without(_JOINERS, cut.raw[cut.opening.ends[code.end() - 1] :])
    said = cut_apart(rest)
    if said.verb not in (None, Verb.BZ) and said.ticket in (None, code[1]):
        typed = next(word for word in WORDS if said.opening.text.upper().startswith(word))
        yield f"{said.verb}{code[1]}{rest[said.opening.ends[len(typed + (said.ticket or '')) - 1] :]}"


def _without(marks: re.Pattern[str], text: str) -> str:
    """A text without the marks at its beginning."""
    match = marks.match(text)
    return text if match is None else text[match.end() :]
