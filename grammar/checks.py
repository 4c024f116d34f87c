"""The checks of a message's form, each by itself; grammar/diagnose.py has their order.

A check answers a `Finding` if its diagnosis holds. It may take for granted that the checks before it found nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from grammar import sentences
from grammar.code_runs import CODE
from grammar.cut import Cut, has_blank
from grammar.diagnostics import Code
from grammar.directory import Directory
from grammar.normalise import strip
from grammar.respelling import misplaced_code
from grammar.second_commands import names_second
from grammar.sentences import Sentence
from grammar.verbs import WORDS, Verb
from grammar.word_ends import is_letter, is_number_sign

MOST_CHARACTERS = 2000
MOST_SEGMENTS = 4

_NOTHING: Mapping[str, str] = MappingProxyType({})
_PAGE = re.compile("(0*[1-9][0-9]{0,3})?")
_GAP = re.compile(r"(?<=[-;])[-;]|[-;]\Z")
"""A separator that has nothing before it, or nothing after it."""
_WITHOUT_TEXT = frozenset({Verb.LD, Verb.CX, Verb.BZ})

_ANSWER_TO_A_LIST = re.compile(r"[0-9]+[.)、]?")
_CODE_FIRST = re.compile(f"(?!0)(?:{CODE})(?![0-9])")
_COMMAND_LIKE = re.compile(r"[-0-9〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_NO_WORD = re.compile(r"\W*\Z")
_TOPIC = re.compile(r"[\W_]*(?:" + "|".join(WORDS) + r")\b", re.IGNORECASE)


class Finding(NamedTuple):
    """What a check found."""

    code: Code
    column: int
    found: str
    sentence: Sentence
    quoted: Mapping[str, str] = _NOTHING
    """What the sentence quotes besides `found`, the verb and its usage."""
    talk: bool = False


def missing(cut: Cut, code: Code, sentence: Sentence) -> Finding:
    """A finding of what isn't there: its place is after the message's end."""
    return Finding(code, len(cut.raw) + 1, "", sentence)


def not_command(cut: Cut, _: Directory) -> Finding | None:
    """No verb, or anything but digits between it and the first hash or the end; CX's hash with no page after it."""
    if cut.stray is None:
        return _no_page(cut)
    sentence, quoted = sentences.STRAY, _NOTHING
    if cut.verb in (None, Verb.BZ):
        sentence = sentences.NO_VERB if cut.verb is None else sentences.HELP_HAS_NO_CODE
    if names_second(cut):
        sentence = sentences.SECOND_COMMAND
    code = _CODE_FIRST.match(cut.opening.text)
    if code is not None:
        sentence, quoted = sentences.NO_VERB_BESIDE_CODE, {"code": code[0]}
    if cut.opening.text:
        stray = cut.piece(cut.opening, cut.stray, len(cut.opening.text))
        return Finding(Code.NOT_COMMAND, stray.column, stray.found, sentence, quoted, talk=is_talk(cut))
    if cut.first_hash is None:
        return missing(cut, Code.NOT_COMMAND, sentence)._replace(talk=True)
    return Finding(Code.NOT_COMMAND, cut.first_hash + 1, cut.raw[cut.first_hash], sentence)


def _no_page(cut: Cut) -> Finding | None:
    if cut.verb is not Verb.CX or cut.last_hash is None or _PAGE.fullmatch(cut.text) or misplaced_code(cut):
        return None
    found = strip(cut.raw[cut.last_hash + 1 :])
    column = cut.raw.index(found, cut.last_hash + 1) + 1
    return Finding(Code.NOT_COMMAND, column, found, sentences.BAD_PAGE)


def is_talk(cut: Cut) -> bool:
    """Whether a message without a verb in order is no attempt at a command either (spec «Short dialogues»)."""
    text = cut.opening.text
    if cut.first_hash is not None or not text:
        return cut.first_hash is None
    if cut.stray and cut.verb is not None and text[0] != "?":
        return cut.ticket is None and _goes_on_as_talk(cut, text, cut.stray)
    return _ANSWER_TO_A_LIST.fullmatch(text) is not None or _CODE_FIRST.match(text) is None


def _goes_on_as_talk(cut: Cut, text: str, stray: int) -> bool:
    """Whether what follows a verb makes talk of it: letters of no Chinese word; behind BZ all but Chinese or a verb."""
    if _COMMAND_LIKE.match(text, stray) is not None:
        return False
    if cut.verb is Verb.BZ:
        return _NO_WORD.match(text, stray) is None and _TOPIC.match(text, stray) is None
    if is_number_sign(text[stray:]):
        return False
    return text[:stray].isascii() and is_letter(text[stray]) and not has_blank(cut.raw, cut.opening, stray)


def missing_target(cut: Cut, _: Directory) -> Finding | None:
    """ZP or JP without a hash, or nothing between the first two."""
    if cut.target is not None and cut.target.text:
        return None
    return missing(cut, Code.MISSING_TARGET, sentences.MISSING_TARGET)


def several_units(cut: Cut, _: Directory) -> Finding | None:
    """A semicolon anywhere but in the fourth of at most four segments."""
    text = target_text(cut)
    at = text.find(";")
    if at < 0 or (text.count("-") == MOST_SEGMENTS - 1 and at > text.rfind("-")):
        return None
    return _in_target(cut, at, at + 1, Code.SEVERAL_UNITS, sentences.SEVERAL_UNITS)


def too_many_segments(cut: Cut, _: Directory) -> Finding | None:
    """More than four; the offending text is the fifth and what follows."""
    text = target_text(cut)
    names = text.split("-", MOST_SEGMENTS)
    if len(names) <= MOST_SEGMENTS:
        return None
    start = len(text) - (len(names[-1]) or 1)  # where the fifth is empty, the dash before it is what's too much
    return _in_target(cut, start, len(text), Code.TOO_MANY_SEGMENTS, sentences.TOO_MANY_SEGMENTS)


def empty_segment(cut: Cut, _: Directory) -> Finding | None:
    """Nothing between two dashes, after the last one, or beside a semicolon; the offending text is that separator."""
    gap = _GAP.search(target_text(cut))
    if gap is None:
        return None
    return _in_target(cut, gap.start(), gap.end(), Code.EMPTY_SEGMENT, sentences.EMPTY_SEGMENT)


def missing_opinion(cut: Cut, _: Directory) -> Finding | None:
    """No free text after the last hash that the verb needs; LD, CX and BZ can do without."""
    if cut.verb in _WITHOUT_TEXT or cut.text:
        return None
    sentence = sentences.MISSING_TEXT if cut.target is None else sentences.MISSING_OPINION
    return missing(cut, Code.MISSING_OPINION, sentence)


def code_after_hash(cut: Cut, _: Directory) -> Finding | None:
    """`misplaced_code`: the code was meant, so another ticket must not move."""
    code = misplaced_code(cut)
    if code is None:
        return None
    return Finding(Code.MISPLACED_CODE, code.column, code.found, sentences.MISPLACED_CODE)


def target_text(cut: Cut) -> str:
    """The target as read; empty where there is none."""
    return "" if cut.target is None else cut.target.text


def _in_target(cut: Cut, start: int, end: int, code: Code, sentence: Sentence) -> Finding | None:
    if cut.target is None:
        return None
    piece = cut.piece(cut.target, start, end)
    return Finding(code, piece.column, piece.found, sentence)
