"""Corrected commands for a message that is none: one where one reading is possible, a choice where several are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple

from grammar.ast import Assist, Command, TargetName, Transfer
from grammar.checks import MOST_SEGMENTS, several_units
from grammar.cut import Cut
from grammar.diagnostics import Diagnosis
from grammar.directory import Directory
from grammar.normalise import Folded, fold, strip
from grammar.printer import render
from grammar.reader import resolve
from grammar.readings import FORM, Segments, readings
from grammar.respelling import with_code_moved, with_opening_mended
from grammar.spelling import Speller
from grammar.verbs import Verb

_MOST_ALTERNATIVES = 9
"""A list in an SMS is answered by one digit."""
_MOST_GAPS = 10
"""Gaps before which a target may end; behind that many there is no target any more."""

_BETWEEN_ACCOUNTS = re.compile(r"[;；﹔、,，/／|\s]+")
_BETWEEN_NAMES = re.compile(r"[-－\u2010-\u2015\u2212\u2500\u2501/／\\>＞:：、,，\s]+")
_BEFORE_OPINION = re.compile(r"[\s,，、。:：]+")

Again = Callable[[str], "Command | Diagnosis"]


class Offers(NamedTuple):
    """What is offered; at most one of the two is there."""

    suggestion: str | None = None
    alternatives: tuple[str, ...] = ()


def offers(cut: Cut, directory: Directory, again: Again) -> Offers:
    """What the sender may have meant. `again` parses what was written anew."""
    for text in chain(with_opening_mended(cut), with_code_moved(cut)):
        found = _adopt(again(text), directory)
        if found != Offers():
            return found
    if cut.target is None or not cut.target.text or cut.stray is not None:
        return Offers()
    commands = [*_with_opinion_parted(cut, directory)] or [*_with_target_read(cut, cut.target, directory)]
    omitted = None if _names_center(cut.target, directory) else directory.default_center
    texts = dict.fromkeys(render(command, omit_center=omitted) for command in commands)
    return _offered([text for text in texts if not isinstance(again(text), Diagnosis)])


def _adopt(answer: Command | Diagnosis, directory: Directory) -> Offers:
    if isinstance(answer, Diagnosis):
        return Offers(answer.suggestion, answer.alternatives)
    return Offers(render(answer, omit_center=directory.default_center))


def _offered(texts: list[str]) -> Offers:
    return Offers(texts[0]) if len(texts) == 1 else Offers(None, tuple(texts[:_MOST_ALTERNATIVES]))


def _names_center(target: Folded, directory: Directory) -> bool:
    """Whether the sender wrote the centre, rightly or nearly, so that the offer writes it too."""
    first = target.text.split("-")[0]
    return first != "" and Speller(directory, exact=False).centers(first) != []


def _command(cut: Cut, target: TargetName, text: str) -> Command:
    return (Transfer if cut.verb is Verb.ZP else Assist)(cut.ticket, target, text)


def _with_opinion_parted(cut: Cut, directory: Directory) -> Iterator[Command]:
    """Readings of a message without second hash whose target is right up to a blank or comma: the rest is opinion."""
    if cut.last_hash is not None or cut.first_hash is None:
        return
    for gap in islice(_BEFORE_OPINION.finditer(cut.raw, cut.first_hash + 1), _MOST_GAPS):
        names = fold(cut.raw, cut.first_hash + 1, gap.start()).text.split("-")
        text = strip(cut.raw[gap.end() :])
        target = resolve(names, directory) if 2 <= len(names) <= MOST_SEGMENTS else None
        if target is not None and text:
            yield _command(cut, target, text)


def _with_target_read(cut: Cut, target: Folded, directory: Directory) -> Iterator[Command]:
    if not cut.text:
        return
    surplus = target.text.count("-") >= MOST_SEGMENTS
    found = readings(_taken_apart(cut, target), directory, surplus=surplus)
    if not found and several_units(cut, directory) is not None:
        found = _each_unit(target.text.split(";"), directory)
    for meant in found:
        yield _command(cut, meant, cut.text)


def _each_unit(parts: Sequence[str], directory: Directory) -> tuple[TargetName, ...]:
    """Several targets in one message, each by itself; none if one of them can't be read, or it would be passed over."""
    if len(parts) > _MOST_ALTERNATIVES:
        return ()
    found = [readings([_segments(part.split("-"))], directory) for part in parts]
    return tuple(chain.from_iterable(found)) if all(found) else ()


def _taken_apart(cut: Cut, target: Folded) -> list[Segments]:
    """The target's segments as typed, then with wrong separators taken for right ones.

    White space is dropped from a head, so what it separated is only to be seen in the message as received.
    """
    typed = target.text.split("-")
    raw = cut.raw[target.starts[0] : target.ends[-1]]
    last_dash = target.text.rfind("-")
    tail = cut.raw[target.ends[last_dash] if last_dash >= 0 else target.starts[0] : target.ends[-1]]
    accounts = ";".join(_read(part) for part in _BETWEEN_ACCOUNTS.split(tail))
    names = [_read(part) for part in _BETWEEN_NAMES.split(raw)]
    found: dict[tuple[tuple[str, ...], bool], Segments] = {}
    for segments in (
        _segments(typed),
        _segments([*typed[:-1], accounts], cost=FORM),
        _segments(names, cost=2 * FORM),
    ):
        found.setdefault((segments.names, segments.dashed), segments)
    return list(found.values())


def _read(part: str) -> str:
    return fold(part, 0, len(part)).text


def _segments(names: list[str], cost: int = 0) -> Segments:
    """Without empty names, and without empty accounts in the last one."""
    last = ";".join(filter(None, names[-1].split(";")))
    return Segments(tuple(filter(None, [*names[:-1], last])), dashed=names[0] == "", cost=cost)
