"""Corrected commands for a message that is none: one where one reading is possible, a choice where several are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from grammar.ast import Assist, Command, TargetName, Transfer
from grammar.checks import MOST_SEGMENTS, several_units
from grammar.code_runs import keeps_codes
from grammar.cut import Cut, cut_apart
from grammar.diagnostics import Diagnosis
from grammar.directory import Directory
from grammar.layouts import read, segments_of, taken_apart
from grammar.normalise import Folded
from grammar.parting import parted, run_on
from grammar.printer import render
from grammar.readings import readings
from grammar.respelling import with_code_moved, with_hash_once, with_opening_mended, with_verb_respelt
from grammar.second_commands import would_store_command
from grammar.spelling import Reach, Speller, is_opinion
from grammar.verbs import Verb

MOST_ALTERNATIVES = 9
"""A list in an SMS is answered by one digit."""

_BETWEEN_UNITS = re.compile(r"[;；﹔、,，/／\s]+")

Again = Callable[[str], "Command | Diagnosis"]


class Offers(NamedTuple):
    """What is offered; at most one of the two is there."""

    suggestion: str | None = None
    alternatives: tuple[str, ...] = ()
    more: bool = False
    """Whether there are more readings than alternatives."""


def offers(cut: Cut, directory: Directory, again: Again) -> Offers:
    """What the sender may have meant. `again` parses what was written anew.

    Nothing, if a part of it would move another ticket than that whose code was typed, or hide a second command.
    """
    found = _found(cut, directory, again)
    texts = found.alternatives or (() if found.suggestion is None else (found.suggestion,))
    safe = all(keeps_codes(cut.raw, text) and not would_store_command(text) for text in texts)
    return found if safe else Offers()


def _found(cut: Cut, directory: Directory, again: Again) -> Offers:
    for text in chain(with_opening_mended(cut), with_code_moved(cut), with_hash_once(cut)):
        found = _adopted(text, again(text), directory)
        if found:
            return _offered(found)
    if cut.verb is None:
        respelt = [_adopted(text, again(text), directory) for text in with_verb_respelt(cut)]
        return _offered([text for texts in respelt for text in texts])
    if cut.target is None or cut.stray is not None:
        return Offers()
    commands = _read(cut, cut.target, directory)
    omitted = _omitted(cut.target, directory)
    texts = dict.fromkeys(render(command, omit_center=omitted) for command in commands)
    return _offered([text for text in texts if not isinstance(again(text), Diagnosis)])


def _adopted(text: str, answer: Command | Diagnosis, directory: Directory) -> Sequence[str]:
    """What was made of a message written anew, or offered for that."""
    if isinstance(answer, Diagnosis):
        return [answer.suggestion] if answer.suggestion is not None else answer.alternatives
    target = cut_apart(text).target
    return [render(answer, omit_center=None if target is None else _omitted(target, directory))]


def _offered(texts: Sequence[str]) -> Offers:
    if len(texts) == 1:
        return Offers(texts[0])
    return Offers(None, tuple(texts[:MOST_ALTERNATIVES]), more=len(texts) > MOST_ALTERNATIVES)


def _omitted(target: Folded, directory: Directory) -> str | None:
    """The centre that an offer leaves out: the default one, unless the sender wrote it, rightly or nearly."""
    first = target.text.split("-")[0]
    written = first != "" and any(True for _ in Speller(directory, Reach.NEAR).centers(first))
    return None if written else directory.default_center


def _read(cut: Cut, target: Folded, directory: Directory) -> Iterator[Command]:
    """The commands that may be meant by a message with a verb in order."""
    form = Transfer if cut.verb is Verb.ZP else Assist
    found = parted(cut, directory)
    if found is not None:
        yield from (form(cut.ticket, meant, found.text) for meant in found.targets)
    elif cut.text:
        targets = list(_targets(cut, target, directory))
        late = run_on(cut, directory, is_read=bool(targets))
        if late is not None and is_opinion(late.text):
            yield from (form(cut.ticket, meant, late.text) for meant in late.targets)
        elif late is None or not set(targets) & set(late.targets):  # else those words would be lost
            yield from (form(cut.ticket, meant, cut.text) for meant in targets)


def _targets(cut: Cut, target: Folded, directory: Directory) -> Iterable[TargetName]:
    surplus = target.text.count("-") >= MOST_SEGMENTS
    return readings(taken_apart(cut.raw, target), directory, surplus=surplus) or _each_unit(cut, target, directory)


def _each_unit(cut: Cut, target: Folded, directory: Directory) -> Iterable[TargetName]:
    """Several targets in one message, each by itself; none if one of them can't be read, or it would be passed over.

    Of people only where the semicolon is what's wrong: else the others would be passed over.
    """
    if not target.text:
        return ()
    raw = cut.raw[target.starts[0] : target.ends[-1]]
    parts = [part for part in map(read, _BETWEEN_UNITS.split(raw)) if part]
    if not 1 < len(parts) <= MOST_ALTERNATIVES:
        return ()
    kinds_mixed = several_units(cut, directory) is not None
    reach = Reach.NEAR if kinds_mixed else Reach.EXACT
    found = [readings([segments_of(part.split("-"))], directory, farthest=reach) for part in parts]
    if not all(found) or (not kinds_mixed and any(meant.accounts for meants in found for meant in meants)):
        return ()
    return chain.from_iterable(found)
