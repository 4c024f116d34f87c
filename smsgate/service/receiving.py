"""What happens when a message arrives: who, what, which, may, do, whom to tell."""

from __future__ import annotations

import re
import traceback
from typing import NamedTuple

from grammar import Assist, Command, Diagnosis, Help, Query, Transfer, parse
from routing.model import Actor, Target
from smsgate.domain.conversation import Ask, Question, read_reply
from smsgate.domain.hop import Origin
from smsgate.domain.messages import MobileOriginated, MoState, storable
from smsgate.domain.queue import shown_name
from smsgate.domain.refusals import ERRORS, Refusal, Why
from smsgate.domain.ticket import Ticket
from smsgate.service.acting import Wish, do, misread, refuse
from smsgate.service.asking import status
from smsgate.service.confirming import did
from smsgate.service.conversing import (
    Asking,
    Choice,
    answered,
    asked_back,
    bad_code_of,
    begins_with_another,
    moved_lately,
    offered,
    ticket_misread,
    ticket_of,
)
from smsgate.service.helping import help_text
from smsgate.service.loops import OWN_NUMBER, echoes, from_no_phone, loops
from smsgate.service.operators import tell_of_shunted
from smsgate.service.ports import MoResult, StoreUnavailable
from smsgate.service.refusing import diagnosis_sentence, question, sentence, with_bad_code, with_warning
from smsgate.service.requests import Receipt
from smsgate.service.rules import ERRORS_ANSWERED, HOUR
from smsgate.service.scene import Scene
from smsgate.service.targets import as_target
from smsgate.service.threads import thread_of, ticket_of_thread
from smsgate.service.verbs import ACT_OF, TicketCommand


class Said(NamedTuple):
    """A good command, and whose it is."""

    command: Command
    text: str
    """The whole of it, as typed or as offered."""
    actor: Actor
    origin: Origin
    thread: str | None
    """The digits behind our number that it was sent to."""


class Outcome(NamedTuple):
    """What became of it, what the sender is answered, and asked thereby."""

    result: MoResult
    answer: str | None = None
    asks: Asking | None = None
    code: str | None = None
    """Of the ticket that the answer is about: it comes from its number."""


_OFFERED = "\n=> "
"""Stands in the log between what was typed and what was offered for it."""

_HASH = re.compile("[#＃﹟]")


def receive(scene: Scene, mo: MobileOriginated) -> Receipt:
    """Keep the MO and do what it says, once; what a bug prevents is kept and shown to operators."""
    ledger = scene.ledger
    mo = mo._replace(text=storable(mo.text)) if not mo.text.isprintable() else mo
    # looked for before it is kept: afterwards it would find itself
    again = mo.sent_at is not None and ledger.same_mo(mo) is not None
    again = again or (mo.session is not None and not mo.provider_id and ledger.brought_again(mo))
    mo_id = ledger.add_mo(mo)
    if mo_id is None:
        return Receipt(None, MoResult(MoState.DUPLICATE))
    if again:
        result = MoResult(MoState.DUPLICATE)
        ledger.settle_mo(mo_id, result)
        return Receipt(mo_id, result)
    return handle(scene, mo, mo_id)


def handle(scene: Scene, mo: MobileOriginated, mo_id: int, *, again: bool = False) -> Receipt:
    """Do what a kept MO says; `again`: one that was kept in an earlier transaction."""
    try:
        outcome = _unless_in_a_loop(scene, mo, mo_id, _understood(scene, mo, mo_id))
        _answer(scene, mo, mo_id, outcome)
    except StoreUnavailable:
        raise
    except Exception:  # noqa: BLE001 - a bug must not lose the message (spec/messages.md «In», 4)
        detail = traceback.format_exc()
        # all that was written is undone, the MO with it unless it was kept before
        scene.ledger.undo()
        if not again:
            mo_id = scene.ledger.add_mo(mo) or mo_id
        outcome = _shunted(scene, mo, mo_id, detail)
    scene.ledger.settle_mo(mo_id, outcome.result)
    return Receipt(mo_id, outcome.result, outcome.answer)


