"""Whom to tell of what happened (spec/tickets.md «A transfer»): nobody twice, the actor never by a notice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from routing.ladder import next_active_above
from routing.model import Act, Actor, Kind, Recipient, Target, UnitPath
from routing.reach import dispatchers_on_duty, is_on_duty, recipient_of
from routing.rights import is_active
from smsgate.domain.messages import MobileTerminated, MtClass, MtKind
from smsgate.domain.moves import Step
from smsgate.domain.states import State
from smsgate.domain.ticket import Ticket
from smsgate.service.correlate import duty_phone_of
from smsgate.service.gathering import held_from, waiting
from smsgate.service.scene import Scene
from smsgate.service.segments import measure


class Event(NamedTuple):
    """One step, with the ticket on both sides of it."""

    step: Step
    before: Ticket
    after: Ticket
    actor: Actor | None


class Notice(NamedTuple):
    """One SMS to be."""

    to: Recipient
    role: str
    text: str
    kind: MtKind
    act: Act | None = None
    """What it tells of; None: of none, the clock speaks."""


class Part(NamedTuple):
    """A handset, the part that it plays, and the sentence for that part: not yet worded."""

    to: Recipient
    role: str
    key: str
    kind: MtKind = MtKind.NEWS


Told = Callable[[Scene, Event], Iterable[Part]]


def notices(scene: Scene, events: tuple[Event, ...]) -> tuple[tuple[Notice, ...], ...]:
    """The notices of each event. Of events that one command caused, the last word to a phone is the one sent."""
    told: set[str] = set()
    actor_phones = phones_of(scene, events[0].actor)
    planned: list[tuple[Notice, ...]] = []
    for event in reversed(events):
        fresh: dict[str, Part] = {}
        for part in _all_parts(scene, event):
            if part.to.phone not in told and part.to.phone not in actor_phones:
                fresh.setdefault(part.to.phone, part)
        told.update(fresh)
        planned.append(_worded(scene, event, fresh.values()))
    return tuple(reversed(planned))


def send(
    scene: Scene,
    ticket: Ticket | None,
    hop_id: int | None,
    planned: Iterable[Notice],
    valid_until: int | None = None,
) -> tuple[int, ...]:
    """Queue them; who is told much at once, or at night, gets some of them later and as one."""
    queued = []
    for notice in planned:
        mt = _as_mt(scene, ticket, hop_id, notice, valid_until)
        queued.append(scene.ledger.enqueue(waiting(scene, mt, ticket, notice.to, notice.act)))
    return tuple(queued)


def _as_mt(
    scene: Scene, ticket: Ticket | None, hop_id: int | None, notice: Notice, valid_until: int | None
) -> MobileTerminated:
    provider = scene.rules.account_for(notice.to.phone, MtClass.ALARM)
    measured = measure(notice.text, scene.rules.manner(provider))
    return MobileTerminated(
        phone=notice.to.phone,
        text=notice.text,
        kind=notice.kind,
        klass=MtClass.ALARM,
        provider=provider,
        segments=measured.segments,
        encoding=measured.encoding,
        created_at=scene.at,
        account=notice.to.account,
        role=notice.role,
        ticket_id=ticket.id if ticket is not None else None,
        hop_id=hop_id,
        valid_until=valid_until,
        escalate_at=ticket.accept_by if ticket is not None and notice.kind is MtKind.NOTICE else None,
        source=scene.rules.source(provider, ticket.code if ticket is not None else None),
    )


def _all_parts(scene: Scene, event: Event) -> Iterable[Part]:
    for told in TOLD[event.step.kind]:
        yield from told(scene, event)


# -- who, each a row's cell of the table in spec/tickets.md -------------------------------------------------


def _holder(scene: Scene, event: Event) -> Iterable[Part]:
    found = scene.reach(event.after.holder)
    for to in found:
        yield Part(to, "holder", f"notice.{event.step.kind}", MtKind.NOTICE)
    if not found:
        yield from _instead(scene, event)


def _instead(scene: Scene, event: Event) -> Iterable[Part]:
    """Nobody can be told: the next one above is, and the dispatchers."""
    for to in next_active_above(scene.chart, event.after.sent_to, scene.moment):
        yield Part(to, "above", "notice.nobody", MtKind.NOTICE)
    for to in dispatchers_on_duty(scene.chart, scene.moment):
        yield Part(to, "dispatcher", "notice.nobody", MtKind.NOTICE)


def _former(scene: Scene, event: Event) -> Iterable[Part]:
    if event.step.before is None or _left_the_helpers(event):
        return
    unheard = _unheard(scene, event.before)
    for to in scene.reach(event.step.before):
        if to.phone not in unheard:
            yield Part(to, "former", "news.moved")


def _unheard(scene: Scene, ticket: Ticket) -> frozenset[str]:
    """The phones that have not been told of the ticket, though their owners hold it: the night keeps it from them."""
    if ticket.state is not State.DISPATCHED or ticket.move_hop is None:
        return frozenset()
    if held_from(scene, ticket.facts.severity, ticket.moved_at) is None:
        return frozenset()
    told = scene.ledger.told_by(ticket.id, ticket.move_hop, "holder")
    return frozenset(to.phone for to in scene.reach(ticket.holder)) - frozenset(told)


def _helpers(key: str) -> Told:
    def told(scene: Scene, event: Event) -> Iterable[Part]:
        for helper in event.after.helpers:
            for to in scene.reach(helper):
                yield Part(to, "helper_news", key)

    return told


def _added(scene: Scene, event: Event) -> Iterable[Part]:
    if event.step.target is None:
        return
    found = scene.reach(event.step.target)
    for to in found:
        yield Part(to, "helper", "news.assist")
    if not found:
        for to in dispatchers_on_duty(scene.chart, scene.moment):
            yield Part(to, "dispatcher", "notice.nobody")


def _present(key: str) -> Told:
    def told(scene: Scene, event: Event) -> Iterable[Part]:
        for to in scene.reach(event.after.holder):
            yield Part(to, "present", key)

    return told


def _urged(scene: Scene, event: Event) -> Iterable[Part]:
    """The holder; where nobody of them can be told, who can be."""
    yield from _present("news.urge")(scene, event)
    if not scene.reach(event.after.holder):
        yield from _instead(scene, event)


def _mover(key: str) -> Told:
    def told(scene: Scene, event: Event) -> Iterable[Part]:
        for to in handsets_of(scene, event.before.moved_by):
            yield Part(to, "mover", key)

    return told


def _sender(scene: Scene, event: Event) -> Iterable[Part]:
    """Who made the transfer that is undone, or opened the ticket."""
    trail = event.before.trail
    for to in handsets_of(scene, trail[-1].by if trail else event.before.opener):
        yield Part(to, "mover", "news.moved")


def _opener(key: str) -> Told:
    def told(scene: Scene, event: Event) -> Iterable[Part]:
        for to in handsets_of(scene, event.after.opener):
            yield Part(to, "opener", key)

    return told


def _leaving(scene: Scene, event: Event) -> Iterable[Part]:
    """Holder and helpers, and who helps no more because one of their unit spoke for it."""
    if not _left_the_helpers(event):
        return
    left = units_left(event.before, event.after)
    key = "news.leave.unit" if left else "news.leave"
    yield from _present(key)(scene, event)
    for unit in left:
        for to in (*scene.reach(unit), *_who_knew(scene, unit, event.before)):
            yield Part(to, "helper_news", key)
    yield from _helpers(key)(scene, event)


def units_left(before: Ticket, after: Ticket) -> tuple[Target, ...]:
    """The groups and rooms that helped before and don't after."""
    return tuple(unit for unit in before.helpers if unit.kind is not Kind.PEOPLE and unit not in after.helpers)


