"""Ticket codes: digits that one types, the last of which checks the others.

Source: H. Michael Damm, «Total anti-symmetrische Quasigruppen» (2004); his standard table of order ten catches every
single wrong digit and every swap of two neighbours.
"""

from __future__ import annotations

_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)

SHORTEST = 5
"""Digits of the shortest code: four and the check digit."""


def check_digit(digits: str) -> str:
    """The digit that makes `digits` a code."""
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return str(interim)


def is_sound(code: str) -> bool:
    """Whether the check digit is right and the length can be a code's."""
    if len(code) < SHORTEST or not (code.isascii() and code.isdigit()):
        return False
    return code[0] != "0" and check_digit(code) == "0"


def is_number(digits: str) -> bool:
    """Whether it has the shape of a ticket number: a day and four digits of the day, or five."""
    return len(digits) in (12, 13) and digits.isascii() and digits.isdigit() and digits.startswith("20")


def all_codes(length: int) -> tuple[str, ...]:
    """Every code of a length in the order in which fresh ones are given out.

    Neighbours in this order are far apart in value, so that tickets opened one after the other have codes that nobody
    mistakes for each other. The first of the shortest is 48217, the one that all our documents speak of.
    """
    first = 10 ** (length - 2)
    pool = 9 * first
    stride = _coprime_stride(pool)
    return tuple(_with_check(first + (3821 + index * stride) % pool) for index in range(pool))


def dropped(code: str) -> frozenset[str]:
    """The code with any one digit left out."""
    return frozenset(code[:at] + code[at + 1 :] for at in range(len(code)))


def _with_check(value: int) -> str:
    digits = str(value)
    return digits + check_digit(digits)


def _coprime_stride(pool: int) -> int:
    # pool is 9·10^k: any number that ends in 1 or 7 and isn't divisible by 3 shares no factor with it
    stride = int(pool * 0.618) // 10 * 10 + 7
    while stride % 3 == 0:
        stride += 10
    return stride
