"""What happens when a message arrives: who, what, which, may, do, whom to tell."""

from __future__ import annotations

import re
import traceback

from grammar import Accept, Assist, Diagnosis, HandBack, Help, Progress, Query, Resolve, Transfer, Urge, parse
from routing.model import Actor, Target
from smsgate.domain.hop import Origin
from smsgate.domain.messages import MobileOriginated, MoState, storable
from smsgate.domain.refusals import Refusal
from smsgate.domain.ticket import Ticket
from smsgate.service.acting import Wish, do, misread, refuse
from smsgate.service.asking import help_text, status
from smsgate.service.confirming import did
from smsgate.service.correlate import by_reference, the_only_one
from smsgate.service.operators import tell_of_shunted
from smsgate.service.ports import MoResult, StoreUnavailable
from smsgate.service.refusing import diagnosis_sentence, sentence
from smsgate.service.requests import Receipt
from smsgate.service.rules import ERRORS_ANSWERED, HOUR
from smsgate.service.scene import Scene
from smsgate.service.targets import as_target
from smsgate.service.verbs import ACT_OF

TicketCommand = Transfer | Assist | Accept | Progress | Resolve | HandBack | Urge

Outcome = tuple[MoResult, str | None]
"""What became of it, and what the sender is answered."""

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
        result, answer = _understood(scene, mo, mo_id)
        _answer(scene, mo, mo_id, result, answer)
    except StoreUnavailable:
        raise
    except Exception:  # noqa: BLE001 - a bug must not lose the message (spec/messages.md «In», 4)
        detail = traceback.format_exc()
        # all that was written is undone, the MO with it unless it was kept before
        scene.ledger.undo()
        if not again:
            mo_id = scene.ledger.add_mo(mo) or mo_id
        result, answer = _shunted(scene, mo, mo_id, detail)
    scene.ledger.settle_mo(mo_id, result)
    return Receipt(mo_id, result, answer)


def _understood(scene: Scene, mo: MobileOriginated, mo_id: int) -> Outcome:
    if mo.sender in scene.rules.service_numbers:
        return MoResult(MoState.SUPPRESSED, detail="sent by one of our own numbers"), None
    actor = scene.chart.who_calls(mo.sender)
    if actor is None:
        return MoResult(MoState.UNKNOWN_SENDER), None
    command = parse(mo.text, scene.chart, reserve=scene.rules.reserve)
    typed = _HASH.split(mo.text, 2)[1].strip() if isinstance(command, Transfer | Assist) else None
    origin = Origin(mo.channel, mo.text, mo.sender, mo_id, typed)
    if isinstance(command, Diagnosis):
        return _misread(scene, mo, command, actor, origin)
    if isinstance(command, Help):
        return MoResult(MoState.APPLIED, command.verb, actor=actor), help_text(scene.words, command)
    if isinstance(command, Query):
        return _asked(scene, mo, command, actor)
    return _commanded(scene, mo, command, actor, origin)


def _commanded(scene: Scene, mo: MobileOriginated, command: TicketCommand, actor: Actor, origin: Origin) -> Outcome:
    ticket = _ticket_of(scene, command, actor)
    if isinstance(ticket, Refusal):
        return _not_done(scene, mo, ticket, command, actor, origin)
    wish = Wish(ACT_OF[command.verb], actor, command.text, _target_of(command))
    done = do(scene, ticket, wish, origin)
    if isinstance(done, Refusal):
        return _not_done(scene, mo, done, command, actor, origin)
    result = MoResult(MoState.APPLIED, command.verb, None, None, actor, done.ticket.id, done.ticket.hop)
    return result, did(scene, wish, ticket, done)


def _not_done(
    scene: Scene, mo: MobileOriginated, why: Refusal, command: TicketCommand, actor: Actor, origin: Origin
) -> Outcome:
    refuse(scene, why, actor, command.text, origin)
    return _refused(scene, mo, why, command.verb, actor)


def _target_of(command: TicketCommand) -> Target | None:
    return as_target(command.target) if isinstance(command, Transfer | Assist) else None


def _asked(scene: Scene, mo: MobileOriginated, query: Query, actor: Actor) -> Outcome:
    found = status(scene, actor, query)
    if isinstance(found, Refusal):
        return _refused(scene, mo, found, query.verb, actor)
    text, ticket = found
    return MoResult(MoState.APPLIED, query.verb, None, None, actor, ticket.id if ticket else None), text


def _misread(scene: Scene, mo: MobileOriginated, diagnosis: Diagnosis, actor: Actor, origin: Origin) -> Outcome:
    verb = diagnosis.verb
    if diagnosis.talk:
        return MoResult(MoState.TALK, actor=actor), None
    if verb is not None and verb in ACT_OF:
        misread(scene, diagnosis, ACT_OF[verb], actor, "", origin)
    result = MoResult(MoState.REFUSED, verb, diagnosis.code, diagnosis.message_en, actor)
    return _rationed(scene, mo, result, diagnosis_sentence(scene.words, diagnosis))


def _refused(scene: Scene, mo: MobileOriginated, refusal: Refusal, verb: str, actor: Actor) -> Outcome:
    # a ticket that the sender may not see isn't tied to the message either
    ticket_id = refusal.ticket.id if refusal.ticket is not None else None
    result = MoResult(MoState.REFUSED, verb, refusal.why, None, actor, ticket_id)
    return _rationed(scene, mo, result, sentence(scene.words, refusal))


def _rationed(scene: Scene, mo: MobileOriginated, result: MoResult, text: str) -> Outcome:
    """Five errors in an hour are answered, until something right comes."""
    before = scene.ledger.refused_since(mo.sender, scene.at - HOUR, ERRORS_ANSWERED)
    if before >= ERRORS_ANSWERED:
        return result._replace(state=MoState.SUPPRESSED), None
    if before == ERRORS_ANSWERED - 1:
        text = scene.words.say("last_answer", answer=text)
    return result, text


def _answer(scene: Scene, mo: MobileOriginated, mo_id: int, result: MoResult, text: str | None) -> None:
    if text is not None:
        scene.answer(mo.sender, result.actor, text, mo.account, mo_id, result.ticket_id)


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
        return result._replace(detail=f"{result.detail}\n{traceback.format_exc()}"), None
    return result, text


def _meant(scene: Scene, mo: MobileOriginated) -> Ticket | None:
    """The ticket of a shunted message, for whoever replays it to know whether it has moved; None if that fails too."""
    try:
        actor = scene.chart.who_calls(mo.sender)
        command = parse(mo.text, scene.chart, reserve=scene.rules.reserve)
        if actor is None or isinstance(command, Diagnosis | Help | Query):
            return None
        ticket = _ticket_of(scene, command, actor)
    except StoreUnavailable:
        raise
    except Exception:  # noqa: BLE001 - perhaps the very bug
        return None
    return ticket if isinstance(ticket, Ticket) else None


def _ticket_of(scene: Scene, command: TicketCommand, actor: Actor) -> Ticket | Refusal:
    act = ACT_OF[command.verb]
    if command.ticket is None:
        return the_only_one(scene, actor, act)
    return by_reference(scene, actor, command.ticket, act)
