"""Two commands in one SMS: no offer makes the second the first one's text, nobody would see that it was not done."""

from __future__ import annotations

import re

from grammar.code_runs import CODE, names_two
from grammar.cut import Cut, cut_apart
from grammar.normalise import fold
from grammar.verbs import WORDS, Verb

_VERB = "(?:" + "|".join(map(re.escape, WORDS)) + ")"
_MARKS = r"[\s:：,，.。、;；!！-]"
_FIRST = re.compile(f"{_MARKS}*{_VERB}(?:[0-9]{{4}}|#|\\Z)", re.IGNORECASE)
"""A command at the beginning of a line, as read: a verb with a code, a hash or nothing behind it."""
_LATER = re.compile(f"{_MARKS}{_VERB}(?:{CODE})(?![0-9])", re.IGNORECASE)
"""One behind other words."""


def holds_command(text: str) -> bool:
    """Whether what would become free text is another command, or begins with one, or a line of it does."""
    lines = text.split("\n")
    return _LATER.search(text) is not None or any(_FIRST.match(fold(line, 0, len(line)).text) for line in lines)


def names_second(cut: Cut) -> bool:
    """Whether behind a verb, and where its hash should be, stands another command, or a second code."""
    if cut.verb in (None, Verb.BZ) or cut.stray is None:
        return False
    start = cut.stray - len(cut.ticket or "")
    return names_two(cut.opening.text[start:]) or holds_command(cut.raw[cut.opening.starts[cut.stray] :])


def would_store_command(offer: str) -> bool:
    """Whether the free text of what is offered is a command of its own."""
    said = cut_apart(offer)
    return said.verb is not Verb.BZ and holds_command(said.text)
