"""When a roster turns: who is on duty from now on hears of the open tickets in one SMS (spec/tickets.md «Clocks»)."""

from __future__ import annotations

from datetime import UTC, datetime

from routing.model import Recipient, Target
from routing.reach import reach
from smsgate.domain.messages import MtKind
from smsgate.domain.ticket import Ticket
from smsgate.service.gathering import bundle_text
from smsgate.service.notify import Notice, send
from smsgate.service.rules import MINUTE
from smsgate.service.scene import Scene

_LOOKED_AT = "handovers"


def hand_over(scene: Scene) -> None:
    """Compare who is on duty now with who was when this was last looked at, whenever that was; once a minute."""
    ledger, before = scene.ledger, scene.ledger.watermark(_LOOKED_AT)
    if before is not None and scene.at // MINUTE == before // MINUTE:
        return
    ledger.set_watermark(_LOOKED_AT, scene.at)
    if before is None or before > scene.at:
        # the first look, or a clock that has been put back
        return
    for to, tickets in _newly_theirs(scene, datetime.fromtimestamp(before / 1000, UTC)):
        text = bundle_text(scene, "bundle.handover", len(tickets), tuple(ticket.id for ticket in tickets))
        send(scene, None, None, [Notice(to, "on_duty", text, MtKind.BUNDLE)])


def _newly_theirs(scene: Scene, earlier: datetime) -> list[tuple[Recipient, list[Ticket]]]:
    """Who has come on duty since, each with the tickets that are theirs thereby."""
    found: dict[str, tuple[Recipient, list[Ticket]]] = {}
    by_holder: dict[Target, list[Ticket]] = {}
    for ticket in scene.ledger.held_by_units():
        by_holder.setdefault(ticket.holder, []).append(ticket)
    for holder, tickets in by_holder.items():
        before = {to.phone for to in reach(scene.chart, holder, earlier)}
        for to in scene.reach(holder):
            if to.phone in before:
                continue
            news = [ticket for ticket in tickets if _is_news(scene, ticket, to, earlier)]
            if news:
                found.setdefault(to.phone, (to, []))[1].extend(news)
    return list(found.values())


def _is_news(scene: Scene, ticket: Ticket, to: Recipient, earlier: datetime) -> bool:
    """Not of a ticket that has come since, if that has been told to them as who was on duty then."""
    if ticket.moved_at < earlier.timestamp() * 1000:
        return True
    return not scene.ledger.was_told(ticket.id, to.account, to.phone)
