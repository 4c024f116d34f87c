"""Refusals in words."""

from __future__ import annotations

from grammar import Diagnosis
from routing.model import Act
from smsgate.domain.refusals import Refusal, Why
from smsgate.domain.ticket import Ticket
from smsgate.service.segments import cut
from smsgate.service.verbs import VERB_OF
from smsgate.service.wording import LONGEST_TITLE, Words

_PARTS = 3
"""Of an addressed command: opening, target, free text."""

_IN_ONE = 3
"""Tickets that a question lists in one SMS (spec/tickets.md «Which ticket is meant»)."""
_SHORTEST_ENTRY = len("1)48217西区基… ")
"""Of a list of tickets: with less of a title nobody tells one from another."""


def sentence(words: Words, refusal: Refusal) -> str:
    """What the actor is told."""
    key = f"no.{refusal.why}"
    bare = words.say(key, **_values(words, refusal, ""))
    if not refusal.among:
        return bare
    room = words.room(1) - len(bare)
    if len(refusal.among) > _IN_ONE or room < len(refusal.among) * _SHORTEST_ENTRY:
        room = words.room(2) - len(bare)
    return words.say(key, **_values(words, refusal, words.codes(refusal.among, room)))


def question(words: Words, refusal: Refusal) -> str:
    """What an actor is asked who may overcome a refusal by an answer."""
    if refusal.why is Why.CODE_REUSED or len(refusal.among) == 1:
        return words.say(f"ask.{refusal.why}", **_values(words, refusal, ""))
    return sentence(words, refusal)


def diagnosis_sentence(words: Words, diagnosis: Diagnosis) -> str:
    """What the sender of a text that can't be read is told."""
    message = diagnosis.message if words.rules.language == "zh" else diagnosis.message_en
    message = message.rstrip("。.")
    if diagnosis.suggestion is not None:
        return words.say("diagnosis.suggestion", message=message, suggestion=diagnosis.shown_suggestion())
    if not diagnosis.alternatives:
        return f"{message}{words.say('full_stop')}"
    bare = words.say("diagnosis.alternatives", message=message, list="")
    listed = words.numbered(_told_apart(diagnosis.shown_alternatives()), words.room(2) - len(bare))
    return words.say("diagnosis.alternatives", message=message, list=listed)


def _told_apart(commands: tuple[str, ...]) -> tuple[str, ...]:
    """What differs between corrected commands: their targets, or the ends of these, where all else is the same."""
    parts = [command.split("#", 2) for command in commands]
    if any(len(part) != _PARTS or (part[0], part[2]) != (parts[0][0], parts[0][2]) for part in parts):
        return commands
    targets = [part[1] for part in parts]
    ends = [target.rsplit("-", 1) for target in targets]
    return tuple(end[-1] for end in ends) if len({end[0] for end in ends}) == 1 else tuple(targets)


def _values(words: Words, refusal: Refusal, listed: str) -> dict[str, object]:
    ticket = refusal.ticket
    act = refusal.act or Act.TRANSFER
    other = refusal.among[0] if refusal.among else None
    return {
        "typed": refusal.typed,
        "thread": refusal.thread,
        "other": other.code if other is not None else "",
        "other_title": _title(words, other),
        "act": words.say(f"act.{act}"),
        "verb": VERB_OF.get(act, ""),
        "n": len(refusal.among),
        "list": listed,
        "number": ticket.number if ticket is not None else "",
        "title": _title(words, ticket),
        "code": ticket.code if ticket is not None else refusal.typed,
        "holder": words.target(ticket.holder) if ticket is not None else "",
        "state": words.say(f"state.{ticket.state}") if ticket is not None else "",
        "ended": words.say(f"ended.{ticket.state}") if ticket is not None and ticket.state.ended else "",
        "by": words.actor(refusal.by),
        "at": words.time(refusal.at),
    }


def _title(words: Words, ticket: Ticket | None) -> str:
    return words.apart(cut(ticket.facts.title, LONGEST_TITLE)) if ticket is not None else ""
