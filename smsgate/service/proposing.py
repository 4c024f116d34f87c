"""A proposed number in the text of the org chart: which line is to be another.

Comments and order stay as they are: one line changes, or two. Whether the chart loads with it is the loader's to say.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from smsgate.domain.queue import ProposalHow

_PHONE = re.compile(r"""(?<![\w"'])(?:phones?|mobile|tel|电话|手机)\s*:\s*(\[[^\]]*\]|"[^"]*"|'[^']*'|[^,}\s#]+)""")
_SPELT = re.compile(r"""[^\[\],\s"'][^\[\],"']*""")


class LineChange(NamedTuple):
    """A line of the chart's text, as it is and as it is to be."""

    number: int
    """From 1."""
    old: str
    new: str


def line_change(text: str, account: str, phone: str, how: ProposalHow) -> LineChange | None:
    """The line to change; None where the person's entry is written in a way that a human has to change."""
    lines = text.splitlines()
    entry = re.compile(rf"""\s+["']?{re.escape(account)}["']?\s*:""", re.IGNORECASE)
    start = next((at for at, line in enumerate(lines) if entry.match(line)), None)
    if start is None:
        return None
    at = _line_of_phone(lines, start)
    if at is None:
        return None
    found = _PHONE.search(lines[at])
    if found is None:
        return _without_one(lines[at], at, spelt(phone))
    value = _value(found[1], spelt(phone), how)
    new = lines[at][: found.start(1)] + value + lines[at][found.end(1) :]
    return LineChange(at + 1, lines[at], new)


def changed(text: str, change: LineChange) -> str:
    """The text with that line as it is to be; everything else is the same to the letter."""
    lines = text.splitlines(keepends=True)
    old = lines[change.number - 1]
    lines[change.number - 1] = change.new + old[len(old.splitlines()[0]) :]
    return "".join(lines)


def spelt(phone: str) -> str:
    """A number as the chart writes it: `13910000001`, or with its country code."""
    return phone.removeprefix("+86") if phone.startswith("+861") and len(phone) == 14 else phone


def entry_lines(account: str, phone: str, how: ProposalHow, known: tuple[str, ...]) -> str:
    """The person's numbers as YAML, where the text of the chart is not at hand."""
    numbers = [spelt(phone)] if how is ProposalHow.REPLACE else [*map(spelt, known), spelt(phone)]
    return f"  {account}: {{phone: {_listed(numbers)}}}"


def _line_of_phone(lines: list[str], start: int) -> int | None:
    """Of an entry in braces its own line; of one in lines that of its phone, if it has any there."""
    if "{" in lines[start]:
        return start if "}" in lines[start] else None
    indent = len(lines[start]) - len(lines[start].lstrip())
    for at in range(start + 1, len(lines)):
        line = lines[at]
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            return None
        if _PHONE.search(line):
            return at
    return None


def _value(old: str, phone: str, how: ProposalHow) -> str:
    if how is ProposalHow.REPLACE:
        return f'"{phone}"'
    return _listed([*(found.strip() for found in _SPELT.findall(old)), phone])


def _without_one(line: str, at: int, phone: str) -> LineChange | None:
    close = line.rfind("}")
    if close < 0:
        return None
    return LineChange(at + 1, line, f'{line[:close].rstrip()}, phone: "{phone}"{line[close:]}')


def _listed(numbers: list[str]) -> str:
    quoted = [f'"{number}"' for number in numbers]
    return quoted[0] if len(quoted) == 1 else f"[{', '.join(quoted)}]"
