"""Line ends: browsers make one kind of all of them, the file keeps its own."""

from __future__ import annotations

import re
from collections import Counter

from smsgate.service.line_diff import matches

_END = re.compile("\r\n|\r|\n")


def split(text: str) -> list[str]:
    """The lines without their ends; what follows the last end is a line as well, if only an empty one."""
    return _END.split(text)


def joined(lines: list[str]) -> str:
    """And back, with `\\n`."""
    return "\n".join(lines)


def unified_ends(text: str) -> str:
    """The text with `\\n` alone."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def with_ends_of(before: str, text: str) -> str:
    """The text with the line ends that the file had: each line that is still there its own, a new one the usual."""
    known = _END.findall(before)
    if not known:
        return unified_ends(text)
    usual = Counter(known).most_common(1)[0][0]
    lines = split(text)
    ends = [usual] * len(lines)
    if len(set(known)) > 1:
        for start, new_start, length in matches(split(before), lines):
            for step in range(length):
                if start + step < len(known):
                    ends[new_start + step] = known[start + step]
    return "".join(line + end for line, end in zip(lines[:-1], ends, strict=False)) + lines[-1]
