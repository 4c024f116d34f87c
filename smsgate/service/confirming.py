"""The confirmation to who did something: what came of it."""

from __future__ import annotations

from routing.model import Act, Actor, Kind, Target
from smsgate.domain.ticket import Ticket
from smsgate.service.acting import Wish
from smsgate.service.gathering import held_from_all
from smsgate.service.notify import phones_of, units_left
from smsgate.service.requests import Acted
from smsgate.service.scene import Scene


def did(scene: Scene, wish: Wish, before: Ticket, done: Acted) -> str:
    """The sentence."""
    words, ticket = scene.words, done.ticket
    named = (wish.target,) if wish.target is not None else units_left(before, ticket)
    return words.say(
        _key(scene, wish, before, ticket),
        code=ticket.code,
        target=words.targets(named),
        holder=words.say("you") if _alone(ticket, wish.actor) else words.target(ticket.holder),
        held=words.time(held_from_all(scene, ticket.facts.severity, scene.reach(wish.target or ticket.holder))),
        accept_by=words.time(ticket.accept_by),
        resolve_by=words.time(ticket.resolve_by),
    )


def _key(scene: Scene, wish: Wish, before: Ticket, after: Ticket) -> str:
    key = f"did.{wish.act}"
    if wish.target is not None:
        return key + _told(scene, wish.actor, after, wish.target)
    if wish.act is Act.URGE:
        return key + _told(scene, wish.actor, after, after.holder)
    if wish.act is Act.RETURN and before.helpers != after.helpers and before.holder == after.holder:
        return "did.leave.unit" if units_left(before, after) else "did.leave"
    if wish.act is Act.RETURN and not _alone(after, wish.actor):
        return f"{key}.self" if _told(scene, wish.actor, after, after.holder) == ".self" else key
    if wish.act is Act.ACCEPT and wish.actor is not None and wish.actor.account is None:
        return "did.accept.unit"
    return key


def _told(scene: Scene, actor: Actor | None, ticket: Ticket, target: Target) -> str:
    """Whether anybody there was told: not where nobody can be, nor where it is the actor alone."""
    told = {to.phone for to in scene.reach(target)}
    if not told:
        return ".nobody"
    if told <= phones_of(scene, actor):
        return ".self"
    return ".held" if _unheard(scene, ticket, target) else ""


def _unheard(scene: Scene, ticket: Ticket, told: Target) -> bool:
    """Whether quiet hours keep it from every one of them until they end."""
    return held_from_all(scene, ticket.facts.severity, scene.reach(told)) is not None


def _alone(ticket: Ticket, actor: Actor | None) -> bool:
    """Whether the actor is the holder, and nobody else."""
    holder = ticket.holder
    return actor is not None and holder.kind is Kind.PEOPLE and holder.accounts == (actor.account,)
