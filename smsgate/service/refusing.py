"""Refusals in words."""

from __future__ import annotations

from grammar import Diagnosis
from routing.model import Act
from smsgate.domain.refusals import Refusal, Why
from smsgate.service.segments import cut
from smsgate.service.verbs import VERB_OF
from smsgate.service.wording import LONGEST_TITLE, Words


def sentence(words: Words, refusal: Refusal) -> str:
    """What the actor is told."""
    key = f"no.{refusal.why}"
    bare = words.say(key, **_values(words, refusal, ""))
    if refusal.why is not Why.SEVERAL_TICKETS:
        return bare
    return words.say(key, **_values(words, refusal, words.codes(refusal.among, words.room(2) - len(bare))))


def diagnosis_sentence(words: Words, diagnosis: Diagnosis) -> str:
    """What the sender of a text that can't be read is told."""
    message = diagnosis.message if words.rules.language == "zh" else diagnosis.message_en
    shown = diagnosis.shown_suggestion()
    if shown is None:
        return message
    return words.say("diagnosis.suggestion", message=message.rstrip("。."), suggestion=shown)


def _values(words: Words, refusal: Refusal, listed: str) -> dict[str, object]:
    ticket = refusal.ticket
    act = refusal.act or Act.TRANSFER
    return {
        "typed": refusal.typed,
        "act": words.say(f"act.{act}"),
        "verb": VERB_OF.get(act, ""),
        "n": len(refusal.among),
        "list": listed,
        "number": ticket.number if ticket is not None else "",
        "title": words.apart(cut(ticket.facts.title, LONGEST_TITLE)) if ticket is not None else "",
        "code": ticket.code if ticket is not None else refusal.typed,
        "holder": words.target(ticket.holder) if ticket is not None else "",
        "state": words.say(f"state.{ticket.state}") if ticket is not None else "",
        "ended": words.say(f"ended.{ticket.state}") if ticket is not None and ticket.state.ended else "",
        "by": words.actor(refusal.by),
        "at": words.time(refusal.at),
    }
