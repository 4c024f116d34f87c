"""Who may do what to a ticket, judged by the chart of the moment (spec/tickets.md «Who may»).

One table says it. A decision records which roles it looked for, and whether the actor had them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum

from routing.chart import Chart
from routing.model import DISPATCH_DESK, Act, Actor, Decision, Kind, Standing, Target, UnitPath


class Role(StrEnum):
    """A part that somebody plays in a ticket."""

    HOLDER = "holder"
    ABOVE = "above"
    HELPER = "helper"
    OPENER = "opener"
    LEADER_OF_UNIT = "leader_of_unit"
    DISPATCHER = "dispatcher"
    KNOWN = "known"
    """In the chart at all."""


# Decision table: each act, and the roles of which one is enough. They are looked at in this order.
RIGHTS: dict[Act, tuple[Role, ...]] = {
    Act.OPEN: (Role.KNOWN,),
    Act.TRANSFER: (Role.HOLDER, Role.ABOVE),  # ZP
    Act.ASSIST: (Role.HOLDER, Role.ABOVE),  # JP
    Act.ACCEPT: (Role.HOLDER, Role.LEADER_OF_UNIT),  # LD
    Act.PROGRESS: (Role.HOLDER, Role.HELPER),  # JDFK
    Act.RESOLVE: (Role.HOLDER,),  # CGHD
    Act.RETURN: (Role.HOLDER, Role.HELPER),  # SBHD; a helper thereby leaves
    Act.URGE: (Role.ABOVE, Role.OPENER),  # CB
    Act.HOLD: (Role.HOLDER, Role.ABOVE),
    Act.RELEASE: (Role.HOLDER, Role.ABOVE),
    Act.CLOSE: (Role.DISPATCHER, Role.OPENER),
    Act.REOPEN: (Role.DISPATCHER, Role.OPENER),
    Act.CANCEL: (Role.DISPATCHER,),
}

INACTIVE_MAY = frozenset((Act.TRANSFER, Act.RETURN, Act.PROGRESS))
"""What inactive people may still do, and only to what they hold by name."""


def may(chart: Chart, act: Act | str, actor: Actor, standing: Standing) -> Decision:
    """Whether the actor may do that. Whether the ticket's state allows it is the domain's question."""
    act = Act(act)
    active = is_active(chart, actor)
    wanted = RIGHTS[act] if active else ((Role.HOLDER,) if act in INACTIVE_MAY else ())
    looked: list[tuple[str, bool]] = [("active", active)]
    for role in wanted:
        hit = HAS_ROLE[role](chart, actor, standing)
        looked.append((role, hit))
        if hit:
            return Decision(True, tuple(looked))
    return Decision(False, tuple(looked))


def may_see(chart: Chart, actor: Actor, standing: Standing) -> Decision:
    """Whether the actor holds, held, helps, helped, was told, opened, or stands above one of these.

    Inactive people see what they hold.
    """
    looked: list[tuple[str, bool]] = [("active", is_active(chart, actor))]
    for rule, hit in _sights(chart, actor, standing):
        looked.append((rule, hit))
        if hit:
            return Decision(True, tuple(looked))
    return Decision(False, tuple(looked))


def roles(chart: Chart, actor: Actor, standing: Standing) -> frozenset[str]:
    """All parts that the actor plays; of an inactive person only what is theirs by name."""
    return frozenset(role.value for role in Role if HAS_ROLE[role](chart, actor, standing))


def is_active(chart: Chart, actor: Actor) -> bool:
    """Whether a person is active, or a unit has its duty phone still."""
    return chart.is_active(actor.account) if actor.account is not None else chart.knows(actor)


def holds(chart: Chart, actor: Actor, target: Target) -> bool:
    """Whether the actor is (one of) the target: named people | active members of the group | active members, leader and
    duty phone of the room | the dispatchers. A group's own duty phone counts as a member of that group.
    """
    if actor.account is None:
        return _unit_holds(chart, actor, target)
    if target.kind is Kind.PEOPLE:
        return _same(actor.account, target.accounts) and chart.person(actor.account) is not None
    if not chart.is_active(actor.account):
        return False
    if target.kind is Kind.DISPATCHERS:
        return chart.is_dispatcher(actor.account)
    return target.path is not None and _is_of(chart, actor.account, target.path)


def stands_above(chart: Chart, actor: Actor, path: UnitPath | None) -> bool:
    """Whether the actor leads group, room or centre on the path, or is a dispatcher."""
    return _is_dispatcher(chart, actor) or (path is not None and _leads(chart, actor, path.upwards()))


def _unit_holds(chart: Chart, actor: Actor, target: Target) -> bool:
    if not chart.knows(actor):
        return False
    if target.kind is Kind.DISPATCHERS:
        return actor.unit == DISPATCH_DESK
    return target.kind is not Kind.PEOPLE and actor.unit == target.path


def _is_of(chart: Chart, account: str, path: UnitPath) -> bool:
    """Whether the account is a member of the group, or a member or the leader of the room."""
    if path.group is not None:
        return path in chart.units_of(account)
    member = any(path.center == group.center and path.room == group.room for group in chart.units_of(account))
    return member or path in chart.leads(account)


def _leads(chart: Chart, actor: Actor, paths: Iterable[UnitPath]) -> bool:
    if actor.account is None or not chart.is_active(actor.account):
        return False
    led = chart.leads(actor.account)
    return any(path in led for path in paths)


def _is_dispatcher(chart: Chart, actor: Actor) -> bool:
    if actor.account is None:
        return actor.unit == DISPATCH_DESK and chart.knows(actor)
    return chart.is_dispatcher(actor.account) and chart.is_active(actor.account)


def _is_opener(chart: Chart, actor: Actor, standing: Standing) -> bool:
    if standing.opener is None or actor.account is None:
        return False
    return chart.knows(actor) and _same(actor.account, (standing.opener,))


def _leads_holder(chart: Chart, actor: Actor, standing: Standing) -> bool:
    """The leader of the very unit that holds it, or that the people who hold it stand in."""
    path = standing.holder.path
    return path is not None and _leads(chart, actor, (path,))


def _helps(chart: Chart, actor: Actor, standing: Standing) -> bool:
    return any(holds(chart, actor, helper) for helper in standing.helpers)


def _sights(chart: Chart, actor: Actor, standing: Standing) -> Iterator[tuple[str, bool]]:
    """Each reason to see a ticket, cheapest first."""
    yield "holder", holds(chart, actor, standing.holder)
    if not is_active(chart, actor):
        return
    yield "helper", _helps(chart, actor, standing)
    yield "opener", _is_opener(chart, actor, standing)
    yield "above", stands_above(chart, actor, standing.sent_to)
    for party in standing.parties:
        yield party.role, holds(chart, actor, party.target)
        yield f"above {party.role}", stands_above(chart, actor, party.target.path)


def _same(account: str, accounts: tuple[str, ...]) -> bool:
    if account in accounts:
        return True
    return account.lower() in (one.lower() for one in accounts)


HAS_ROLE: dict[Role, Callable[[Chart, Actor, Standing], bool]] = {
    Role.HOLDER: lambda chart, actor, standing: holds(chart, actor, standing.holder),
    Role.ABOVE: lambda chart, actor, standing: stands_above(chart, actor, standing.sent_to),
    Role.HELPER: _helps,
    Role.OPENER: _is_opener,
    Role.LEADER_OF_UNIT: _leads_holder,
    Role.DISPATCHER: lambda chart, actor, _standing: _is_dispatcher(chart, actor),
    Role.KNOWN: lambda chart, actor, _standing: chart.knows(actor),
}
"""How each role is told."""
