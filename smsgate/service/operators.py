"""What the machine could not do, told to the dispatchers on duty."""

from __future__ import annotations

from routing.ladder import next_active_above
from routing.reach import dispatchers_on_duty
from smsgate.domain.messages import MobileOriginated, MtKind
from smsgate.domain.ticket import Ticket
from smsgate.service.notify import Notice, send
from smsgate.service.scene import Scene


def tell_of_shunted(scene: Scene, mo: MobileOriginated) -> None:
    """A message that a bug kept from being processed."""
    text = scene.words.fit("operators.shunted", opinion=mo.text, whom=_owner(scene, mo.sender))
    _tell(scene, None, text)


def tell_of_incomplete(scene: Scene, mo: MobileOriginated) -> None:
    """A long message of which parts are missing."""
    text = scene.words.fit("operators.parts", opinion=mo.text, whom=_owner(scene, mo.sender))
    _tell(scene, None, text)


def tell_of_late(scene: Scene, ticket: Ticket, phone: str) -> None:
    """A notice that hasn't gone out by its accept-by."""
    _tell(scene, ticket, _about(scene, "operators.late", ticket, phone))


def tell_of_unknown(scene: Scene, ticket: Ticket, phone: str) -> None:
    """An urgent notice that nobody knows to have arrived."""
    _tell(scene, ticket, _about(scene, "operators.unknown", ticket, phone))


def tell_of_away(scene: Scene, ticket: Ticket) -> None:
    """A holder of whom nobody is active any more: the next one above hears of it at once (spec «Who may»)."""
    text = scene.words.fit(
        "operators.away",
        title=ticket.facts.title,
        code=ticket.code,
        severity=scene.words.say(f"severity.{ticket.facts.severity}"),
        holder=scene.words.target(ticket.holder),
    )
    above = next_active_above(scene.chart, ticket.sent_to, scene.moment)
    send(scene, ticket, None, [Notice(to, "above", text, MtKind.OPERATORS) for to in above])


def _about(scene: Scene, key: str, ticket: Ticket, phone: str) -> str:
    return scene.words.fit(key, title=ticket.facts.title, code=ticket.code, whom=_owner(scene, phone))


def _owner(scene: Scene, phone: str) -> str:
    owner = scene.chart.who_calls(phone)
    return phone if owner is None else f"{scene.words.actor(owner)}{phone}"


def _tell(scene: Scene, ticket: Ticket | None, text: str) -> None:
    told = dispatchers_on_duty(scene.chart, scene.moment)
    send(scene, ticket, None, [Notice(to, "dispatcher", text, MtKind.OPERATORS) for to in told])
