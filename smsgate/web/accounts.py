"""How the provider accounts stand, for the links page, the API and metrics: one picture for all three."""

from __future__ import annotations

from dataclasses import dataclass

from smsgate.domain.messages import MtClass
from smsgate.service.health import GOOD_FROM_THE_START, Health
from smsgate.service.health_words import why
from smsgate.service.linked import links_of
from smsgate.service.links import LinkStatus
from smsgate.store.queries.queues import Queue, queues
from smsgate.web.context import WebContext
from smsgate.web.history import Sample


@dataclass(frozen=True, slots=True)
class AccountView:
    """One provider account."""

    name: str
    kind: str
    health: Health
    links: tuple[LinkStatus, ...]
    waiting: dict[MtClass, int]
    """MTs that wait for its lane, by class; all classes."""
    oldest: int | None
    """When the one was queued that waits longest."""
    in_flight: int
    limit: float
    """Segments a second at most; 0: no limit."""
    pace: float | None
    """Segments a second that its lane allows itself now; None: no limit."""
    trouble: str
    """Why its lane sends nothing."""

    def why(self, language: str, at: int) -> str:
        """Why it stands so, in a sentence."""
        return why(self.health, language, at)


async def account_views(context: WebContext) -> tuple[AccountView, ...]:
    """All accounts, in the order of the settings."""
    return view(context, await queues(context.reading))


async def samples(context: WebContext) -> dict[str, Sample]:
    """How each account stands now, for the history."""
    lanes, at = context.lanes(), context.clock()
    found = {}
    for account in await account_views(context):
        lane = lanes.get(account.name)
        sent, throttled = (lane.segments, lane.throttled) if lane is not None else (0, 0)
        found[account.name] = Sample(at, sum(account.waiting.values()), sent, throttled)
    return found


def view(context: WebContext, waiting: tuple[Queue, ...]) -> tuple[AccountView, ...]:
    """The same, from queues that have been counted."""
    standing, lanes, paces = context.office.rules.standing.now, context.lanes(), context.paces()
    found = []
    for name, provider in context.providers.items():
        lane, pace = lanes.get(name), paces.get(name)
        mine = [queue for queue in waiting if queue.account == name]
        counted = {queue.klass: queue.waiting for queue in mine}
        found.append(
            AccountView(
                name=name,
                kind=provider.kind,
                health=standing.get(name, GOOD_FROM_THE_START),
                links=links_of(provider),
                waiting={klass: counted.get(klass, 0) for klass in MtClass},
                oldest=min((queue.oldest for queue in mine), default=None),
                in_flight=lane.in_flight if lane is not None else 0,
                limit=provider.rate,
                pace=None if pace is None or pace == float("inf") else pace,
                trouble=lane.trouble if lane is not None else "",
            )
        )
    return tuple(found)
