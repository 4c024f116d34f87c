"""People of the plainest kind, a line each, read without YAML's help: in a large chart nearly all are such.

A run of such lines is replaced by marks, entries that no chart has (`§0: {}`), and the rest is YAML's as before. Who
meets a mark among the entries of `people` knows that entries stand there, and so that the run's lines are what they
look like: after each of them YAML is where it is after a mark. Runs of several lines have a mark at both ends, because
where commas are wanted between entries, one would be missing. A mark that is not met stood in a quotation, a comment or
another section; then the whole text is read the slow way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from yaml import Node, ScalarNode

from routing.names import PLAIN_NAME
from routing.phones import MOBILE

_SIGN = "§"
"""Begins a mark. A text that holds it anywhere is read the slow way."""

_LINE = re.compile(
    r"^  (?P<account>[A-Za-z0-9_.]{1,32}): +\{ *"
    rf"name: +(?P<q>[\"']?)(?P<name>{PLAIN_NAME})(?P=q), +"
    rf"phone: +(?P<r>[\"']?)(?P<mobile>{MOBILE})(?P=r)"
    r"(?:, +email: +(?P<email>[A-Za-z0-9][A-Za-z0-9._+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+))?"
    r"(?:, +active: +(?P<active>true|false|yes|no|on|off))?"
    r" *\} *(?: #[^\r\n\x85\u2028\u2029]*)?\r?\n",
    re.MULTILINE,
)

Line = re.Match[str]
"""Groups: account, name, mobile, email, active; `r` begins where the phone does, quote included."""


class PlainLines:
    """The runs of one text, until each is met."""

    def __init__(self, text: str) -> None:
        self._runs: list[list[Line]] = []
        self._unmet: set[str] = set()
        self.rest = text
        """The text with marks instead of runs; all else is on the line where it was."""
        if _SIGN not in text:
            self.rest = "".join(self._marked(text))

    def _marked(self, text: str) -> Iterator[str]:
        end = -1
        for line in _LINE.finditer(text):
            if line.start() != end:
                self._runs.append([])
            self._runs[-1].append(line)
            end = line.end()
        end = 0
        for number, run in enumerate(self._runs):
            yield text[end : run[0].start()]
            yield self._mark(f"{_SIGN}{number}")
            yield "\n" * (len(run) - 2)
            if len(run) > 1:
                yield self._mark(f"{_SIGN}{number}.")
            end = run[-1].end()
        yield text[end:]

    def _mark(self, name: str) -> str:
        self._unmet.add(name)
        return f"  {name}: {{}}\n"

    def met(self, key: Node) -> list[Line] | None:
        """The lines that an entry of `people` stands for; None if it is no mark."""
        if not self._runs or not isinstance(key, ScalarNode) or key.value not in self._unmet:
            return None
        self._unmet.discard(key.value)
        if key.value.endswith("."):
            return []
        number = int(key.value[1:])
        run, self._runs[number] = self._runs[number], []
        return run

    def is_all_met(self) -> bool:
        """Whether every line that was taken for a person's has turned out to be one."""
        return not self._unmet
