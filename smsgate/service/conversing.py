"""Questions to a sender, and what becomes of their answers (spec/tickets.md «Short dialogues»)."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from grammar import Command, Diagnosis, Help, Query, first_code, parse
from grammar.printer import render
from routing.model import Act, Actor, Target
from routing.rights import holds, may
from smsgate.domain.codes import is_number, is_sound
from smsgate.domain.conversation import Ask, Option, Question, Reply, chosen
from smsgate.domain.refusals import Refusal, Why
from smsgate.domain.states import TRANSITIONS
from smsgate.domain.ticket import Ticket
from smsgate.service.correlate import allows, by_reference, duty_phone_of, the_only_one
from smsgate.service.refusing import choices_shown, tickets_shown
from smsgate.service.rules import MOVED_LATELY, QUESTION_LIVES
from smsgate.service.scene import Scene
from smsgate.service.threads import in_thread
from smsgate.service.verbs import ACT_OF, TicketCommand

ASKING = frozenset(
    {
        Why.SEVERAL_TICKETS,
        Why.ONLY_ONE,
        Why.OTHER_CODE,
        Why.OTHER_THREAD,
        Why.ENDED_THREAD,
        Why.NO_THREAD,
        Why.MOVED_LATELY,
        Why.CODE_REUSED,
    }
)
"""Refusals that the sender can overcome by an answer."""

_TAKES_OVER = frozenset({Act.TRANSFER, Act.ACCEPT, Act.RETURN})
"""What gives a ticket to somebody else than who has just got it."""


_WITH_TARGET = frozenset({Act.TRANSFER, Act.ASSIST})


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
    code = _code_of(scene, diagnosis)
    return None if code is None or is_number(code) or is_sound(code) else code


def ticket_misread(scene: Scene, actor: Actor, diagnosis: Diagnosis, known: Ticket | None) -> Ticket | None:
    """The ticket that what can't be read is about: the one that is named, else `known`, the thread's own, while that is
    open."""
    code = _code_of(scene, diagnosis)
    if code is not None:
        named = by_reference(scene, actor, code)
        return named if isinstance(named, Ticket) else None
    return None if known is None or known.state.ended else known


def _code_of(scene: Scene, diagnosis: Diagnosis) -> str | None:
    """The code that was typed, in its place or as it is put there by what is offered."""
    if diagnosis.ticket is not None:
        return diagnosis.ticket
    for text in diagnosis.offers:
        command = parse(text, scene.chart, reserve=scene.rules.reserve)
        if not isinstance(command, Diagnosis | Help):
            return command.ticket
    return None


def asked_back(scene: Scene, refusal: Refusal, command: TicketCommand, text: str, typed: str) -> Asking | None:
    """What can be answered to a refusal of a command, whose text is the one given."""
    if refusal.why not in ASKING:
        return None
    if refusal.among:
        shown = tickets_shown(scene.words, refusal)
        options = tuple(
            _about(ticket, _naming(scene, ticket, command, text))._replace(listed=place < shown)
            for place, ticket in enumerate(refusal.among)
        )
        return Asking(Ask.LIST if len(options) > 1 else Ask.OFFER, options, typed)
    if refusal.ticket is None:
        return None
    option = _about(refusal.ticket, text)
    return Asking(Ask.OFFER, (option._replace(told=refusal.why is Why.MOVED_LATELY),), typed)


def ticket_of(scene: Scene, command: TicketCommand, actor: Actor, thread: str | None) -> Ticket | Refusal:
    """The ticket that a command means. `thread`: the digits behind our number that it was sent to."""
    act = ACT_OF[command.verb]
    if thread is not None:
        return in_thread(scene, actor, thread, act, command.ticket)
    if command.ticket is None:
        return the_only_one(scene, actor, act)
    return by_reference(scene, actor, command.ticket, act)


def begins_with_another(scene: Scene, actor: Actor, command: TicketCommand, ticket: Ticket) -> Refusal | None:
    """Why to ask first: no code is given, and the text begins with that of another ticket (`CGHD#13887已恢复`).

    An opinion that goes with a transfer may speak of other tickets.
    """
    act = ACT_OF[command.verb]
    code = None if command.ticket is not None or act in _WITH_TARGET else first_code(command.text)
    if code is None or not (is_sound(code) or is_number(code)):
        return None
    other = by_reference(scene, actor, code, act)
    if isinstance(other, Refusal) or other.id == ticket.id:
        return None
    among = tuple(one for one in (ticket, other) if allows(scene, actor, act, one))
    return Refusal(Why.OTHER_CODE, act, typed=code, among=among) if among else None


def moved_lately(scene: Scene, ticket: Ticket, act: Act, actor: Actor, target: Target | None) -> Refusal | None:
    """Why to ask first: somebody else has just moved it, and the actor may not know.

    Or they have just handed it back themselves: sent twice, the same would end the help of a unit of theirs.
    """
    again = act is Act.RETURN and ticket.moved_by == actor and not holds(scene.chart, actor, ticket.holder)
    if act not in _TAKES_OVER or (ticket.moved_by == actor and not again) or target == ticket.holder:
        return None
    moved = ticket.moved_at != ticket.opened_at and scene.at - ticket.moved_at < MOVED_LATELY
    if not moved or act not in TRANSITIONS[ticket.state]:
        return None
    if not again and _answers_the_move(scene, ticket, act, actor):
        return None
    if not may(scene.chart, act, actor, ticket.standing()).allowed:
        return None
    return Refusal(Why.MOVED_LATELY, act, ticket, ticket.moved_by, ticket.moved_at)


def _answers_the_move(scene: Scene, ticket: Ticket, act: Act, actor: Actor) -> bool:
    """Whether the actor acts on the newest move: it told them that the ticket is theirs, or they just accept it.

    Who was told that they held it before as well, in a larger or smaller unit or by name, may mean what they held.
    """
    if not holds(scene.chart, actor, ticket.holder):
        return act is Act.RETURN  # a helper leaves
    if act is Act.ACCEPT:
        return True
    whose = (actor.account, duty_phone_of(scene, actor.unit))
    before = scene.ledger.held_before(ticket.id)
    knew = before is not None and holds(scene.chart, actor, before)
    if knew and scene.ledger.got_notice(ticket.id, ticket.opened_at, ticket.moved_at, *whose):
        return False
    return scene.ledger.got_notice(ticket.id, ticket.moved_at, scene.at + 1, *whose)


def _option(scene: Scene, actor: Actor, text: str, thread: str | None) -> Option:
    """A corrected command, tied to its ticket as that stands now."""
    command: Command | Diagnosis = parse(text, scene.chart, reserve=scene.rules.reserve)
    if isinstance(command, Diagnosis | Help | Query):
        return Option(text)
    # a code that is shown in what is offered is accepted with it, in whichever thread
    ticket = ticket_of(scene, command, actor, thread if command.ticket is None else None)
    return _about(ticket, text) if isinstance(ticket, Ticket) else Option(text, thread=thread)


def _naming(scene: Scene, ticket: Ticket, command: TicketCommand, text: str) -> str:
    """The command word for word; with that ticket's code, where another one stands in it."""
    if command.ticket in (None, ticket.code, ticket.number):
        return text
    return render(replace(command, ticket=ticket.code), omit_center=scene.chart.default_center)


def _about(ticket: Ticket, text: str) -> Option:
    return Option(text, ticket.id, ticket.hop, (ticket.code, ticket.number))