def _who_knew(scene: Scene, unit: Target, ticket: Ticket) -> Iterable[Recipient]:
    """Who of a unit has heard of the ticket, though a roster may not mean them now: they may be at work on it."""
    heard = scene.ledger.shown_to(ticket.id)
    for account in _members(scene, unit.path):
        to = recipient_of(scene.chart, account, scene.moment) if account in heard else None
        if to is not None:
            yield to


def _members(scene: Scene, path: UnitPath | None) -> Iterable[str]:
    """Of a group, or of all groups of a room; a path that the chart has no more has none."""
    unit = scene.chart.unit(path) if path is not None else None
    if unit is not None:
        yield from unit.members
        for group in unit.children:
            yield from _members(scene, group)


def _others_told(scene: Scene, event: Event) -> Iterable[Part]:
    """Whoever else got the notice that was accepted now."""
    if event.before.move_hop is None:
        return
    for phone in scene.ledger.told_by(event.before.id, event.before.move_hop, "holder"):
        owner = scene.chart.who_calls(phone)
        # the chart may have changed since: a number that is nobody's now, or somebody's who is away, gets nothing
        if owner is not None and is_active(scene.chart, owner):
            yield Part(_as_recipient(scene, phone, owner), "other", "news.accept")


def _as_recipient(scene: Scene, phone: str, owner: Actor) -> Recipient:
    person = scene.chart.person(owner.account) if owner.account is not None else None
    if person is None:
        return Recipient(phone, unit=owner.unit, on_duty=True)
    return Recipient(phone, person.account, on_duty=is_on_duty(scene.chart, person, scene.moment))


