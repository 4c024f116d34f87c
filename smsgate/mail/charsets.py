"""Octets of mail as text, whatever they say that they are."""

from __future__ import annotations

import codecs

GUESSES = ("utf-8", "gb18030")
"""What text in mail from Chinese senders is, when it isn't what its label says."""
LONGEST_LABEL = 40
"""Characters; Python remembers every label that it has been asked for."""
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "us-ascii": "utf-8", "ascii": "utf-8"}
"""Labels that mean more than they say."""
_ANYTHING = frozenset({"iso8859-1", "cp1252"})
"""Labels that fit any octets, so that they say nothing: what is UTF-8 is UTF-8."""
_NO_MAIL = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"})
"""Python's own; nobody writes mail in them, and some take time that grows with the square of the length."""


def read_octets(octets: bytes, label: str | None) -> str:
    """By its label if that fits, else by what fits; what nothing fits has U+FFFD in it."""
    known = _known(label)
    for charset in dict.fromkeys(("utf-8", known) if known in _ANYTHING else (known, *GUESSES)):
        if charset is None:
            continue
        try:
            return octets.decode(charset)
        except (UnicodeDecodeError, ValueError):
            continue
    return octets.decode("utf-8", "replace")


def _known(label: str | None) -> str | None:
    """The charset of a label; None: there is no such, or it is none of text."""
    said = (label or "").strip().strip("'\"")[:LONGEST_LABEL]
    name = _WIDER.get(said.lower(), said)
    try:
        found = codecs.lookup(name) if name else None
    except (LookupError, ValueError):
        return None
    return found.name if found is not None and found._is_text_encoding and found.name not in _NO_MAIL else None
