"""Faults that a machine tells of, again and again: the first opens a ticket, what follows joins it while it lives."""

from __future__ import annotations

import traceback
from dataclasses import dataclass

from grammar import Diagnosis
from routing.model import Actor
from smsgate.domain.messages import MobileOriginated, MoState
from smsgate.domain.refusals import Refusal
from smsgate.domain.ticket import Facts
from smsgate.service.opening import open_requested
from smsgate.service.operators import tell_of_shunted
from smsgate.service.ports import MoResult, StoreUnavailable
from smsgate.service.refusing import diagnosis_sentence, sentence
from smsgate.service.requests import OpenRequest, Receipt
from smsgate.service.scene import Scene

VERB = "ALARM"
"""In the place of a command's verb, where messages are shown."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """What a rule has made of a message."""

    key: str
    """The same for the same fault."""
    facts: Facts
    target: str | None
    """Typed as in a command; None: the dispatchers hold it."""
    text: str = ""


def raise_alarm(scene: Scene, mo: MobileOriginated, alarm: Alarm) -> Receipt:
    """Keep the message and do what it tells of, once. A target that the chart doesn't know: the dispatchers hold it."""
    mo_id = scene.ledger.add_mo(mo)
    if mo_id is None:
        return Receipt(None, MoResult(MoState.DUPLICATE))
    try:
        result = _joined(scene, alarm) or _opened(scene, alarm)
    except StoreUnavailable:
        raise
    except Exception:  # noqa: BLE001 - a bug must not lose the fault that it tells of (spec/messages.md «In», 4)
        detail = traceback.format_exc()
        scene.ledger.undo()
        mo_id = scene.ledger.add_mo(mo) or mo_id
        result = MoResult(MoState.SHUNTED, VERB, detail=detail)
        tell_of_shunted(scene, mo)
    scene.ledger.settle_mo(mo_id, result)
    return Receipt(mo_id, result)


def _joined(scene: Scene, alarm: Alarm) -> MoResult | None:
    """To the live ticket of the same fault; nobody is told again."""
    known = scene.ledger.alarmed(alarm.key)
    ticket = scene.ledger.ticket(known) if known is not None else None
    if ticket is None or ticket.state.ended:
        return None
    times = scene.ledger.count_alarm(alarm.key, scene.at)
    return MoResult(MoState.APPLIED, VERB, detail=f"joined, no. {times}", ticket_id=ticket.id)


def _opened(scene: Scene, alarm: Alarm) -> MoResult:
    opener = _opener(scene)
    request = OpenRequest(alarm.facts, opener, alarm.target, alarm.text, channel="email")
    done, detail = open_requested(scene, request), None
    if isinstance(done, Refusal | Diagnosis):
        detail = f"target {alarm.target!r}: " + (
            sentence(scene.words, done) if isinstance(done, Refusal) else diagnosis_sentence(scene.words, done)
        )
        done = open_requested(scene, OpenRequest(alarm.facts, opener, None, alarm.text, channel="email"))
    if isinstance(done, Refusal | Diagnosis):
        return MoResult(MoState.REFUSED, VERB, detail=detail)
    scene.ledger.put_alarm(alarm.key, done.ticket.id, scene.at)
    return MoResult(MoState.APPLIED, VERB, detail=detail, ticket_id=done.ticket.id, ticket_hop=done.ticket.hop)


def _opener(scene: Scene) -> Actor:
    """Whoever is first among the dispatchers: a ticket has to have somebody who opened it."""
    members = scene.chart.dispatchers.members
    return Actor(account=next((one for one in members if scene.chart.is_active(one)), members[0]))
