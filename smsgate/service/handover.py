"""When a roster turns: who is on duty from now on hears of the open tickets in one SMS (spec/tickets.md «Clocks»)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from routing.chart import Chart
from routing.model import Recipient, Target
from routing.reach import reach, recipient_of
from routing.turns import Turns
from smsgate.domain.messages import MtKind
from smsgate.domain.ticket import Ticket
from smsgate.service.gathering import bundle_text
from smsgate.service.notify import Notice, send
from smsgate.service.rules import HOUR, MINUTE
from smsgate.service.scene import Scene

_LOOKED_AT = "handovers"


def hand_over(scene: Scene, turns: Turns) -> None:
    """Look once a minute who has come on duty since the last look, whenever that was."""
    ledger, before = scene.ledger, scene.ledger.watermark(_LOOKED_AT)
    if before is not None and (scene.at // MINUTE == before // MINUTE or scene.at < before <= scene.at + HOUR):
        # a clock that was put back a little comes there again, and nobody is to hear of it twice
        return
    ledger.set_watermark(_LOOKED_AT, scene.at)
    if before is None or before > scene.at:
        return
    earlier = datetime.fromtimestamp(before / 1000, UTC)
    came = turns.came(scene.chart, earlier, scene.moment)
    if not came:
        return
    found = (recipient_of(scene.chart, account) for account in came)
    ledger.wake([to.phone for to in found if to is not None], scene.at)
    _tell(scene, lambda holder: reach(scene.chart, holder, earlier), before)


def duty_changed(scene: Scene, before: Chart) -> None:
    """The chart has been edited: who is on duty by it, and was not before, hears of the open tickets."""
    _tell(scene, lambda holder: reach(before, holder, scene.moment), scene.at)


def _tell(scene: Scene, reached: Callable[[Target], tuple[Recipient, ...]], since: int) -> None:
    found: dict[str, tuple[Recipient, list[Ticket]]] = {}
    by_holder: dict[Target, list[Ticket]] = {}
    for ticket in scene.ledger.held_by_units():
        by_holder.setdefault(ticket.holder, []).append(ticket)
    for holder, tickets in by_holder.items():
        before = {to.phone for to in reached(holder)}
        for to in scene.reach(holder):
            if to.phone not in before and to.on_duty:
                news = [ticket for ticket in tickets if _is_news(scene, ticket, to, since)]
                found.setdefault(to.phone, (to, []))[1].extend(news)
    for to, tickets in found.values():
        if tickets:
            _send(scene, to, tickets)


def _is_news(scene: Scene, ticket: Ticket, to: Recipient, since: int) -> bool:
    """Not of a ticket that has come since, if that has been told to them as who was on duty then."""
    return ticket.moved_at < since or not scene.ledger.was_told(ticket.id, to.account, to.phone)


def _send(scene: Scene, to: Recipient, tickets: list[Ticket]) -> None:
    """One SMS; and for each ticket a row that says by whom its holder was told, as of any other notice."""
    text = bundle_text(scene, "bundle.handover", len(tickets), tuple(ticket.id for ticket in tickets))
    (bundle_id,) = send(scene, None, None, [Notice(to, "on_duty", text, MtKind.BUNDLE)])
    told = [mt for ticket in tickets for mt in send(scene, ticket, ticket.move_hop, [_told(to, text)])]
    scene.ledger.said_by(bundle_id, told, scene.at)


def _told(to: Recipient, text: str) -> Notice:
    return Notice(to, "holder", text, MtKind.BUNDLE)
