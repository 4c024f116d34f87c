"""The likeliest meant: near spelling, something left out, or the same sound (拼音).

Characters have several readings, and surnames the rare one (单 shàn, 曾 zēng): all of them count.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice, product

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from routing.names import fold

AT_MOST = 5
"""Offers, at most."""
_CUTOFF = 0.65
"""Similarity (1 - edits per character) from which a name is near: one wrong character in three."""
_HOMOPHONE = 0.95
_LEFT_OUT = 0.8
_READINGS = 8
"""Spellings in pinyin looked at per name, at most (names of many ambiguous characters multiply)."""
_SOUNDED = 2_000
"""Up to so many choices are compared by sound; beyond, spelling alone, or a message would wait for it."""

_Scores = dict[int, float]


def names(name: str, choices: Sequence[str], limit: int = AT_MOST) -> tuple[str, ...]:
    """The choices that the name may have meant, likeliest first, then in the order given."""
    meant = fold(name)
    if not meant or not choices:
        return ()
    scores = _by_spelling(meant, [fold(choice) for choice in choices])
    if len(choices) <= _SOUNDED:
        _raise_scores(scores, _by_sound(meant, choices))
    return tuple(choices[index] for index in _best(scores, limit))


def spelt(meant: str, choices: Sequence[str], limit: int = AT_MOST) -> tuple[str, ...]:
    """The choices that are spelt nearest, both folded: ten milliseconds over 100,000."""
    return tuple(choices[index] for index in _best(_by_spelling(meant, choices), limit)) if meant and choices else ()


def accounts(text: str, choices: Sequence[tuple[str, str]], limit: int = AT_MOST) -> tuple[str, ...]:
    """The accounts that the text may have meant, from pairs (account, display name)."""
    meant = fold(text)
    if not meant or not choices:
        return ()
    scores = _by_spelling(meant, [account.lower() for account, _ in choices])
    people = [name for _, name in choices]
    _raise_scores(scores, _by_spelling(meant, [fold(name) for name in people]))
    if len(choices) <= _SOUNDED:
        _raise_scores(scores, _by_sound(meant, people))
        if meant.isascii():
            _raise_scores(scores, _by_pinyin(meant, people))
    return tuple(choices[index][0] for index in _best(scores, limit))


def _by_spelling(meant: str, choices: Sequence[str]) -> _Scores:
    near = process.extract(meant, choices, scorer=OSA.normalized_similarity, score_cutoff=_CUTOFF, limit=4 * AT_MOST)
    scores = {index: float(score) for _, score, index in near}
    if len(meant) >= 2 and len(choices) <= _SOUNDED:
        short = ((index, _LEFT_OUT) for index, choice in enumerate(choices) if _is_subsequence(meant, choice))
        _raise_scores(scores, dict(short))
    return scores


def _by_sound(meant: str, choices: Iterable[str]) -> _Scores:
    """Choices that sound the same character for character."""
    if meant.isascii():
        return {}
    sounds = [readings(char) for char in meant]
    return {index: _HOMOPHONE for index, choice in enumerate(choices) if _sounds_like(sounds, fold(choice))}


def _by_pinyin(meant: str, people: Iterable[str]) -> _Scores:
    """Names whose pinyin, in any reading, is spelt like the text."""
    scores: _Scores = {}
    for index, name in enumerate(people):
        score = max((fuzz.ratio(meant, spelt) / 100 for spelt in spellings(fold(name))), default=0.0)
        if score >= _CUTOFF:
            scores[index] = score * _HOMOPHONE
    return scores


def spellings(name: str) -> tuple[str, ...]:
    """A name in pinyin, in every reading (the first eight)."""
    return tuple("".join(parts) for parts in islice(product(*(sorted(readings(char)) for char in name)), _READINGS))


@lru_cache(maxsize=16_384)
def readings(char: str) -> frozenset[str]:
    """All readings of a character without tones; a character that has none reads as itself."""
    import pypinyin  # here, because its tables take a third of a second that good messages don't need

    found = pypinyin.pinyin(char, style=pypinyin.Style.NORMAL, heteronym=True)
    return frozenset(found[0]) if found else frozenset((char,))


def _sounds_like(sounds: Sequence[frozenset[str]], choice: str) -> bool:
    if len(sounds) != len(choice):
        return False
    return all(not sound.isdisjoint(readings(char)) for sound, char in zip(sounds, choice, strict=True))


def _is_subsequence(short: str, long: str) -> bool:
    """Whether `short` is `long` with characters left out."""
    rest = iter(long)
    return len(short) < len(long) and all(char in rest for char in short)


def _raise_scores(scores: _Scores, more: _Scores) -> None:
    for index, score in more.items():
        scores[index] = max(score, scores.get(index, 0.0))


def _best(scores: _Scores, limit: int) -> list[int]:
    return sorted(scores, key=lambda index: (-scores[index], index))[:limit]