def _if_returned(told: Told) -> Told:
    def when(scene: Scene, event: Event) -> Iterable[Part]:
        return () if _left_the_helpers(event) else told(scene, event)

    return when


def _left_the_helpers(event: Event) -> bool:
    return event.step.kind is Act.RETURN and event.step.target is None


TOLD: dict[Act, tuple[Told, ...]] = {
    Act.OPEN: (_holder, _helpers("news.moved.helper")),
    Act.TRANSFER: (_holder, _former, _helpers("news.moved.helper")),
    Act.RETURN: (
        _if_returned(_holder),
        _former,
        _if_returned(_sender),
        _if_returned(_helpers("news.moved.helper")),
        _leaving,
    ),
    Act.REOPEN: (_holder, _former, _helpers("news.moved.helper")),
    Act.ACCEPT: (_mover("news.accept"), _others_told),
    Act.PROGRESS: (_mover("news.progress"),),
    Act.RESOLVE: (_mover("news.resolve"), _opener("news.resolve"), _helpers("news.resolve")),
    Act.ASSIST: (_added, _present("news.assisted")),
    Act.URGE: (_urged,),
    Act.HOLD: (_present("news.hold"), _helpers("news.hold")),
    Act.RELEASE: (_present("news.release"), _helpers("news.release")),
    Act.CLOSE: (_present("news.close"), _helpers("news.close")),
    Act.CANCEL: (_present("news.cancel"), _helpers("news.cancel")),
}
"""Who is told of each act, in the order of who they are first of all."""


# -- words and phones ---------------------------------------------------------------------------------------


def _worded(scene: Scene, event: Event, parts: Iterable[Part]) -> tuple[Notice, ...]:
    """The parts in words, each sentence made once."""
    made: dict[str, str] = {}
    notices = []
    for part in parts:
        text = made.get(part.key)
        if text is None:
            text = made[part.key] = _sentence(scene, event, part.key)
        notices.append(Notice(part.to, part.role, text, part.kind, event.step.kind))
    return tuple(notices)


def _sentence(scene: Scene, event: Event, key: str) -> str:
    words, ticket, step = scene.words, event.after, event.step
    named = units_left(event.before, ticket) if _left_the_helpers(event) else ()
    aims: tuple[Target, ...] = named or (step.target or ticket.holder,)
    return words.fit(
        key,
        title=ticket.facts.title,
        opinion=step.text,
        code=ticket.code,
        severity=words.say(f"severity.{ticket.facts.severity}"),
        by=words.actor(event.actor),
        target=words.targets(aims),
        holder=words.target(ticket.holder),
        accept_by=words.time(ticket.accept_by),
    )


def handsets_of(scene: Scene, actor: Actor | None) -> tuple[Recipient, ...]:
    """Where somebody who acted once is told of what came of it."""
    if actor is None:
        return ()
    if actor.account is not None:
        found = recipient_of(scene.chart, actor.account, scene.moment)
        return () if found is None else (found,)
    phone = duty_phone_of(scene, actor.unit)
    return () if phone is None else (Recipient(phone, unit=actor.unit, on_duty=True),)


def phones_of(scene: Scene, actor: Actor | None) -> frozenset[str]:
    """The phones of somebody who acts."""
    if actor is None:
        return frozenset()
    person = scene.chart.person(actor.account) if actor.account is not None else None
    if person is not None:
        return frozenset(person.phones)
    return frozenset(to.phone for to in handsets_of(scene, actor))
