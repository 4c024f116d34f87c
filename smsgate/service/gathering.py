"""One SMS instead of many: what waits for the morning, and what waits for the rest of a storm.

Quiet hours hold what tells of a minor or warning ticket, but not to who is on duty. In a storm the first SMS to a phone
goes at once, and what follows within two minutes goes as one (spec/tickets.md «Clocks»). Both wait in the outbox, each
as a row of its own that goes out alone if nothing has joined it, or if what it joined has become pointless.
"""

from __future__ import annotations

from itertools import groupby

from routing.model import Recipient
from routing.rights import is_active
from smsgate.domain.messages import MobileTerminated, MtClass, MtKind
from smsgate.domain.states import Severity
from smsgate.domain.ticket import Ticket
from smsgate.service.ports import Gathered, Window
from smsgate.service.rules import MINUTE
from smsgate.service.scene import Scene
from smsgate.service.segments import measure

STORM = 2 * MINUTE
"""How long what follows the first is gathered (spec/tickets.md «Clocks»)."""

FAMILIES = {
    MtKind.NOTICE: "notice",
    MtKind.REMINDER: "reminder",
    MtKind.NEWS: "news",
    MtKind.OPERATORS: "news",
}
"""What is gathered with what. An answer to a command is never kept waiting, nor is a bundle."""

AT_ONCE = {"notice": 1, "reminder": 1, "news": 3}
"""How many go at once within a storm's time. News are answers to one's own doing more often than a storm."""

_HELD_AT_NIGHT = frozenset({Severity.MINOR, Severity.WARNING})
_RANK = {severity: rank for rank, severity in enumerate(Severity)}


def held_until(scene: Scene, severity: Severity, to: Recipient) -> int | None:
    """When quiet hours end that hold what tells this handset of such a ticket; None: they don't."""
    if severity not in _HELD_AT_NIGHT or to.on_duty or scene.rules.quiet is None:
        return None
    return scene.rules.quiet.end(scene.at, scene.chart.time_zone)


def held_from_all(scene: Scene, severity: Severity, told: tuple[Recipient, ...]) -> int | None:
    """When quiet hours end that hold it from every one of them; None: somebody hears of it now, or nobody ever."""
    held = [held_until(scene, severity, to) for to in told]
    waits = [until for until in held if until is not None]
    return min(waits) if waits and len(waits) == len(held) else None


def waiting(scene: Scene, mt: MobileTerminated, ticket: Ticket | None, to: Recipient) -> MobileTerminated:
    """The MT, with how long it waits."""
    family = FAMILIES.get(mt.kind)
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
    scene.ledger.put_window(mt.phone, family, Window(window.opened_at, window.told + 1))
    return mt if window.told < AT_ONCE[family] else mt._replace(gather_until=window.opened_at + STORM)


def let_go(scene: Scene) -> int:
    """What has waited long enough goes out: alone, or several of a phone as one. How many had waited."""
    found = scene.ledger.gathered(scene.at)
    for key, group in groupby(found, key=lambda one: (one.phone, one.provider)):
        by_family: dict[str, list[Gathered]] = {}
        for one in group:
            by_family.setdefault(FAMILIES[one.kind], []).append(one)
        for family, some in by_family.items():
            _go(scene, *key, family, some)
    return len(found)


def _go(scene: Scene, phone: str, provider: str, family: str, some: list[Gathered]) -> None:
    owner = scene.chart.who_calls(phone)
    if owner is None or not is_active(scene.chart, owner):
        # who has gone since gets nothing; that nobody holds the ticket any more, others have heard
        scene.ledger.take_back([one.mt_id for one in some], scene.at, "its recipient is not on the chart any more")
        return
    if len(some) == 1:
        scene.ledger.let_go([some[0].mt_id])
        return
    text = bundle_text(scene, f"bundle.{family}", len(some), tuple(one.ticket_id for one in some))
    late = [one.escalate_at for one in some if one.escalate_at is not None]
    bundle = MobileTerminated(
        phone=phone,
        text=text,
        kind=MtKind.BUNDLE,
        klass=MtClass.BULK,
        provider=provider,
        segments=measure(text).segments,
        encoding=measure(text).encoding,
        created_at=scene.at,
        account=owner.account,
        role="several",
        escalate_at=min(late, default=None),
        source=scene.rules.source(provider, None),
    )
    scene.ledger.said_by(scene.ledger.enqueue(bundle), [one.mt_id for one in some], scene.at)


def bundle_text(scene: Scene, key: str, count: int, ticket_ids: tuple[int | None, ...]) -> str:
    """`新增5张工单：48217西区基站退服…` in one SMS, the most urgent first; `count` is of messages."""
    found = {ticket_id: scene.ledger.ticket(ticket_id) for ticket_id in ticket_ids if ticket_id is not None}
    tickets = sorted(found.values(), key=lambda ticket: (_RANK[ticket.facts.severity], ticket.id))
    words = scene.words
    number = count if key == "bundle.news" else len(tickets)
    room = words.room(1) - len(words.say(key, n=number, list=""))
    return words.say(key, n=number, list=words.listed(tuple(tickets), room))
