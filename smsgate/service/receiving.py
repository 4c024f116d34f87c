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
from smsgate.domain.refusals import Refusal, Why
from smsgate.domain.ticket import Ticket
from smsgate.service.acting import Wish, do, misread, refuse
from smsgate.service.asking import help_text, status
from smsgate.service.confirming import did
from smsgate.service.conversing import (
    Asking,
    Choice,
    answered,
    asked_back,
    bad_code_of,
    moved_lately,
    offered,
    ticket_of,
)
from smsgate.service.operators import tell_of_shunted
from smsgate.service.ports import MoResult, StoreUnavailable
from smsgate.service.refusing import diagnosis_sentence, question, sentence, with_bad_code, with_warning
from smsgate.service.requests import Receipt
from smsgate.service.rules import ERRORS_ANSWERED, HOUR
from smsgate.service.scene import Scene
from smsgate.service.targets import as_target
from smsgate.service.verbs import ACT_OF, TicketCommand


class Said(NamedTuple):
    """A good command, and whose it is."""

    command: Command
    text: str
    """The whole of it, as typed or as offered."""
    actor: Actor
    origin: Origin


class Outcome(NamedTuple):
    """What became of it, what the sender is answered, and asked thereby."""

    result: MoResult
    answer: str | None = None
    asks: Asking | None = None


_OFFERED = "\n=> "
"""Stands in the log between what was typed and what was offered for it."""

_HASH = re.compile("[#＃﹟]")


def receive(scene: Scene, mo: MobileOriginated) -> Receipt:
    """Keep the MO and do what it says, once; what a bug prevents is kept and shown to operators."""
    ledger = scene.ledger
    mo = mo._replace(text=storable(mo.text)) if not mo.text.isprintable() else mo
    # looked for before it is kept: afterwards it would find itself
    again = mo.sent_at is not None and ledger.same_mo(mo) is not None
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
        outcome = _understood(scene, mo, mo_id)
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
    if mo.sender in scene.rules.service_numbers:
        return Outcome(MoResult(MoState.SUPPRESSED, detail="sent by one of our own numbers"))
    actor = scene.chart.who_calls(mo.sender)
    if actor is None:
        return Outcome(MoResult(MoState.UNKNOWN_SENDER))
    reply = read_reply(mo.text)
    choice = answered(scene, mo.sender, reply) if reply is not None else None
    if isinstance(choice, Refusal):
        result = MoResult(MoState.REFUSED, None, choice.why, None, actor)
        return _rationed(scene, mo, result, sentence(scene.words, choice))
    if choice is not None:
        return _chosen(scene, mo, mo_id, actor, choice)
    command = parse(mo.text, scene.chart, reserve=scene.rules.reserve)
    origin = Origin(mo.channel, mo.text, mo.sender, mo_id, _typed_target(command, mo.text))
    if isinstance(command, Diagnosis):
        return _misread(scene, mo, command, actor, origin)
    scene.ledger.question_over(mo.sender)
    return _told(scene, mo, Said(command, mo.text, actor, origin))


def _typed_target(command: Command | Diagnosis, text: str) -> str | None:
    return _HASH.split(text, 2)[1].strip() if isinstance(command, Transfer | Assist) else None


def _chosen(scene: Scene, mo: MobileOriginated, mo_id: int, actor: Actor, choice: Choice) -> Outcome:
    """Do what was chosen, as a command of who chose it; not if its ticket has moved on."""
    asked, option = choice
    ticket = scene.ledger.ticket(option.ticket_id) if option.ticket_id is not None else None
    moved_on = ticket is not None and ticket.hop != option.hop
    if not moved_on or asked.ask is Ask.OFFER:
        # the others of a list may be chosen still
        scene.ledger.forget_question(mo.sender)
    command = parse(option.text, scene.chart, reserve=scene.rules.reserve)
    # both texts stand in the log: what was typed, and what was offered for it
    as_offered = asked.typed.rsplit(_OFFERED, 1)[-1] == option.text
    raw = asked.typed if as_offered else f"{asked.typed}{_OFFERED}{option.text}"
    origin = Origin(mo.channel, raw, mo.sender, mo_id, _typed_target(command, option.text))
    if isinstance(command, Diagnosis):
        # the chart has changed since
        return _misread(scene, mo, command, actor, origin)
    said = Said(command, option.text, actor, origin)
    if ticket is None or isinstance(command, Help | Query):
        return _told(scene, mo, said)
    if moved_on:
        stale = Refusal(Why.STALE, ACT_OF[command.verb], ticket, *scene.ledger.last_act(ticket.id))
        return _not_done(scene, mo, said, command, stale)
    return _done(scene, mo, said, command, ticket)


