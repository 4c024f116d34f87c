"""Opening a ticket."""

from __future__ import annotations

from datetime import datetime

from grammar import Diagnosis
from routing.model import Target, UnitPath
from smsgate.domain.hop import Origin
from smsgate.domain.moves import THE_DISPATCHERS
from smsgate.domain.refusals import Refusal
from smsgate.domain.states import State
from smsgate.domain.ticket import Ticket
from smsgate.service.acting import open_ticket
from smsgate.service.requests import Acted, OpenRequest
from smsgate.service.scene import Scene
from smsgate.service.targets import read_target
from smsgate.service.terms import TermsNow


def open_requested(scene: Scene, request: OpenRequest) -> Acted | Refusal | Diagnosis:
    """Give it a number and a code, and its first holder."""
    target = THE_DISPATCHERS if request.target is None else read_target(request.target, scene.chart)
    if isinstance(target, Diagnosis | Refusal):
        return target
    ticket = _fresh(scene, request, target)
    origin = Origin(request.channel, target_typed=request.target, desk=request.desk)
    return open_ticket(scene, ticket, request.text, request.actor, origin)


def _fresh(scene: Scene, request: OpenRequest, target: Target) -> Ticket:
    limits = request.limits or scene.rules.limits[request.facts.severity]
    today = datetime.fromtimestamp(scene.at / 1000, scene.chart.time_zone)
    path: UnitPath | None = target.path
    ticket = Ticket(
        id=0,
        number=scene.ledger.next_number(f"{today:%Y%m%d}"),
        code=scene.ledger.take_code(scene.at, scene.rules.code_rest),
        facts=request.facts,
        limits=limits,
        state=State.DISPATCHED,
        holder=target,
        sent_to=path,
        opened_at=scene.at,
        opener=request.actor,
        hop=1,
        moved_at=scene.at,
        moved_by=request.actor,
        resolve_by=0,
    )
    terms = TermsNow(scene)
    return ticket._replace(resolve_by=terms.resolve_by(ticket), accept_by=terms.accept_by(ticket, target))
