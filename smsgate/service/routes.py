"""Which provider account an MT goes out by: routes by prefix and class, and how their accounts stand. Pure.

The longest prefix of the recipient's number decides, among the routes that carry the message's class; of two that are
as long, the one written first. Of the route's accounts the first that is not bad is taken, in their order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from smsgate.domain.messages import MtClass
from smsgate.service.health import GOOD_FROM_THE_START, Health, Level

EVERYBODY = "+"
"""The prefix that all numbers in E.164 have."""


class Route(NamedTuple):
    """Where numbers go that begin with one of the prefixes."""

    accounts: tuple[str, ...]
    """In the order in which they are tried."""
    prefixes: tuple[str, ...] = (EVERYBODY,)
    classes: frozenset[MtClass] = frozenset(MtClass)

    def fits(self, phone: str, klass: MtClass) -> int:
        """How much of the number one of its prefixes has; 0: it doesn't carry it."""
        if klass not in self.classes:
            return 0
        return max((len(prefix) for prefix in self.prefixes if phone.startswith(prefix)), default=0)


class Because(StrEnum):
    """Why an account was chosen."""

    NO_ROUTE = "no_route"
    """No route carries the message."""
    FIRST = "first"
    """It comes first in its route."""
    OTHERS_BAD = "others_bad"
    """Those that come before it are bad."""
    ALL_BAD = "all_bad"
    """All of its route are; then the first waits for its link like any other."""


class Choice(NamedTuple):
    """An account, and why it."""

    account: str
    because: Because
    passed: tuple[str, ...] = ()
    """The accounts that come before it, and are bad."""

    @property
    def why(self) -> str:
        """In a sentence, for operators."""
        match self.because:
            case Because.NO_ROUTE:
                return f"{self.account}: no route carries it"
            case Because.FIRST:
                return f"{self.account}: the first of its route"
            case Because.OTHERS_BAD:
                return f"{self.account}: {', '.join(self.passed)} before it is bad"
            case Because.ALL_BAD:
                return f"{self.account}: the first of its route, all of which are bad"


class Peer(NamedTuple):
    """Another account of a route: MTs to one phone and of one class may lie on either."""

    account: str
    stuck: bool = False
    """It is bad: what lies there, and can't be moved, holds up newer ones elsewhere for a while only."""


class Routes:
    """All routes, in the order in which they are written. Without any, everything goes by the account given."""

    def __init__(self, routes: Iterable[Route] = ()) -> None:
        self._routes = tuple(routes)

    def __iter__(self) -> Iterator[Route]:
        return iter(self._routes)

    def __bool__(self) -> bool:
        return bool(self._routes)

    def accounts(self, phone: str, klass: MtClass) -> tuple[str, ...]:
        """The accounts of the route that carries it, in their order; none where no route does."""
        fitting = [(route.fits(phone, klass), route) for route in self._routes]
        length, route = max(fitting, key=lambda one: one[0], default=(0, None))
        return route.accounts if length and route is not None else ()

    def choose(self, phone: str, klass: MtClass, standing: Mapping[str, Health], usual: str) -> Choice:
        """The account for a message; `usual`: where no route carries it."""
        accounts = self.accounts(phone, klass)
        if not accounts:
            return Choice(usual, Because.NO_ROUTE)
        for at, account in enumerate(accounts):
            if standing.get(account, GOOD_FROM_THE_START).level is not Level.BAD:
                return Choice(account, Because.OTHERS_BAD if at else Because.FIRST, accounts[:at])
        return Choice(accounts[0], Because.ALL_BAD)

    def peers(self, account: str) -> tuple[str, ...]:
        """The other accounts that a route shares with it: messages to one phone may be under way by any of them."""
        shared = {name for route in self._routes if account in route.accounts for name in route.accounts}
        return tuple(sorted(shared - {account})) if self._routes else ()
