"""The one place that decides whether an MT is tried again, and when (spec/messages.md «Out»)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from smsgate.service.ports import ProviderError

LONGEST_WAIT = 3_600_000
"""Milliseconds that a provider may ask for; a `Retry-After` beyond an hour is taken for one."""

LEASE_USED = 0.9
"""The part of a lease that a request may take: the rest is for writing down what came of it."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How often and how fast."""

    tries: int = 5
    first: int = 2_000
    """Milliseconds from the first failed try to the second."""
    longest: int = 300_000
    """Milliseconds between two tries at most."""


@dataclass(frozen=True, slots=True)
class Retry:
    """It goes back into the queue."""

    not_before: int
    uses_try: bool


@dataclass(frozen=True, slots=True)
class GiveUp:
    """It has failed."""


Decision = Retry | GiveUp


def decide(error: ProviderError, tries: int, policy: Policy, at: int, random: Callable[[], float]) -> Decision:
    """What follows from an error.

    `tries` were used up before this one; `random` gives a number from 0 to 1, which spreads the second half of the
    wait. Throttling and a link that is down use up no try: the lane waits for them as a whole.
    """
    asked = min(round((error.retry_after or 0) * 1000), LONGEST_WAIT)
    if error.throttled or error.link_down:
        return Retry(at + max(asked, _spread(policy.first, random)), uses_try=False)
    if not error.retryable or tries + 1 >= policy.tries:
        return GiveUp()
    wait = min(policy.first * 2 ** min(tries, 30), policy.longest)
    return Retry(at + max(asked, _spread(wait, random)), uses_try=True)


def _spread(wait: int, random: Callable[[], float]) -> int:
    return round(wait * (0.5 + 0.5 * random()))
