"""Passwords: which are taken (NIST SP 800-63B), how they are kept (Argon2id), how they are compared.

Hashing takes tens of milliseconds and 64 MiB by design: never on an event loop, and never many at once.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST: Final = 12
"""Characters. NIST SP 800-63B asks for length alone, and no mixture of kinds of characters."""
LONGEST: Final = 256
"""Characters: enough for a sentence, and no way to keep the hashing busy."""

# the most common of that length in public lists of leaked passwords; shorter ones are refused as such
_COMMON: Final = frozenset(Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").split("\n"))
_ROWS: Final = (
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb",
)
_HASHER: Final = PasswordHasher()


def normal(password: str) -> str:
    """As it is hashed: an input method's full-width letters are the same as the others."""
    return unicodedata.normalize("NFKC", password)


def fault_of(password: str, *names: str) -> str:
    """Why that password is not taken: short, long, common, named; empty: it is. `names`: of the user."""
    plain = normal(password)
    if len(plain) < SHORTEST:
        return "short"
    if len(plain) > LONGEST:
        return "long"
    small = plain.casefold()
    if small in _COMMON or _repeats(small) or _runs(small):
        return "common"
    letters = re.sub(r"[\W\d_]+", "", small)
    known = {re.sub(r"[\W\d_]+", "", normal(name).casefold()) for name in (*names, "smsgate")} - {""}
    return "named" if letters in known or letters in {name * 2 for name in known} else ""


def hash_of(password: str) -> str:
    """What is kept of a password."""
    return _HASHER.hash(normal(password))


def fits(kept: str | None, password: str) -> bool:
    """Whether it is that password; without one kept it takes as long, and is not."""
    try:
        _HASHER.verify(kept or _nobodys(), normal(password[: LONGEST * 4]))
    except (VerificationError, InvalidHashError):
        return False
    return bool(kept)


def is_dated(kept: str) -> bool:
    """Whether the hash was made with other parameters than are used now: it is to be made anew."""
    return _HASHER.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    return hash_of("nobody has this password")


def _repeats(text: str) -> bool:
    """One short piece over and over: aaaaaaaaaaaa, abcabcabcabc, 123123123123."""
    return any(text == (text[:step] * len(text))[: len(text)] for step in range(1, 5))


def _runs(text: str) -> bool:
    """A row of the keyboard, the alphabet, or digits in order, there and back."""
    left = text
    while left:
        step = max((_along(left, row) for row in (*_ROWS, *(row[::-1] for row in _ROWS))), default=0)
        if step < min(4, len(left)):
            return False
        left = left[step:]
    return True


def _along(text: str, row: str) -> int:
    """How many characters of the beginning of a text lie in order on a row."""
    start = row.find(text[0])
    length = 0
    while start >= 0 and length < len(text) and start + length < len(row) and text[length] == row[start + length]:
        length += 1
    return length