def _understood(scene: Scene, mo: MobileOriginated, mo_id: int) -> Outcome:
    if scene.rules.is_ours(mo.sender):
        return Outcome(MoResult(MoState.SUPPRESSED, detail=OWN_NUMBER))
    actor = scene.chart.who_calls(mo.sender)
    if actor is None:
        no_phone = from_no_phone(mo.sender, scene.rules.service_numbers)
        return Outcome(MoResult(MoState.SUPPRESSED if no_phone else MoState.UNKNOWN_SENDER, detail=no_phone))
    reply = read_reply(mo.text)
    choice = answered(scene, mo.sender, reply) if reply is not None else None
    if isinstance(choice, Refusal):
        result = MoResult(MoState.REFUSED, None, choice.why, None, actor)
        return _rationed(scene, mo, result, sentence(scene.words, choice))
    if choice is not None:
        return _chosen(scene, mo, mo_id, actor, choice)
    command = parse(mo.text, scene.chart, reserve=scene.rules.reserve)
    by = None if mo.behalf is None else shown_name(mo.behalf)
    origin = Origin(mo.channel, mo.text, mo.sender, mo_id, _typed_target(command, mo.text), mo.behalf, by)
    thread = thread_of(scene, mo)
    if isinstance(command, Diagnosis):
        return _misread(scene, mo, command, actor, origin, thread)
    scene.ledger.question_over(mo.sender)
    return _told(scene, mo, Said(command, mo.text, actor, origin, thread))


def _typed_target(command: Command | Diagnosis, text: str) -> str | None:
    return _HASH.split(text, 2)[1].strip() if isinstance(command, Transfer | Assist) else None


def _chosen(scene: Scene, mo: MobileOriginated, mo_id: int, actor: Actor, choice: Choice) -> Outcome:
    """Do what was chosen, as a command of who chose it; not if its ticket has moved on."""
    asked, option = choice
    ticket = scene.ledger.ticket(option.ticket_id) if option.ticket_id is not None else None
    moved_on = None if ticket is None or option.hop is None else scene.ledger.moved_since(ticket.id, option.hop)
    if moved_on is None or asked.ask is Ask.OFFER:
        # the others of a list may be chosen still
        scene.ledger.forget_question(mo.sender)
    command = parse(option.text, scene.chart, reserve=scene.rules.reserve)
    # both texts stand in the log: what was typed, and what was offered for it
    as_offered = asked.typed.rsplit(_OFFERED, 1)[-1] == option.text
    raw = asked.typed if as_offered else f"{asked.typed}{_OFFERED}{option.text}"
    by = None if mo.behalf is None else shown_name(mo.behalf)
    origin = Origin(mo.channel, raw, mo.sender, mo_id, _typed_target(command, option.text), mo.behalf, by)
    if isinstance(command, Diagnosis):
        # the chart has changed since
        return _misread(scene, mo, command, actor, origin, option.thread)
    # not the thread that the answer was typed in: that of the command
    said = Said(command, option.text, actor, origin, option.thread)
    if isinstance(command, Help | Query):
        return _told(scene, mo, said)
    if ticket is None:
        return _told(scene, mo, said) if command.ticket is not None else _not_tied(scene, mo, said, command)
    if moved_on is not None:
        stale = Refusal(Why.STALE, ACT_OF[command.verb], ticket, *moved_on)
        return _not_done(scene, mo, said, command, stale)
    return _on_ticket(scene, mo, said, command, ticket, warned=option.told)


def _not_tied(scene: Scene, mo: MobileOriginated, said: Said, command: TicketCommand) -> Outcome:
    """When it was offered it was not clear which ticket was meant; that only one is left says not that it was that."""
    found = ticket_of(scene, command, said.actor, said.thread)
    if isinstance(found, Ticket):
        found = Refusal(Why.ONLY_ONE, ACT_OF[command.verb], found, among=(found,))
    return _not_done(scene, mo, said, command, found)


