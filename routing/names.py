"""Names and accounts: when two are the same, and which characters they can't hold.

The rules are those of reading an SMS's head (spec «Reading a message»): what the head drops or takes for a separator
could never be typed, so a chart mustn't have it.
"""

from __future__ import annotations

import re
import unicodedata

NAME_LENGTH = 30
"""Characters in a name, at most."""

_ACCOUNT = re.compile(r"[A-Za-z0-9_.]{1,32}")
PLAIN_NAME = r"[A-Za-z0-9_.()\uff08\uff09\u4e00-\u9fff]{1,30}"
"""Pattern of a name of the usual kind; others may be good as well."""
_PLAIN_NAME = re.compile(PLAIN_NAME)
_IDEOGRAPHS = re.compile(r"[\u4e00-\u9fff]+")
_DASHES = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2500\u2501\u2e3a\u2e3b\u30fc\ufe58\uff70\u058a")
_SEPARATORS = frozenset("#;-")
_DROPPED_OF_PRINTABLE = re.compile("[ \u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""What `is_dropped` says of characters that `str.isprintable` lets pass (a test compares them)."""


def is_dropped(char: str) -> bool:
    """Whether reading a head drops it: white space, format characters, variation selectors."""
    if char.isspace() or unicodedata.category(char) == "Cf":
        return True
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef" or char in "\u180b\u180c\u180d\u180f"


def fold(name: str) -> str:
    """The form in which names are compared: NFKC, without case, without what a head drops."""
    if name.isascii() and name.isalnum():
        return name.lower()
    if _IDEOGRAPHS.fullmatch(name):
        return name
    if name.isprintable():
        kept = _DROPPED_OF_PRINTABLE.sub("", name)
    else:
        kept = "".join(char for char in name if not is_dropped(char))
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", kept).casefold())
    # a blank that NFKC makes may have kept a letter and its mark apart
    return unicodedata.normalize("NFKC", "".join(folded.split()))


def is_account(text: str) -> bool:
    """Whether it is 1-32 ASCII letters, digits, `_` and `.`."""
    return _ACCOUNT.fullmatch(text) is not None


def is_plain(name: str) -> bool:
    """Whether it is a name of the usual kind, at a glance; others may be good as well."""
    return _PLAIN_NAME.fullmatch(name) is not None


def unusable_characters(name: str) -> tuple[str, ...]:
    """The characters of a name that nobody could type in a command, each once, in order; empty for a good name."""
    return tuple(dict.fromkeys(char for char in name if _is_unusable(char)))


def _is_unusable(char: str) -> bool:
    if is_dropped(char) or char in _DASHES or unicodedata.category(char) in ("Cc", "Cs"):
        return True
    normal = unicodedata.normalize("NFKC", char)
    return any(part in _SEPARATORS or part in _DASHES for part in normal)


def shown(char: str) -> str:
    """A character for a sentence: itself if it can be seen, else its code point."""
    visible = char.isprintable() and not is_dropped(char)
    return f"「{char}」" if visible else f"U+{ord(char):04X}"
