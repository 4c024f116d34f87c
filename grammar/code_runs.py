"""Digits that may be a ticket's, where they are not where they belong.

The code was meant, so another ticket must not move (spec, diagnosis `misplaced_code`): what is offered has the code
that was typed, or nothing is offered. Whether it is one is the service's business.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from grammar.cut import cut_apart
from grammar.normalise import HASH, fold
from grammar.printer import ADDRESSED
from grammar.verbs import WORDS, Verb

CODE = "[0-9]{12}|[0-9]{5,8}"
"""How long a ticket's number or code can be; whether it is one is the service's business."""

_MARKS = r"-\s_:：,，.。、;；=+*/\\|~!?'\"“”‘’()\[\]{}<>【】《》〈〉「」『』〔〕"
_AROUND = _MARKS + "工单编号码子第是为一NOno"
"""What may stand between a verb and a code that belongs to it: marks, brackets, the letters of 工单号, 第, No."""
_LEADING = re.compile(f"[{_AROUND}]*({CODE})(?![0-9])")
_LEADING_DIGITS = re.compile(f"[{_AROUND}]*[0-9]{{4}}")
_FURTHER = re.compile(f"[{_AROUND}和与及跟]+(?:{CODE})(?![0-9])")
_CLOSING = re.compile(r"[)\]}>）］｝＞】》〉」』〕”’'\"]*(?:号?工?单?(?=[\s:：,，.。、;；#＃﹟]|\Z))?")
"""What belongs to the code behind it: brackets, and 号, 单, 工单, 号工单 if they are not the beginning of a word."""
_RUN = re.compile(f"(?<![0-9])(?:{CODE})(?![0-9])")
_RUN_OF_ITS_OWN = re.compile(f"(?:(?<![0-9A-Za-z])|(?<=[Nn][Oo]))(?:{CODE})(?![0-9])")
"""The same where accounts may be, which can end with digits."""
_LETTERS_FIRST = re.compile("[A-Za-z]*")


_VERB_FIRST = re.compile(f"[{_MARKS}#]*(?:{'|'.join(map(re.escape, WORDS))})", re.IGNORECASE)
_LONGEST_LEAD = 60
"""Characters in which a text begins."""


class LeadingCode(NamedTuple):
    """The code that stands first behind a verb."""

    code: str
    end: int
    """Where it ends in what was searched."""


def leading_code(said: str) -> LeadingCode | None:
    """The first thing but marks behind a verb, as read, if that is a code and no other code follows."""
    found = _LEADING.match(said)
    if found is None or _FURTHER.match(said, found.end()) is not None:
        return None
    return LeadingCode(found[1], found.end())


def first_code(text: str) -> str | None:
    """The code that a free text begins with, behind marks, 工单号 or a verb: perhaps the ticket that was meant."""
    said = fold(text, 0, min(len(text), _LONGEST_LEAD)).text
    verb = _VERB_FIRST.match(said)
    found = _LEADING.match(said.lstrip("#") if verb is None else said[verb.end() :].lstrip("#"))
    return None if found is None else found[1]


def begins_with_digits(said: str) -> bool:
    """Whether digits stand first that are too many to be but a number in a text."""
    return _LEADING_DIGITS.match(said) is not None


def names_two(said: str) -> bool:
    """Whether two codes stand side by side behind a verb."""
    found = _LEADING.match(said)
    return found is not None and _FURTHER.match(said, found.end()) is not None


def behind_code(rest: str) -> str:
    """What follows a code, without what still belongs to it."""
    found = _CLOSING.match(rest)
    return rest if found is None else rest[found.end() :]


def keeps_codes(raw: str, offer: str) -> bool:
    """Whether a command is about the ticket whose digits were typed before the last hash that it needs, if any were."""
    said = cut_apart(offer)
    if said.verb is Verb.BZ:
        return True
    addressed = said.verb in ADDRESSED
    head = _head(raw, 2 if addressed else 1)
    runs = set((_RUN_OF_ITS_OWN if addressed else _RUN).findall(head))
    named = set() if said.target is None else set(_RUN.findall(said.target.text))
    return said.ticket in runs or not runs - named


def _head(raw: str, hashes: int) -> str:
    """A message as read up to so many hashes, without the letters that it begins with: they are a verb's."""
    end = 0
    for _ in range(hashes):
        found = HASH.search(raw, end)
        if found is None:
            return _read(raw, len(raw))
        end = found.end()
    return _read(raw, end)


def _read(raw: str, end: int) -> str:
    text = fold(raw, 0, end).text
    letters = _LETTERS_FIRST.match(text)
    return text if letters is None else text[letters.end() :]
