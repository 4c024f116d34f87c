"""The likeliest meant: near spelling, something left out, or the same sound (拼音).

Characters have several readings, and surnames the rare one (单 shàn, 曾 zēng): all of them count. Answered are those
that are equally near, and nothing farther: one is a reading, several are a choice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice, product

from rapidfuzz import process
from rapidfuzz.distance import OSA

from routing.names import fold

AT_MOST = 20
"""Answers, at most."""
_CUTOFF = 0.65
"""Similarity (1 - edits per character) from which a name is near: one wrong character in three."""
_SAME_SOUND = 0.5
"""Slips that a name of the same sound counts for, however many of its characters are others: it was one choice."""
_ABBREVIATED = 2
"""Slips that a name counts for which is written short: to leave out two characters or four is the same."""
_OTHER_NUMBER = 0.5
"""Slips that it counts for besides if the numbers differ: 机房77 is 机房77室 rather than 机房7室."""
_READINGS = 64
"""Spellings in pinyin looked at per name, at most (names of many ambiguous characters multiply)."""
SOUNDED = 2_000
"""Up to so many choices are compared by sound; beyond, spelling alone, or a message would wait for it."""
_SURNAMES = {"黑": "he", "费": "bi"}
"""Readings of surnames that pypinyin doesn't know."""

_NO_DIGITS = re.compile("[^0-9]+")

_Slips = dict[int, float]
"""Index of a choice -> how many slips of finger or ear it is away."""


def names(name: str, choices: Sequence[str], limit: int = AT_MOST) -> tuple[str, ...]:
    """The choices that the name may have meant, in the order given."""
    meant = fold(name)
    slips = _by_name(meant, choices) if meant and choices else {}
    return tuple(choices[index] for index in _nearest(slips)[:limit])


def accounts(text: str, choices: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The accounts that the text may have meant, from pairs (account, display name)."""
    meant = fold(text)
    if not meant or not choices:
        return ()
    slips = _by_spelling(meant, [account.lower() for account, _ in choices])
    people = [name for _, name in choices]
    _lower(slips, _by_name(meant, people))
    if len(choices) <= SOUNDED and meant.isascii():
        _lower(slips, _by_pinyin(meant, people))
    return tuple(choices[index][0] for index in _nearest(slips))


def spelt_alike(meant: str, choices: Sequence[str]) -> tuple[str, ...]:
    """The choices that the text may have meant, by spelling alone, both folded."""
    slips = _by_spelling(meant, choices) if meant and choices else {}
    return tuple(choices[index] for index in _nearest(slips))


def spelt(meant: str, choices: Sequence[str], limit: int) -> tuple[str, ...]:
    """The choices that are spelt nearest, both folded, best first: ten milliseconds over 100,000."""
    if not meant or not choices:
        return ()
    slips = _by_spelling(meant, choices)
    return tuple(choices[index] for index in sorted(slips, key=lambda index: (slips[index], index))[:limit])


def _by_name(meant: str, choices: Sequence[str]) -> _Slips:
    slips = _by_spelling(meant, [fold(choice) for choice in choices])
    if len(choices) <= SOUNDED:
        _lower(slips, _by_sound(meant, choices))
    return slips


def _by_spelling(meant: str, choices: Sequence[str]) -> _Slips:
    near = process.extract(meant, choices, scorer=OSA.normalized_similarity, score_cutoff=_CUTOFF, limit=4 * AT_MOST)
    slips: _Slips = {index: OSA.distance(meant, choice) for choice, _, index in near}
    if len(meant) >= 2 and len(choices) <= SOUNDED:
        _lower(slips, _by_leaving_out(meant, choices))
    digits = _NO_DIGITS.sub("", meant)
    return {
        index: count + _OTHER_NUMBER * (_NO_DIGITS.sub("", choices[index]) != digits) for index, count in slips.items()
    }


def _by_leaving_out(meant: str, choices: Iterable[str]) -> _Slips:
    """Choices that are the text once some of their characters are left out, not the first letter of an account."""
    return {
        index: min(len(choice) - len(meant), _ABBREVIATED)
        for index, choice in enumerate(choices)
        if _is_subsequence(meant, choice) and (choice[0] == meant[0] or not meant.isascii())
    }


def _by_sound(meant: str, choices: Iterable[str]) -> _Slips:
    """Choices that sound the same character for character."""
    if meant.isascii():
        return {}
    sounds = [readings(char) for char in meant]
    return {index: _SAME_SOUND for index, choice in enumerate(choices) if _sounds_like(sounds, fold(choice))}


def _by_pinyin(meant: str, people: Sequence[str]) -> _Slips:
    """Names whose pinyin, in any reading, is spelt like the text."""
    spellings_of = [(spelling, index) for index, name in enumerate(people) for spelling in spellings(fold(name))]
    near = _by_spelling(meant, [spelling for spelling, _ in spellings_of])
    slips: _Slips = {}
    for at, count in near.items():
        _lower(slips, {spellings_of[at][1]: count + _SAME_SOUND})
    return slips


@lru_cache(maxsize=4096)
def spellings(name: str) -> tuple[str, ...]:
    """A name in pinyin, in every reading (the first 64)."""
    return tuple("".join(parts) for parts in islice(product(*(sorted(readings(char)) for char in name)), _READINGS))


def usual_spelling(name: str) -> str:
    """A name in pinyin as it is read most often."""
    import pypinyin  # as below

    return "".join(pypinyin.lazy_pinyin(name))


@lru_cache(maxsize=16_384)
def readings(char: str) -> frozenset[str]:
    """All readings of a character without tones; a character that has none reads as itself."""
    import pypinyin  # here, because its tables take a third of a second that good messages don't need

    found = pypinyin.pinyin(char, style=pypinyin.Style.NORMAL, heteronym=True)
    more = (_SURNAMES[char],) if char in _SURNAMES else ()
    return frozenset((*found[0], *more)) if found else frozenset((char,))


def _sounds_like(sounds: Sequence[frozenset[str]], choice: str) -> bool:
    if len(sounds) != len(choice):
        return False
    return all(not sound.isdisjoint(readings(char)) for sound, char in zip(sounds, choice, strict=True))


def _is_subsequence(short: str, long: str) -> bool:
    """Whether `short` is `long` with characters left out."""
    rest = iter(long)
    return len(short) < len(long) and all(char in rest for char in short)


def _lower(slips: _Slips, more: _Slips) -> None:
    for index, count in more.items():
        slips[index] = min(count, slips.get(index, count))


def _nearest(slips: _Slips) -> list[int]:
    least = min(slips.values(), default=0.0)
    return [index for index in sorted(slips) if slips[index] == least][:AT_MOST]
