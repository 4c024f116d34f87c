"""Files that came with a mail: named to operators, never read. The mail itself is kept as it came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

MOST_NAMED = 10
"""Files that are named; of the rest only the number is said."""
LONGEST_NAME = 60
"""Characters of a file's name, cut in the middle so that its ending stays."""


class Attachment(NamedTuple):
    """A file, or whatever else is no text of the mail's own."""

    name: str
    """As its sender calls it, or its type where it has no name."""
    octets: int


def named_attachments(attachments: Sequence[Attachment]) -> str:
    """`附件: a.jpg, 2.1 MB`; empty where there are none."""
    if not attachments:
        return ""
    named = [f"{_shown(one.name)}, {_size(one.octets)}" for one in attachments[:MOST_NAMED]]
    rest = len(attachments) - len(named)
    return "附件: " + "; ".join((*named, f"等{len(attachments)}个") if rest else named)


def _shown(name: str) -> str:
    """On one line, without what turns the line's direction or can't be seen."""
    seen = " ".join("".join(one if one.isprintable() else " " for one in name).split()) or "?"
    if len(seen) <= LONGEST_NAME:
        return seen
    return f"{seen[: LONGEST_NAME // 2]}…{seen[-(LONGEST_NAME // 2 - 1) :]}"


def _size(octets: int) -> str:
    if octets < 1_000:
        return f"{octets} B"
    if octets < 1_000_000:
        return f"{octets / 1_000:.0f} kB"
    return f"{octets / 1_000_000:.1f} MB"