def _told(scene: Scene, mo: MobileOriginated, said: Said) -> Outcome:
    """What a good command says."""
    command, actor = said.command, said.actor
    if isinstance(command, Help):
        return Outcome(MoResult(MoState.APPLIED, command.verb, actor=actor), help_text(scene, actor, command))
    if isinstance(command, Query):
        return _asked(scene, mo, command, actor)
    ticket = ticket_of(scene, command, actor, said.thread)
    if isinstance(ticket, Refusal):
        return _not_done(scene, mo, said, command, ticket)
    other = begins_with_another(scene, actor, command, ticket)
    if other is not None:
        return _not_done(scene, mo, said, command, other)
    return _on_ticket(scene, mo, said, command, ticket, warned=False)


def _on_ticket(
    scene: Scene, mo: MobileOriginated, said: Said, command: TicketCommand, ticket: Ticket, *, warned: bool
) -> Outcome:
    """Do it, unless somebody else has just moved the ticket; `warned`: its sender knows of that."""
    act = ACT_OF[command.verb]
    lately = None if warned else moved_lately(scene, ticket, act, said.actor, _target_of(command))
    if lately is not None:
        return _not_done(scene, mo, said, command, lately)
    return _done(scene, mo, said, command, ticket)


def _done(scene: Scene, mo: MobileOriginated, said: Said, command: TicketCommand, ticket: Ticket) -> Outcome:
    wish = Wish(ACT_OF[command.verb], said.actor, command.text, _target_of(command))
    done = do(scene, ticket, wish, said.origin)
    if isinstance(done, Refusal):
        return _not_done(scene, mo, said, command, done)
    result = MoResult(MoState.APPLIED, command.verb, None, None, said.actor, done.ticket.id, done.ticket.hop)
    return Outcome(result, did(scene, wish, ticket, done), code=ticket.code)


def _not_done(scene: Scene, mo: MobileOriginated, said: Said, command: TicketCommand, why: Refusal) -> Outcome:
    refuse(scene, why, said.actor, command.text, said.origin)
    asks = asked_back(scene, why, command, said.text, said.origin.raw)
    return _refused(scene, mo, why, command.verb, said.actor, asks)


def _target_of(command: TicketCommand) -> Target | None:
    return as_target(command.target) if isinstance(command, Transfer | Assist) else None


def _asked(scene: Scene, mo: MobileOriginated, query: Query, actor: Actor) -> Outcome:
    found = status(scene, actor, query)
    if isinstance(found, Refusal):
        return _refused(scene, mo, found, query.verb, actor)
    text, ticket = found
    result = MoResult(MoState.APPLIED, query.verb, None, None, actor, ticket.id if ticket else None)
    return Outcome(result, text, code=ticket.code if ticket else None)


def _misread(
    scene: Scene, mo: MobileOriginated, diagnosis: Diagnosis, actor: Actor, origin: Origin, thread: str | None
) -> Outcome:
    verb = diagnosis.verb
    echo = echoes(scene, mo)
    if echo is not None:
        return Outcome(MoResult(MoState.SUPPRESSED, detail=echo, actor=actor))
    if diagnosis.talk:
        return Outcome(MoResult(MoState.TALK, actor=actor))
    known = ticket_of_thread(scene, actor, thread) if thread is not None else None
    about = ticket_misread(scene, actor, diagnosis, known)
    if verb is not None and verb in ACT_OF:
        misread(scene, diagnosis, ACT_OF[verb], actor, "", origin, about)
    result = MoResult(MoState.REFUSED, verb, diagnosis.code, diagnosis.message_en, actor)
    outcome = _rationed(scene, mo, result, *_misread_answer(scene, actor, diagnosis, origin.raw, thread))
    answers = about or known
    return outcome._replace(code=answers.code if answers is not None else None)


def _misread_answer(
    scene: Scene, actor: Actor, diagnosis: Diagnosis, typed: str, thread: str | None
) -> tuple[str, Asking | None]:
    """What its sender is told, and asked thereby: nothing is offered with a code whose check digit is wrong."""
    code = bad_code_of(scene, diagnosis)
    if code is not None:
        return with_bad_code(scene.words, diagnosis, code), None
    return diagnosis_sentence(scene.words, diagnosis), offered(scene, actor, diagnosis, typed, thread)


