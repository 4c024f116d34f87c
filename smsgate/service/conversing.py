"""Questions to a sender, and what becomes of their answers (spec/tickets.md «Short dialogues»)."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from grammar import Command, Diagnosis, Help, Query, parse
from grammar.printer import render
from routing.model import Act, Actor, Target
from routing.rights import holds, may
from smsgate.domain.codes import is_number, is_sound
from smsgate.domain.conversation import Ask, Option, Question, Reply, chosen
from smsgate.domain.refusals import Refusal, Why
from smsgate.domain.states import TRANSITIONS
from smsgate.domain.ticket import Ticket
from smsgate.service.correlate import by_reference, the_only_one
from smsgate.service.refusing import choices_shown
from smsgate.service.rules import MOVED_LATELY, QUESTION_LIVES
from smsgate.service.scene import Scene
from smsgate.service.threads import in_thread
from smsgate.service.verbs import ACT_OF, TicketCommand

ASKING = frozenset(
    {
        Why.SEVERAL_TICKETS,
        Why.OTHER_THREAD,
        Why.ENDED_THREAD,
        Why.NO_THREAD,
        Why.MOVED_LATELY,
        Why.CODE_REUSED,
    }
)
"""Refusals that the sender can overcome by an answer."""

_TAKES_OVER = frozenset({Act.TRANSFER, Act.ACCEPT})
"""What somebody who doesn't hold a ticket can do to who holds it now."""


class Asking(NamedTuple):
    """What a sender is asked together with the answer that they get."""

    ask: Ask
    options: tuple[Option, ...]
    typed: str
    """What it is about, as the log shows it."""

    @property
    def code(self) -> str | None:
        """The code of the one ticket that it is about; None for several, or where no ticket is known."""
        codes = {option.names[:1] for option in self.options}
        return next(iter(codes.pop()), None) if len(codes) == 1 else None


class Choice(NamedTuple):
    """What an open question's answer chose."""

    question: Question
    option: Option


def answered(scene: Scene, sender: str, reply: Reply) -> Choice | Refusal | None:
    """What a reply chooses of what its sender was asked; a refusal if that is open no more; None: just talk."""
    question = scene.ledger.question(sender)
    if question is None:
        return None
    last_heard = reply.nod and scene.ledger.last_mt_to(sender) == question.mt_id
    option = chosen(question, reply, last_heard=last_heard)
    if option is None:
        return None
    if question.over or scene.at - question.asked_at > QUESTION_LIVES:
        scene.ledger.forget_question(sender)
        return Refusal(Why.QUESTION_OVER)
    return Choice(question, option)


def offered(scene: Scene, actor: Actor, diagnosis: Diagnosis, typed: str, thread: str | None) -> Asking | None:
    """What can be answered to a diagnosis: `Y`, or one of those that are shown. `thread`: where it was typed."""
    if diagnosis.suggestion is not None:
        return Asking(Ask.OFFER, (_option(scene, actor, diagnosis.suggestion, thread),), typed)
    if not diagnosis.alternatives:
        return None
    shown = diagnosis.alternatives[: choices_shown(scene.words, diagnosis)]
    return Asking(Ask.LIST, tuple(_option(scene, actor, text, thread) for text in shown), typed)


def bad_code_of(scene: Scene, diagnosis: Diagnosis) -> str | None:
    """The code that was typed with what can't be read, if its check digit is wrong: then nothing is to be offered.

    A code is never guessed (spec/tickets.md «Ticket»), so whatever else is mended, the command would be refused.
    """
    for text in (diagnosis.suggestion, *diagnosis.alternatives):
        command = parse(text, scene.chart, reserve=scene.rules.reserve) if text is not None else None
        if command is None or isinstance(command, Diagnosis | Help):
            continue
        code = command.ticket
        return None if code is None or is_number(code) or is_sound(code) else code
    return None


def asked_back(scene: Scene, refusal: Refusal, command: TicketCommand, text: str, typed: str) -> Asking | None:
    """What can be answered to a refusal of a command, whose text is the one given."""
    if refusal.why not in ASKING:
        return None
    if refusal.among:
        options = tuple(_about(ticket, _naming(scene, ticket, command, text)) for ticket in refusal.among)
        return Asking(Ask.LIST if len(options) > 1 else Ask.OFFER, options, typed)
    return None if refusal.ticket is None else Asking(Ask.OFFER, (_about(refusal.ticket, text),), typed)


def ticket_of(scene: Scene, command: TicketCommand, actor: Actor, thread: str | None) -> Ticket | Refusal:
    """The ticket that a command means. `thread`: the digits behind our number that it was sent to."""
    act = ACT_OF[command.verb]
    if thread is not None:
        return in_thread(scene, actor, thread, act, command.ticket)
    if command.ticket is None:
        return the_only_one(scene, actor, act)
    return by_reference(scene, actor, command.ticket, act)


def moved_lately(scene: Scene, ticket: Ticket, act: Act, actor: Actor, target: Target | None) -> Refusal | None:
    """Why to ask first: somebody else has just moved it, and the actor, who doesn't hold it, may not know."""
    if act not in _TAKES_OVER or ticket.moved_by == actor or target == ticket.holder:
        return None
    moved = ticket.moved_at != ticket.opened_at and scene.at - ticket.moved_at < MOVED_LATELY
    if not moved or act not in TRANSITIONS[ticket.state] or holds(scene.chart, actor, ticket.holder):
        return None
    if not may(scene.chart, act, actor, ticket.standing()).allowed:
        return None
    return Refusal(Why.MOVED_LATELY, act, ticket, ticket.moved_by, ticket.moved_at)


def _option(scene: Scene, actor: Actor, text: str, thread: str | None) -> Option:
    """A corrected command, tied to its ticket as that stands now."""
    command: Command | Diagnosis = parse(text, scene.chart, reserve=scene.rules.reserve)
    if isinstance(command, Diagnosis | Help | Query):
        return Option(text)
    ticket = ticket_of(scene, command, actor, thread)
    return _about(ticket, text) if isinstance(ticket, Ticket) else Option(text, thread=thread)


def _naming(scene: Scene, ticket: Ticket, command: TicketCommand, text: str) -> str:
    """The command word for word; with that ticket's code, where another one stands in it."""
    if command.ticket in (None, ticket.code, ticket.number):
        return text
    return render(replace(command, ticket=ticket.code), omit_center=scene.chart.default_center)


def _about(ticket: Ticket, text: str) -> Option:
    return Option(text, ticket.id, ticket.hop, (ticket.code, ticket.number))
