"""Refusals in words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grammar import Code, Diagnosis
from routing.model import Act
from smsgate.domain.refusals import Refusal, Why
from smsgate.domain.states import TRANSITIONS, State
from smsgate.domain.ticket import Ticket
from smsgate.service.segments import cut
from smsgate.service.verbs import VERB_OF
from smsgate.service.wording import LONGEST_TITLE, Words

_IN_ONE = 3
"""Tickets that a question lists in one SMS (spec/tickets.md «Which ticket is meant»)."""
_CLAUSE_ENDS = re.compile("“[^”]*”|。|，|；")
_MARKS = "。，；"
_WRONG_FORM = frozenset({Code.NOT_COMMAND, Code.MISSING_TARGET, Code.MISSING_OPINION, Code.MISPLACED_CODE})
"""Diagnoses of how a command is written; the others are of names."""
_SHORTEST_ENTRY = len("1)48217西区基… ")
"""Of a list of tickets: with less of a title nobody tells one from another."""


def sentence(words: Words, refusal: Refusal) -> str:
    """What the actor is told."""
    key = _key(refusal)
    if not refusal.among:
        return words.say(key, **_values(words, refusal, ""))
    room = _room_for_tickets(words, refusal)
    return words.say(key, **_values(words, refusal, words.codes(refusal.among, room)))


def tickets_shown(words: Words, refusal: Refusal) -> int:
    """How many of its tickets a question shows: only what one sees can be chosen by its number."""
    if len(refusal.among) < 2:
        return len(refusal.among)
    return words.codes_shown(refusal.among, _room_for_tickets(words, refusal))


def _room_for_tickets(words: Words, refusal: Refusal) -> int:
    bare = words.say(_key(refusal), **_values(words, refusal, ""))
    room = words.room(1) - len(bare)
    if len(refusal.among) > _IN_ONE or room < len(refusal.among) * _SHORTEST_ENTRY:
        return words.room(2) - len(bare)
    return room


def _key(refusal: Refusal) -> str:
    """The sentence of a reason; some reasons have another where the common one says too little."""
    key, ticket = f"no.{refusal.why}", refusal.ticket
    if refusal.why is Why.NOT_YOURS and ticket is not None and _too_late(ticket, refusal.act):
        return f"{key}.resolved"
    if refusal.why is Why.ALREADY_HOLDER and refusal.act is Act.RETURN:
        return f"{key}.return"
    if refusal.why is Why.AWAY and ticket is None:
        return f"{key}.several"
    return key


def _too_late(ticket: Ticket, act: Act | None) -> bool:
    """Whether nobody may do it, because the work is done already."""
    return ticket.state is State.RESOLVED and act is not None and act not in TRANSITIONS[ticket.state]


def question(words: Words, refusal: Refusal) -> str:
    """What an actor is asked who may overcome a refusal by an answer."""
    if refusal.why is Why.CODE_REUSED or (len(refusal.among) == 1 and refusal.why is not Why.ONLY_ONE):
        return words.say(f"ask.{refusal.why}", **_values(words, refusal, ""))
    return sentence(words, refusal)


def diagnosis_sentence(words: Words, diagnosis: Diagnosis) -> str:
    """What the sender of a text that can't be read is told."""
    message = _message(words, diagnosis)
    if diagnosis.suggestion is not None:
        return words.say("diagnosis.suggestion", message=message, suggestion=diagnosis.shown_suggestion())
    if not diagnosis.alternatives:
        return f"{message}{words.say('full_stop')}"
    listed = words.numbered(diagnosis.choices(), _left_for_choices(words, message), more=diagnosis.more)
    return words.say("diagnosis.alternatives", message=message, list=listed)


def choices_shown(words: Words, diagnosis: Diagnosis) -> int:
    """How many alternatives `diagnosis_sentence` lists: only what one sees can be chosen."""
    room = _left_for_choices(words, _message(words, diagnosis))
    return words.fitting(diagnosis.choices(), room, more=diagnosis.more)


def with_bad_code(words: Words, diagnosis: Diagnosis, typed: str) -> str:
    """The same where nothing can be offered, because the code that was typed with it is none. That is said whole; of
    what else is wrong as much as one SMS has room for.
    """
    bad_code = sentence(words, Refusal(Why.BAD_CODE, typed=typed))
    whole = _said(words, diagnosis)
    texts = [words.say("diagnosis.bad_code", message=said, bad_code=bad_code) for said in (whole, *_shorter(whole))]
    most = 1 if words.rules.language == "zh" else 2
    return next((text for text in texts if words.fits(text, most)), bad_code)


def _shorter(message: str) -> Iterator[str]:
    """The sentence without its last clause, without its last two, and so on; what it quotes is no clause."""
    for end in reversed([mark.start() for mark in _CLAUSE_ENDS.finditer(message) if mark[0] in _MARKS]):
        yield message[:end]


def with_warning(words: Words, text: str) -> str:
    """The last answer says that it is the last, if there is room for that."""
    warned = words.say("last_answer", answer=text)
    return warned if words.fits(warned, 2) or not words.fits(text, 2) else text


def _message(words: Words, diagnosis: Diagnosis) -> str:
    """The sentence, with what to do about it."""
    message = _said(words, diagnosis)
    if words.rules.language == "zh" or diagnosis.offers:
        # the Chinese one says it itself, an offer shows it
        return message
    if diagnosis.code not in _WRONG_FORM:
        return words.say("diagnosis.check", message=message)
    if diagnosis.verb is None:
        return words.say("diagnosis.ask", message=message)
    return words.say("diagnosis.write", message=message, usage=words.say(f"usage.{diagnosis.verb}"))


def _said(words: Words, diagnosis: Diagnosis) -> str:
    message = diagnosis.message if words.rules.language == "zh" else diagnosis.message_en
    return message.rstrip("。.")


def _left_for_choices(words: Words, message: str) -> int:
    return words.room(2) - len(words.say("diagnosis.alternatives", message=message, list=""))


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