def _refused(
    scene: Scene, mo: MobileOriginated, refusal: Refusal, verb: str, actor: Actor, asks: Asking | None = None
) -> Outcome:
    # a ticket that the sender may not see isn't tied to the message either
    ticket_id = refusal.ticket.id if refusal.ticket is not None else None
    state = MoState.REFUSED if asks is None else MoState.ASKED
    result = MoResult(state, verb, refusal.why, None, actor, ticket_id)
    text = sentence(scene.words, refusal) if asks is None else question(scene.words, refusal)
    outcome = _rationed(scene, mo, result, text, asks) if refusal.why in ERRORS else Outcome(result, text, asks)
    return outcome._replace(code=refusal.ticket.code if refusal.ticket is not None else None)


def _rationed(scene: Scene, mo: MobileOriginated, result: MoResult, text: str, asks: Asking | None = None) -> Outcome:
    """Five errors in an hour are answered, until something right comes."""
    before = scene.ledger.refused_since(mo.sender, scene.at - HOUR, ERRORS_ANSWERED)
    if before >= ERRORS_ANSWERED:
        return _kept_back(result, f"not answered: {ERRORS_ANSWERED} errors within an hour were")
    if before == ERRORS_ANSWERED - 1:
        text = with_warning(scene.words, text)
    return Outcome(result, text, asks)


def _unless_in_a_loop(scene: Scene, mo: MobileOriginated, mo_id: int, outcome: Outcome) -> Outcome:
    """The outcome; without an answer that moves nothing and goes to a machine that would answer it in turn."""
    if outcome.answer is None or outcome.result.ticket_hop is not None:
        return outcome
    loop = loops(scene, mo, mo_id, outcome.result)
    return outcome if loop is None else _kept_back(outcome.result, loop)


def _kept_back(result: MoResult, why: str) -> Outcome:
    detail = why if result.detail is None else f"{why}; {result.detail}"
    return Outcome(result._replace(state=MoState.SUPPRESSED, detail=detail))


def _answer(scene: Scene, mo: MobileOriginated, mo_id: int, outcome: Outcome) -> None:
    result, text, asks, code = outcome
    if text is None:
        return
    # a question comes from the number of the ticket that it offers
    code = (asks.code if asks is not None else None) or code
    mt_id = scene.answer(mo.sender, result.actor, text, mo.account, mo_id, result.ticket_id, code)
    if asks is not None:
        scene.ledger.ask(Question(mo.sender, asks.ask, asks.options, asks.typed, scene.at, mt_id))


def _shunted(scene: Scene, mo: MobileOriginated, mo_id: int, detail: str) -> Outcome:
    """A bug: what it had done is undone, the MO stays, the sender and the dispatchers are told."""
    meant = _meant(scene, mo)
    ticket_id, hop = (None, None) if meant is None else (meant.id, meant.hop)
    result = MoResult(MoState.SHUNTED, detail=detail, ticket_id=ticket_id, ticket_hop=hop)
    text: str | None = None
    try:
        with scene.ledger.savepoint():
            if loops(scene, mo, mo_id, result) is None:
                text = scene.words.say("no.shunted")
                scene.answer(mo.sender, None, text, mo.account, mo_id, None)
                tell_of_shunted(scene, mo)
    except StoreUnavailable:
        raise
    except Exception:  # noqa: BLE001 - even where telling fails too, the message stays
        return Outcome(result._replace(detail=f"{result.detail}\n{traceback.format_exc()}"))
    return Outcome(result, text)


def _meant(scene: Scene, mo: MobileOriginated) -> Ticket | None:
    """The ticket of a shunted message, for whoever replays it to know whether it has moved; None if that fails too."""
    try:
        actor = scene.chart.who_calls(mo.sender)
        command = parse(mo.text, scene.chart, reserve=scene.rules.reserve)
        if actor is None or isinstance(command, Diagnosis | Help | Query):
            return None
        ticket = ticket_of(scene, command, actor, thread_of(scene, mo))
    except StoreUnavailable:
        raise
    except Exception:  # noqa: BLE001 - perhaps the very bug
        return None
    return ticket if isinstance(ticket, Ticket) else None
