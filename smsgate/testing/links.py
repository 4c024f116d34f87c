"""A provider with connections that stand as a test says, and that sends whatever goes out by one that is bound."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from smsgate.service.links import Inbox, LinkState, LinkStatus
from smsgate.service.ports import Submission
from smsgate.testing.providers import FaultyProvider, Step

BOUND = LinkStatus(
    number=1,
    role="both",
    state=LinkState.BOUND,
    since=0,
    peer="10.20.30.40:2775",
    version="smpp34",
    why="",
    next_try=None,
    window=16,
    in_flight=3,
    rtt=12.5,
    heard_at=0,
    submits=1204,
    delivers=871,
    throttles=2,
    unknowns=1,
    logins=3,
)
"""A connection on a usual day."""


class FakeLinkProvider(FaultyProvider):
    """Keeps no connection: `stand` says how they are."""

    concurrency = 16

    def __init__(
        self,
        account: str,
        links: Iterable[LinkStatus] = (BOUND,),
        script: Iterable[Step] | Callable[[Submission], Step | None] = (),
        *,
        kind: str = "smpp",
        rate: float = 0,
    ) -> None:
        super().__init__(account, script, rate=rate)
        self.kind = kind
        self.on_bound: Callable[[], None] | None = None
        self._links = tuple(links)

    @property
    def blocked(self) -> str:
        """Why nothing can go out; empty: it can."""
        if any(link.state is LinkState.BOUND and link.role != "in" for link in self._links):
            return ""
        return next((link.why or link.state.value for link in self._links), "no connection")

    async def run(self, inbox: Inbox) -> None:
        """Nothing comes in."""

    def links(self) -> tuple[LinkStatus, ...]:
        """How they stand."""
        return self._links

    def stand(self, *links: LinkStatus) -> None:
        """From now on they stand so."""
        was_blocked = self.blocked
        self._links = links
        if was_blocked and not self.blocked and self.on_bound is not None:
            self.on_bound()

    def cut(self, at: int, why: str = "connection refused") -> None:
        """All of them break."""
        broken = {"state": LinkState.WAITING, "since": at, "why": why, "next_try": at + 30_000, "in_flight": 0}
        self.stand(*(replace(link, **broken) for link in self._links))  # type: ignore[arg-type]

    def mend(self, at: int) -> None:
        """All of them are bound again."""
        mended = {"state": LinkState.BOUND, "since": at, "why": "", "next_try": None}
        self.stand(*(replace(link, **mended, logins=link.logins + 1) for link in self._links))  # type: ignore[arg-type]
