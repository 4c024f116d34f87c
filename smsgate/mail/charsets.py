"""Octets of mail as text, whatever they say that they are."""

from __future__ import annotations

import codecs

GUESSES = ("utf-8", "gb18030")
"""What text in mail from Chinese senders is, when it isn't what its label says."""
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "us-ascii": "utf-8", "ascii": "utf-8"}
"""Labels that mean more than they say."""


def read_octets(octets: bytes, label: str | None) -> str:
    """By its label if that fits, else by what fits; what nothing fits has U+FFFD in it."""
    for charset in dict.fromkeys((_known(label), *GUESSES)):
        if charset is None:
            continue
        try:
            return octets.decode(charset)
        except (UnicodeDecodeError, ValueError):
            continue
    return octets.decode("utf-8", "replace")


def _known(label: str | None) -> str | None:
    """The charset of a label; None: there is no such, or it is none of text."""
    name = _WIDER.get((label or "").strip().strip("'\"").lower(), (label or "").strip().strip("'\""))
    try:
        return codecs.lookup(name).name if name and codecs.lookup(name)._is_text_encoding else None
    except (LookupError, ValueError):
        return None
