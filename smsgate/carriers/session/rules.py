"""What a session keeps to; values are seconds of a clock that never jumps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SessionRules:
    """One account's."""

    window: int = 16
    """Submits without an answer."""
    login: float = 10
    """For the gateway's answer to the login."""
    response: float = 60
    """T: for the answer to a request."""
    tries: int = 1
    """N: how often a request is said. A submit that is said twice may go out twice: nobody promises otherwise."""
    heartbeat: float = 30
    """C: of silence in one direction, until the link is tested."""
    heartbeat_wait: float = 20
    heartbeat_tries: int = 3
    unanswered: int = 256
    """Deliveries that we have not answered yet; no more is read until some are."""
    farewell: float = 5
    """For what is under way when a session is to end, and for the gateway's word on that."""


@dataclass(slots=True)
class Backoff:
    """How long to wait before the next try: twice as long each time, and never all at the same moment."""

    first: float
    longest: float
    chance: Callable[[], float] = field(repr=False)
    """A number from 0 to 1, which spreads the second half of the wait."""
    tries: int = 0

    def next(self) -> float:
        """Seconds until the next try."""
        wait = min(self.first * 2.0 ** min(self.tries, 30), self.longest)
        self.tries += 1
        return wait * (0.5 + 0.5 * self.chance())

    def reset(self) -> None:
        """All is well."""
        self.tries = 0
