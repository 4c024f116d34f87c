"""One SMS instead of many: what waits for the morning, and what waits for the rest of a storm.

Quiet hours hold what tells of a minor or warning ticket, but not to who is on duty. In a storm the first SMS to a phone
goes at once, and what follows within two minutes goes as one (spec/tickets.md «Clocks»). Both wait in the outbox, each
as a row of its own that goes out alone if nothing has joined it, or if what it joined has become pointless.
"""

from __future__ import annotations

from routing.model import Act, Recipient
from smsgate.domain.messages import MobileTerminated, MtKind
from smsgate.domain.states import Severity
from smsgate.domain.ticket import Ticket
from smsgate.service.ports import Window
from smsgate.service.rules import MINUTE
from smsgate.service.scene import Scene

STORM = 2 * MINUTE
"""How long what follows the first is gathered (spec/tickets.md «Clocks»)."""

_FAMILIES = {
    MtKind.NOTICE: "notice",
    MtKind.REMINDER: "reminder",
    MtKind.NEWS: "news",
    MtKind.OPERATORS: "operators",
}
_ASKING = {(Act.ASSIST.value, "helper"): "assist", (Act.URGE.value, "present"): "urge"}
"""News that ask for something, by the act that they tell of and the part that their recipient plays in it."""

AT_ONCE = {"notice": 1, "reminder": 1, "assist": 3, "urge": 3, "news": 3, "operators": 3}
"""How many go at once within a storm's time. News are answers to one's own doing more often than a storm, and who is
asked for something by a person is asked at once."""

COUNTS_MESSAGES = frozenset({"bundle.news", "bundle.operators"})
_IN_TWO = frozenset({"bundle.news", "bundle.operators", "bundle.overdue"})
"""Sentences to people who find the tickets by their codes alone: these are worth a second SMS."""

_HELD_AT_NIGHT = frozenset({Severity.MINOR, Severity.WARNING})
_RANK = {severity: rank for rank, severity in enumerate(Severity)}


def held_from(scene: Scene, severity: Severity, at: int) -> int | None:
    """When quiet hours end that held what told of such a ticket at a moment; None: there were none."""
    if severity not in _HELD_AT_NIGHT or scene.rules.quiet is None:
        return None
    return scene.rules.quiet.end(at, scene.chart.time_zone)


def held_until(scene: Scene, severity: Severity, to: Recipient) -> int | None:
    """When quiet hours end that hold what tells this handset of such a ticket; None: they don't."""
    return None if to.on_duty else held_from(scene, severity, scene.at)


def held_from_all(scene: Scene, severity: Severity, told: tuple[Recipient, ...]) -> int | None:
    """When quiet hours end that hold it from every one of them; None: somebody hears of it now, or nobody ever."""
    held = [held_until(scene, severity, to) for to in told]
    waits = [until for until in held if until is not None]
    return min(waits) if waits and len(waits) == len(held) else None


def family_of(kind: MtKind, role: str, act: str | None) -> str | None:
    """What an MT is gathered with. None: an answer to a command is never kept waiting, nor is a bundle."""
    if kind is MtKind.NEWS and act is not None:
        return _ASKING.get((act, role), "news")
    return _FAMILIES.get(kind)


def waiting(
    scene: Scene, mt: MobileTerminated, ticket: Ticket | None, to: Recipient, act: Act | None = None
) -> MobileTerminated:
    """The MT, with how long it waits. `act`: what it tells of."""
    family = family_of(mt.kind, mt.role, act)
    if family is None:
        return mt
    quiet = held_until(scene, ticket.facts.severity, to) if ticket is not None else None
    if quiet is not None:
        # who hears of it in the morning only is not late before
        late = mt.escalate_at is not None and mt.escalate_at > quiet
        return mt._replace(gather_until=quiet, escalate_at=mt.escalate_at if late else None)
    window = scene.ledger.window(mt.phone, family, scene.at)
    if window is None or not window.opened_at <= scene.at < window.opened_at + STORM:
        window = Window(scene.at, 0)
    # a critical ticket doesn't wait behind a lesser one; of several the first goes at once
    urgent = mt.kind is MtKind.NOTICE and ticket is not None and ticket.facts.severity is Severity.CRITICAL
    at_once = window.told < AT_ONCE[family] or (urgent and not window.urgent)
    told = Window(window.opened_at, window.told + 1, window.urgent or urgent)
    scene.ledger.put_window(mt.phone, family, told)
    return mt if at_once else mt._replace(gather_until=window.opened_at + STORM)


def bundle_text(scene: Scene, key: str, count: int, ticket_ids: tuple[int | None, ...]) -> str:
    """`新增5张工单：48217西区基站退服…`, in one SMS where CX shows the rest, the most urgent first.

    `count` is of messages.
    """
    found = {ticket_id: scene.ledger.ticket(ticket_id) for ticket_id in ticket_ids if ticket_id is not None}
    tickets = sorted(found.values(), key=lambda ticket: (_RANK[ticket.facts.severity], ticket.id))
    words = scene.words
    number = count if key in COUNTS_MESSAGES else len(tickets)
    room = words.room(2 if key in _IN_TWO else 1) - len(words.say(key, n=number, list=""))
    return words.say(key, n=number, list=words.listed(tuple(tickets), room) or words.say("bundle.no_ticket"))
