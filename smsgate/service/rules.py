"""What the settings say to the use cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from smsgate.domain.messages import MtClass
from smsgate.domain.service_number import ServiceNumber
from smsgate.domain.states import Severity
from smsgate.domain.ticket import Limits
from smsgate.service.health import GOOD_FROM_THE_START, Level, Standing
from smsgate.service.quiet import Quiet
from smsgate.service.routes import Peer, Routes
from smsgate.service.segments import PLAIN, Manner, narrowest
from smsgate.service.working_time import OFFICE, WorkingTime

MINUTE = 60_000
HOUR = 60 * MINUTE
"""Milliseconds."""

ANSWER_LIVES = HOUR
"""An answer is worth nothing after an hour (spec/messages.md «Out»)."""

ERRORS_ANSWERED = 5
"""Errors of one sender that are answered within an hour (spec/tickets.md «Short dialogues»)."""

QUESTION_LIVES = 30 * MINUTE
"""How long an offer or a list can be answered (spec/tickets.md «Short dialogues»)."""

MOVES_KEPT = 30 * 24 * HOUR
"""That an MT went by another account can be listed for so long; its own way keeps it for ever."""

QUESTION_KEPT = 24 * HOUR
"""How long one that is over is remembered, so that a late `Y` gets a sentence."""

MOVED_LATELY = 2 * MINUTE
"""Whoever moves a ticket by SMS that somebody else has moved since then is asked (spec/tickets.md «A transfer»)."""

UNKNOWN_TOLD_AFTER = 5 * MINUTE
"""When the dispatchers hear of a notice whose outcome is unknown (spec/messages.md «Out»)."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Durations in milliseconds."""

    limits: Mapping[Severity, Limits]
    default_account: str
    """The provider account that MTs go out by, unless they answer an MO or a route says otherwise."""
    sending_accounts: frozenset[str]
    reserve: int = 10
    """Characters that the carrier's signature takes of a text that is one SMS, at least as many as any of
    `manners`."""
    language: str = "zh"
    close_after: int = 72 * HOUR
    code_rest: int = 72 * HOUR
    service_numbers: frozenset[str] = frozenset()
    """Numbers of ours beside `numbers`."""
    numbers: Mapping[str, ServiceNumber] = field(default_factory=dict)
    """The service number of each provider account that has one."""
    manners: Mapping[str, Manner] = field(default_factory=dict)
    """How the gateway of a provider account takes texts, where it has a way of its own."""
    quiet: Quiet | None = None
    """The hours of night in which what tells of minor and warning tickets waits; None: none."""
    office: WorkingTime = OFFICE
    """The time that limits count which count working time."""

    narrowest: Manner = field(init=False)
    """What fits into so many SMS so, does by every account, as fail-over may move it."""
    routes: Routes = field(default_factory=Routes)
    standing: Standing = field(default_factory=Standing)
    """How the provider accounts stand; changes while smsgate runs."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "narrowest", narrowest(self.manners.values()))

    def account_for(self, phone: str, klass: MtClass, wished: str | None = None) -> str:
        """The provider account that an SMS goes out by; `wished`: what its command came by, kept unless it is bad."""
        if wished in self.sending_accounts and not self.is_bad(wished):
            return wished
        usual = wished if wished in self.sending_accounts else self.default_account
        return self.routes.choose(phone, klass, self.standing.now, usual).account

    def peers(self, account: str) -> tuple[Peer, ...]:
        """The accounts that share a route with one, as they stand now."""
        return tuple(Peer(name, self.is_bad(name)) for name in self.routes.peers(account))

    def is_bad(self, account: str) -> bool:
        """Whether what can goes round that account."""
        return self.standing.now.get(account, GOOD_FROM_THE_START).level is Level.BAD

    def is_ours(self, number: str) -> bool:
        """Whether a message from that number is one of our own, which are never answered."""
        return number in self.service_numbers or any(ours.means(number) for ours in self.numbers.values())

    def source(self, account: str, code: str | None) -> str | None:
        """The number that an SMS about the ticket of that code comes from; None: the provider knows."""
        number = self.numbers.get(account)
        return None if number is None else number.source(code)

    def manner(self, account: str) -> Manner:
        """How texts go out by an account."""
        return self.manners.get(account, PLAIN)

    def moved_source(self, before: str, source: str | None, code: str | None, to: str) -> str | None:
        """The number that an SMS comes from once it has moved from the account `before`, where it had `source`.

        The digits behind it stay: a reply to either finds the ticket. `code`: its ticket's, where there were none.
        """
        number = self.numbers.get(before)
        if number is None or source is None:
            return self.source(to, code)
        return self.source(to, number.extension(source) or (None if number.extension_digits else code))