def _told(scene: Scene, mo: MobileOriginated, said: Said) -> Outcome:
    """What a good command says."""
    command, actor = said.command, said.actor
    if isinstance(command, Help):
        return Outcome(MoResult(MoState.APPLIED, command.verb, actor=actor), help_text(scene, actor, command))
    if isinstance(command, Query):
        return _asked(scene, mo, command, actor)
    ticket = ticket_of(scene, command, actor)
    if isinstance(ticket, Refusal):
        return _not_done(scene, mo, said, command, ticket)
    lately = moved_lately(scene, ticket, ACT_OF[command.verb], actor, _target_of(command))
    if lately is not None:
        return _not_done(scene, mo, said, command, lately)
    return _done(scene, mo, said, command, ticket)


def _done(scene: Scene, mo: MobileOriginated, said: Said, command: TicketCommand, ticket: Ticket) -> Outcome:
    wish = Wish(ACT_OF[command.verb], said.actor, command.text, _target_of(command))
    done = do(scene, ticket, wish, said.origin)
    if isinstance(done, Refusal):
        return _not_done(scene, mo, said, command, done)
    result = MoResult(MoState.APPLIED, command.verb, None, None, said.actor, done.ticket.id, done.ticket.hop)
    return Outcome(result, did(scene, wish, ticket, done))


def _not_done(scene: Scene, mo: MobileOriginated, said: Said, command: TicketCommand, why: Refusal) -> Outcome:
    refuse(scene, why, said.actor, command.text, said.origin)
    return _refused(scene, mo, why, command.verb, said.actor, asked_back(why, said.text, said.origin.raw))


def _target_of(command: TicketCommand) -> Target | None:
    return as_target(command.target) if isinstance(command, Transfer | Assist) else None


def _asked(scene: Scene, mo: MobileOriginated, query: Query, actor: Actor) -> Outcome:
    found = status(scene, actor, query)
    if isinstance(found, Refusal):
        return _refused(scene, mo, found, query.verb, actor)
    text, ticket = found
    return Outcome(MoResult(MoState.APPLIED, query.verb, None, None, actor, ticket.id if ticket else None), text)


def _misread(scene: Scene, mo: MobileOriginated, diagnosis: Diagnosis, actor: Actor, origin: Origin) -> Outcome:
    verb = diagnosis.verb
    if diagnosis.talk:
        return Outcome(MoResult(MoState.TALK, actor=actor))
    if verb is not None and verb in ACT_OF:
        misread(scene, diagnosis, ACT_OF[verb], actor, "", origin)
    result = MoResult(MoState.REFUSED, verb, diagnosis.code, diagnosis.message_en, actor)
    code = bad_code_of(scene, diagnosis)
    if code is not None:
        return _rationed(scene, mo, result, with_bad_code(scene.words, diagnosis, code))
    text = diagnosis_sentence(scene.words, diagnosis)
    return _rationed(scene, mo, result, text, offered(scene, actor, diagnosis, origin.raw))


def _refused(
    scene: Scene, mo: MobileOriginated, refusal: Refusal, verb: str, actor: Actor, asks: Asking | None = None
) -> Outcome:
    # a ticket that the sender may not see isn't tied to the message either
    ticket_id = refusal.ticket.id if refusal.ticket is not None else None
    state = MoState.REFUSED if asks is None else MoState.ASKED
    result = MoResult(state, verb, refusal.why, None, actor, ticket_id)
    text = sentence(scene.words, refusal) if asks is None else question(scene.words, refusal)
    return _rationed(scene, mo, result, text, asks)


def _rationed(scene: Scene, mo: MobileOriginated, result: MoResult, text: str, asks: Asking | None = None) -> Outcome:
    """Five errors in an hour are answered, until something right comes."""
    before = scene.ledger.refused_since(mo.sender, scene.at - HOUR, ERRORS_ANSWERED)
    if before >= ERRORS_ANSWERED:
        return Outcome(result._replace(state=MoState.SUPPRESSED))
    if before == ERRORS_ANSWERED - 1:
        text = with_warning(scene.words, text)
    return Outcome(result, text, asks)


def _answer(scene: Scene, mo: MobileOriginated, mo_id: int, outcome: Outcome) -> None:
    result, text, asks = outcome
    if text is None:
        return
    mt_id = scene.answer(mo.sender, result.actor, text, mo.account, mo_id, result.ticket_id)
    if asks is not None:
        scene.ledger.ask(Question(mo.sender, asks.ask, asks.options, asks.typed, scene.at, mt_id))


def _shunted(scene: Scene, mo: MobileOriginated, mo_id: int, detail: str) -> Outcome:
    """A bug: what it had done is undone, the MO stays, the sender and the dispatchers are told."""
    meant = _meant(scene, mo)
    ticket_id, hop = (None, None) if meant is None else (meant.id, meant.hop)
    result = MoResult(MoState.SHUNTED, detail=detail, ticket_id=ticket_id, ticket_hop=hop)
    text = scene.words.say("no.shunted")
    try:
        with scene.ledger.savepoint():
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
        ticket = ticket_of(scene, command, actor)
    except StoreUnavailable:
        raise
    except Exception:  # noqa: BLE001 - perhaps the very bug
        return None
    return ticket if isinstance(ticket, Ticket) else None
