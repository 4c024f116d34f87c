"""What has waited goes out: alone, or several of a phone as one, or not at all if it has become pointless."""

from __future__ import annotations

from itertools import groupby

from routing.model import Act, Actor, Kind, Target
from routing.rights import holds, is_active
from smsgate.domain.messages import MobileTerminated, MtClass, MtKind
from smsgate.domain.states import State
from smsgate.service.gathering import COUNTS_MESSAGES, bundle_text, family_of
from smsgate.service.ports import Gathered
from smsgate.service.ringing import start_anew
from smsgate.service.rules import MINUTE
from smsgate.service.scene import Scene
from smsgate.service.segments import measure
from smsgate.service.terms import later


def let_go(scene: Scene) -> int:
    """What has waited long enough goes out: alone, or several of a phone as one. How many had waited."""
    found = scene.ledger.gathered(scene.at)
    gone = {one.mt_id: why for one in found if (why := _pointless(scene, one)) is not None}
    for why in set(gone.values()):
        scene.ledger.take_back([mt_id for mt_id in gone if gone[mt_id] == why], scene.at, why)
    left = [one for one in found if one.mt_id not in gone]
    late = {one.mt_id for one in left if _starts_late(scene, one)}
    for phone, group in groupby(left, key=lambda one: one.phone):
        by_key: dict[str, list[Gathered]] = {}
        for one in group:
            by_key.setdefault(_said_as(one), []).append(one)
        for key, some in by_key.items():
            _go(scene, phone, key, some, late=any(one.mt_id in late for one in some))
    return len(found)


def _starts_late(scene: Scene, one: Gathered) -> bool:
    """Whether a ticket is heard of later than was promised: then its clock to accept starts now."""
    if one.kind is not MtKind.NOTICE or one.ticket_id is None or scene.at - one.gather_until < MINUTE:
        return False
    ticket = scene.ledger.ticket(one.ticket_id)
    if ticket.state is not State.DISPATCHED or ticket.move_hop != one.hop_id:
        return False
    promised = later(scene, ticket.limits)(one.gather_until, ticket.limits.accept)
    if ticket.accept_by == promised:
        start_anew(scene, ticket)
        return True
    return ticket.accept_by == later(scene, ticket.limits)(scene.at, ticket.limits.accept)


def _pointless(scene: Scene, one: Gathered) -> str | None:
    """Why it goes out no more: phones change hands, people leave, rosters turn."""
    owner = scene.chart.who_calls(one.phone)
    if owner is None or owner.account != one.account or not is_active(scene.chart, owner):
        return "its recipient is not reached there any more"
    if one.ticket_id is None:
        return None
    if one.act == Act.ASSIST and one.role == "helper":
        helpers = scene.ledger.ticket(one.ticket_id).helpers
        return None if any(_means(scene, helper, owner, one.phone) for helper in helpers) else "it is asked no more"
    if one.kind is not MtKind.NOTICE or one.role != "holder":
        return None
    holder = scene.ledger.ticket(one.ticket_id).holder
    if holder.kind is not Kind.PEOPLE and one.phone not in {to.phone for to in scene.reach(holder)}:
        return "its recipient is not on duty any more"
    return None


def _means(scene: Scene, target: Target, owner: Actor, phone: str) -> bool:
    return holds(scene.chart, owner, target) or phone in {to.phone for to in scene.reach(target)}


def _said_as(one: Gathered) -> str:
    """The sentence that says several of its kind: who holds the tickets finds them by CX, others do not."""
    if one.kind is MtKind.REMINDER and one.role != "holder":
        return "bundle.overdue"
    return f"bundle.{family_of(one.kind, one.role, one.act)}"


def _go(scene: Scene, phone: str, key: str, some: list[Gathered], *, late: bool) -> None:
    newest = some[-1]
    of_one_ticket = newest.ticket_id is not None and len({one.ticket_id for one in some}) == 1
    # one that names a time by which it can't be accepted any more is not said as it is
    if not late and of_one_ticket and key not in COUNTS_MESSAGES:
        # of one ticket only the last word counts
        scene.ledger.take_back([one.mt_id for one in some[:-1]], scene.at, "a newer one goes out")
        scene.ledger.let_go(newest.mt_id, scene.at)
        return
    if not late and len(some) == 1:
        scene.ledger.let_go(newest.mt_id, scene.at)
        return
    provider = scene.rules.account_for(phone, MtClass.BULK)
    text = bundle_text(scene, key, len(some), tuple(one.ticket_id for one in some))
    measured = measure(text, scene.rules.manner(provider))
    told_by = [one.escalate_at for one in some if one.escalate_at is not None]
    bundle = MobileTerminated(
        phone=phone,
        text=text,
        kind=MtKind.BUNDLE,
        klass=MtClass.BULK,
        provider=provider,
        segments=measured.segments,
        encoding=measured.encoding,
        created_at=scene.at,
        account=newest.account,
        role="several",
        escalate_at=max(min(told_by), scene.at + MINUTE) if told_by else None,
        source=scene.rules.source(provider, None),
    )
    scene.ledger.said_by(scene.ledger.enqueue(bundle), [one.mt_id for one in some], scene.at)
