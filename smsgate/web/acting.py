"""Acts of who is at the desk: on a ticket as the one of the chart that they are, and recorded in one transaction."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import structlog

from grammar import Diagnosis
from routing.model import Actor
from smsgate.domain.desk import What
from smsgate.domain.refusals import Refusal
from smsgate.service.ports import StoreUnavailable
from smsgate.service.queueing import QueueNo
from smsgate.service.requests import Acted, ActRequest, OpenRequest
from smsgate.store.acts import record
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.web.context import WebContext
from smsgate.web.desk import Visitor
from smsgate.web.problems import Problem

T = TypeVar("T")

_log = structlog.get_logger(__name__)


def actor_of(context: WebContext, desk: Visitor, named: str = "") -> Actor:
    """As whom somebody at the desk acts. Raises Problem for another's name, and where there is no dispatcher."""
    actor = desk.actor(context, named)
    if actor is not None:
        return actor
    if desk.account is not None:
        raise Problem("not_your_account", {"mine": desk.account})
    raise Problem("no_actor")


def act(context: WebContext, desk: Visitor, unit: UnitOfWork, wish: ActRequest) -> Acted | Refusal | Diagnosis:
    """Do something to a ticket; the log and the record say who at the desk did."""
    done = context.office.act(unit, replace(wish, desk=desk.signature))
    if isinstance(done, Acted):
        said = f"{wish.act.value} · {wish.actor}"
        record(unit, context.clock(), desk.doer, What.TICKET_ACTED, done.ticket.number, said)
    return done


def open_ticket(context: WebContext, desk: Visitor, unit: UnitOfWork, wish: OpenRequest) -> Acted | Refusal | Diagnosis:
    """Open a ticket; the log and the record say who at the desk did."""
    done = context.office.open(unit, replace(wish, desk=desk.signature))
    if isinstance(done, Acted):
        record(unit, context.clock(), desk.doer, What.TICKET_OPENED, done.ticket.number, str(wish.actor))
    return done


def note(context: WebContext, desk: Visitor, unit: UnitOfWork, what: What, about: object, detail: str = "") -> None:
    """Add a line to the record, in the transaction of the act itself."""
    record(unit, context.clock(), desk.doer, what, str(about), detail)


def recorded(
    context: WebContext, desk: Visitor, unit: UnitOfWork, item: str, act: str, done: T | QueueNo
) -> T | QueueNo:
    """What was done on the queue, with a line in the record of acts; a «no» leaves none."""
    if not isinstance(done, QueueNo) and act != "look":
        note(context, desk, unit, What.QUEUE_SETTLED, item, act)
    return done


async def chart_saved(context: WebContext, desk: Visitor, chart: str, why: str) -> None:
    """The file is written already, whatever the database says: what can't be recorded is in the log of the service."""
    try:
        await context.writer.write(lambda unit: note(context, desk, unit, What.CHART_SAVED, chart[:12], why))
    except StoreUnavailable:
        _log.warning("a change of the org chart is not in the record of acts", chart=chart, by=desk.name)
