"""Who is at the desk: what the guard found out about a request, for the routes to ask."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from routing.model import DISPATCH_DESK, Actor
from smsgate.accounts import WebSettings
from smsgate.domain.desk import MINUTE, By, Role, Scope
from smsgate.domain.queue import seat_of_program, seat_of_user
from smsgate.store.acts import Doer
from smsgate.web.context import WebContext

SESSION_COOKIE, WALL_COOKIE = "smsgate", "smsgate-wall"
CSRF_FIELD, CSRF_HEADER = "csrf", "x-csrf-token"
LONGEST_SIGNATURE = 64
"""Characters of a name in the log."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sends a request, and what they may."""

    kind: By
    name: str
    """A user's, a token's, a wall link's; empty: nobody has signed in."""
    address: str
    role: Role | None = None
    """None: has none, as programs, wall screens and who has not signed in."""
    scopes: frozenset[Scope] = frozenset()
    """Of a program."""
    shown: str = ""
    account: str | None = None
    """Of the org chart: acts as that one alone, by the chart's rules."""
    language: str | None = None
    user_id: int | None = None
    key_id: int | None = None
    """Of the session, the token, the wall link."""
    csrf: str = ""
    """What a form has to send back."""
    local: bool = False
    """On this very machine."""
    secure: bool = False
    """Came over https."""
    lost_wall: bool = False
    """Nobody, and shows a wall link that is none any more."""

    @property
    def doer(self) -> Doer:
        """For the record of acts."""
        return Doer(self.kind, self.name, self.address)

    @property
    def signature(self) -> str | None:
        """What the log says of who at the desk did it; None where nobody has signed in."""
        said = {By.USER: self.shown or self.name, By.TOKEN: f"API {self.name}"}.get(self.kind)
        return None if said is None else said[:LONGEST_SIGNATURE]

    @property
    def seat(self) -> str | None:
        """Whose their claims and acts on the queue are: an account's, else this user's or token's alone."""
        signature = self.signature
        if self.account is not None or signature is None:
            return self.account
        if self.kind is By.TOKEN:
            return seat_of_program(self.key_id or 0, signature)
        return seat_of_user(self.user_id or 0, signature)

    def may(self, role: Role) -> bool:
        """Whether they may do what needs that role."""
        return self.role is not None and self.role.covers(role)

    def actor(self, context: WebContext, named: str = "") -> Actor | None:
        """As whom of the chart they act; None: as nobody, for what is `named` is not theirs, or there is no dispatcher.

        Who is linked to an account acts as that. Others act for the dispatch desk, or record what the one named has
        told them; the log shows who did.
        """
        if self.account is not None:
            mine = Actor(account=self.account)
            return mine if not named or named.casefold() == self.account.casefold() else None
        if named:
            return Actor(account=named)
        desk = Actor(unit=DISPATCH_DESK)
        return desk if self.kind is By.USER and context.chart.knows(desk) else context.first_dispatcher()


NOBODY = Visitor(By.NOBODY, "", "")


def visitor(request: Request) -> Visitor:
    """Who sends it."""
    found: Visitor = request.scope.get("desk", NOBODY)
    return found


Desk = Annotated[Visitor, Depends(visitor)]
"""Who is at the desk, as a parameter of a route."""


def idle_of(web: WebSettings) -> int:
    """Milliseconds without a request after which a session is over."""
    return int(web.idle_hours * 60 * MINUTE)


def csrf_of(key: str) -> str:
    """The token of a session's forms: bound to the session, and no way back to its key."""
    return hmac.new(key.encode(), b"csrf", hashlib.sha256).hexdigest()


def cookie_name(plain: str, secure: bool) -> str:
    """A cookie's name: over https with the prefix that makes browsers keep others from setting it."""
    return f"__Host-{plain}" if secure else plain
