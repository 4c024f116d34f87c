"""How long a ticket's holder has left, in words: `剩3时40分`, `超时5分`."""

from __future__ import annotations

from smsgate.domain.states import State
from smsgate.domain.ticket import Ticket
from smsgate.service.rules import HOUR, MINUTE
from smsgate.service.wording import Words

DAY = 24 * HOUR
_NEVER = 2**63


def deadline(ticket: Ticket) -> int | None:
    """Which of the two limits runs now, as the instant of its end; None: none does, as while a ticket is held."""
    if ticket.state is State.DISPATCHED:
        return ticket.accept_by
    return ticket.resolve_by if ticket.state is State.ACCEPTED else None


def urgency(ticket: Ticket) -> tuple[int, int]:
    """To sort by: the longest overdue first, then who has least time left; last those whose clock stands."""
    ends = deadline(ticket)
    return (_NEVER if ends is None else ends, ticket.id)


def time_left(words: Words, ends: int) -> str:
    """How long it is until that instant, or has been since. Full minutes."""
    left = ends - words.at
    return words.say("left" if left > 0 else "overdue", span=span(words, left))


def span(words: Words, length: int) -> str:
    """How long that many milliseconds are, before or after now; the two biggest units say enough."""
    length = abs(length)
    days, hours, minutes = length // DAY, length % DAY // HOUR, length % HOUR // MINUTE
    if days:
        return words.say("span.days_hours" if hours else "span.days", days=days, hours=hours)
    if hours:
        return words.say("span.hours_minutes" if minutes else "span.hours", hours=hours, minutes=minutes)
    return words.say("span.minutes" if minutes else "span.less", minutes=minutes)
