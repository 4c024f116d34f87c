"""Whether two spellings of a provider's message id mean one message.

Some links answer a submit with an id in hexadecimal and report on it in decimal, or with other zeros in front
(protocols: SMPP 3.4 leaves both to the centre). Only the raw id is proof by itself.
"""

from __future__ import annotations

from collections.abc import Callable

_DIGITS_AGREE = 7
"""National numbers have at least that many digits; country codes and prefixes come before them."""


def likeness(answered: str, reported: str) -> str | None:
    """How the two are the same: raw, case, zeros, hex (answered in hexadecimal) or decimal; None: not at all."""
    return next((name for name, same in _LIKENESS if same(answered, reported)), None)


def agrees(how: str, answered: str, reported: str) -> bool:
    """Whether the two are the same in that very way."""
    return dict(_LIKENESS)[how](answered, reported)


def same_number(one: str, other: str) -> bool:
    """Whether two phone numbers agree, with or without country code, plus sign and carrier's prefix."""
    first, second = _digits(one), _digits(other)
    shorter, longer = sorted((first, second), key=len)
    return first == second if len(shorter) < _DIGITS_AGREE else longer.endswith(shorter)


def _digits(phone: str) -> str:
    digits = "".join(char for char in phone if char.isascii() and char.isdigit())
    return digits.lstrip("0") or phone


def _number(text: str, base: int) -> int | None:
    try:
        return int(text, base) if text.isascii() and text.isalnum() and len(text) <= 32 else None
    except ValueError:
        return None


def _is_number(text: str, base: int, other: str, other_base: int) -> bool:
    number = _number(text, base)
    return number is not None and number == _number(other, other_base)


_LIKENESS: tuple[tuple[str, Callable[[str, str], bool]], ...] = (
    ("raw", lambda answered, reported: answered == reported),
    ("case", lambda answered, reported: answered.casefold() == reported.casefold()),
    ("zeros", lambda answered, reported: answered.lstrip("0").casefold() == reported.lstrip("0").casefold()),
    ("hex", lambda answered, reported: _is_number(answered, 16, reported, 10)),
    ("decimal", lambda answered, reported: _is_number(answered, 10, reported, 16)),
)
