"""Who may come to which address: the one table, and nothing is open that does not stand in it.

An app with a route that the table doesn't know does not start. What leads nowhere is for who has signed in, so that
nobody learns by asking what there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import fastapi.routing
from starlette.routing import BaseRoute, Mount, compile_path

from smsgate.domain.desk import Role, Scope


class Need(NamedTuple):
    """What one has to be for an address."""

    role: Role | None
    """Of who has signed in; None: everybody may."""
    scope: Scope | None = None
    """Of a program's token; None: no program may."""
    wall: bool = False
    """Whether a wall screen may."""
    local: bool = False
    """On this very machine alone."""
    or_local: bool = False
    """Or on this very machine, without anything."""


EVERYBODY = Need(None)
READS = Need(Role.VIEWER, Scope.READ)
SEES = Need(Role.VIEWER)
ACTS = Need(Role.OPERATOR)
RULES = Need(Role.ADMIN)
ON_THE_WALL = Need(Role.VIEWER, wall=True)
PLAYS = Need(Role.OPERATOR, local=True)
"""The simulator's phones: whoever types on them is anybody they like."""

TICKETS, MESSAGES, CHART = Scope.TICKETS_WRITE, Scope.MESSAGES_WRITE, Scope.ORGCHART_WRITE

# Decision table: method and address → what it needs. HEAD is as GET.
ACCESS: dict[tuple[str, str], Need] = {
    ("GET", "/healthz"): EVERYBODY,
    ("GET", "/readyz"): EVERYBODY,
    ("GET", "/metrics"): Need(Role.VIEWER, Scope.METRICS, or_local=True),
    ("*", "/providers"): EVERYBODY,  # their doors check signatures
    ("*", "/static"): EVERYBODY,
    # signing in
    ("GET", "/login"): EVERYBODY,
    ("POST", "/login"): EVERYBODY,
    ("GET", "/first"): EVERYBODY,
    ("POST", "/first"): EVERYBODY,
    ("GET", "/invite"): EVERYBODY,
    ("POST", "/invite"): EVERYBODY,
    ("POST", "/logout"): EVERYBODY,
    ("GET", "/wall/{key}"): EVERYBODY,
    ("GET", "/oidc/login"): EVERYBODY,
    ("GET", "/oidc/callback"): EVERYBODY,
    # pages
    ("GET", "/"): ON_THE_WALL,
    ("GET", "/events/transfers"): ON_THE_WALL,
    ("GET", "/tickets"): SEES,
    ("GET", "/tickets/new"): ACTS,
    ("POST", "/tickets/new"): ACTS,
    ("GET", "/tickets/{ref}"): SEES,
    ("POST", "/tickets/together"): ACTS,
    ("POST", "/tickets/{ref}"): ACTS,
    ("GET", "/tickets/{ref}/print"): SEES,
    ("GET", "/targets"): SEES,
    ("GET", "/search"): SEES,
    ("GET", "/messages/mo/{mo_id}"): SEES,
    ("GET", "/queue"): SEES,
    ("GET", "/queue/count"): SEES,
    ("POST", "/queue/as"): ACTS,
    ("POST", "/queue/segments"): ACTS,
    ("GET", "/queue/{item_id}"): SEES,
    ("POST", "/queue/{item_id}/look"): ACTS,
    ("POST", "/queue/{item_id}/{act}"): ACTS,
    ("GET", "/messages"): SEES,
    ("GET", "/messages/mt/{mt_id}"): SEES,
    ("GET", "/messages/{number}"): SEES,
    ("GET", "/links"): SEES,
    ("GET", "/orgchart"): SEES,
    ("GET", "/orgchart/unit"): SEES,
    ("GET", "/orgchart/person"): SEES,
    ("GET", "/orgchart/state"): SEES,
    ("GET", "/orgchart/history"): SEES,
    ("GET", "/orgchart/history/{version_id}"): SEES,
    ("GET", "/orgchart/edit"): RULES,
    ("POST", "/orgchart/edit"): RULES,
    ("POST", "/orgchart/check"): RULES,
    ("GET", "/orgchart/saved"): RULES,
    ("GET", "/orgchart/keys.json"): RULES,
    ("GET", "/orgchart/import"): RULES,
    ("POST", "/orgchart/import"): RULES,
    ("GET", "/reports"): SEES,
    ("GET", "/reports/tickets"): SEES,
    ("GET", "/reports/export"): SEES,
    ("GET", "/problems/{code}"): READS,
    ("GET", "/phones"): PLAYS,
    ("GET", "/phones/choose"): PLAYS,
    ("GET", "/phones/{msisdn}"): PLAYS,
    ("GET", "/phones/{msisdn}/thread"): PLAYS,
    ("POST", "/phones/{msisdn}"): PLAYS,
    # one's own
    ("GET", "/account"): SEES,
    ("POST", "/account/password"): SEES,
    ("POST", "/account/language"): SEES,
    ("POST", "/account/sessions"): SEES,
    # admins
    ("GET", "/users"): RULES,
    ("POST", "/users"): RULES,
    ("GET", "/users/{user_id}"): RULES,
    ("POST", "/users/{user_id}"): RULES,
    ("GET", "/tokens"): RULES,
    ("POST", "/tokens"): RULES,
    ("POST", "/tokens/{token_id}/revoke"): RULES,
    ("GET", "/walls"): RULES,
    ("POST", "/walls"): RULES,
    ("POST", "/walls/{wall_id}/revoke"): RULES,
    ("GET", "/acts"): RULES,
    # the API
    ("GET", "/api/v1/openapi.json"): READS,
    ("GET", "/api/v1/docs"): READS,
    ("GET", "/api/v1/tickets"): READS,
    ("POST", "/api/v1/tickets"): Need(Role.OPERATOR, TICKETS),
    ("GET", "/api/v1/tickets/{ref}"): READS,
    ("POST", "/api/v1/tickets/{ref}/acts"): Need(Role.OPERATOR, TICKETS),
    ("GET", "/api/v1/transfers"): READS,
    ("GET", "/api/v1/search"): READS,
    ("GET", "/api/v1/messages/search"): READS,
    ("GET", "/api/v1/messages/mo"): READS,
    ("GET", "/api/v1/messages/mo/{message_id}"): READS,
    ("POST", "/api/v1/messages/mo/{message_id}/replay"): Need(Role.OPERATOR, MESSAGES),
    ("GET", "/api/v1/messages/mt"): READS,
    ("GET", "/api/v1/messages/mt/{message_id}"): READS,
    ("POST", "/api/v1/messages/mt/{message_id}/resend"): Need(Role.OPERATOR, MESSAGES),
    ("GET", "/api/v1/links"): READS,
    ("GET", "/api/v1/links/choice"): READS,
    ("POST", "/api/v1/simulator/mo"): Need(Role.OPERATOR, MESSAGES, local=True),
    ("GET", "/api/v1/simulator/phones"): Need(Role.OPERATOR, Scope.READ, local=True),
    ("GET", "/api/v1/simulator/phones/{msisdn}"): Need(Role.OPERATOR, Scope.READ, local=True),
    ("GET", "/api/v1/reports"): READS,
    ("GET", "/api/v1/queue"): READS,
    ("GET", "/api/v1/queue/proposals"): READS,
    ("GET", "/api/v1/queue/{item_id}"): READS,
    **{
        ("POST", f"/api/v1/queue/{{item_id}}/{act}"): Need(Role.OPERATOR, MESSAGES)
        for act in ("claim", "release", "look", "run", "resend", "answer", "dismiss", "undo", "propose", "withdraw")
    },
    ("GET", "/api/v1/orgchart"): READS,
    ("GET", "/api/v1/orgchart/source"): READS,
    ("GET", "/api/v1/orgchart/versions"): READS,
    ("GET", "/api/v1/orgchart/versions/{version_id}/source"): READS,
    ("POST", "/api/v1/orgchart/check"): Need(Role.ADMIN, CHART),
    ("POST", "/api/v1/orgchart/preview"): Need(Role.ADMIN, CHART),
    ("PUT", "/api/v1/orgchart/source"): Need(Role.ADMIN, CHART),
    ("POST", "/api/v1/orgchart/versions/{version_id}/return"): Need(Role.ADMIN, CHART),
}

ELSEWHERE = SEES
"""What leads nowhere."""


class Undeclared(Exception):  # noqa: N818 - the route is
    """The app has routes that the table does not know."""


def declared(routes: Iterable[BaseRoute]) -> None:
    """See that the table knows every route. Raises Undeclared, with those that it doesn't."""
    unknown = [f"{method} {path}" for method, path in addresses(routes) if (method, path) not in ACCESS]
    if unknown:
        raise Undeclared(f"smsgate/web/access.py does not say who may come to {', '.join(sorted(unknown))}")


def addresses(routes: Iterable[BaseRoute]) -> Iterator[tuple[str, str]]:
    """Method and address of every route; of what is mounted, `*` and where."""
    for route in _all(routes):
        path, methods = getattr(route, "path", None), getattr(route, "methods", None)
        if isinstance(getattr(route, "original_route", route), Mount):
            yield "*", str(path)
        elif path is None or methods is None:
            yield "?", repr(route)
        else:
            for method in sorted(set(methods) - {"HEAD"}):
                yield method, path


def _all(routes: Iterable[BaseRoute]) -> Iterable[Any]:
    """Those of included routers too, which newer releases of FastAPI keep apart."""
    within = getattr(fastapi.routing, "iter_route_contexts", None)
    return routes if within is None else within(list(routes))


def need_of(method: str, path: str) -> Need:
    """What a request needs."""
    method = "GET" if method == "HEAD" else method
    template = template_of(path)
    return ELSEWHERE if template is None else ACCESS.get((method, template), ELSEWHERE)


@lru_cache(maxsize=4096)
def template_of(path: str) -> str | None:
    """The address in the table that a path is of; None: of none.

    By the very patterns by which the app finds its routes, whose `$` stands before a last line feed too: an address
    that the app answers at must not be one that the table knows nothing of.
    """
    path = path.removesuffix("\n")
    if path in _PLAIN:
        return path
    for mount in _MOUNTS:
        if path.startswith(f"{mount}/"):
            return mount
    return next((template for template, pattern in _PATTERNS if pattern.match(path)), None)


_MOUNTS = tuple(path for method, path in ACCESS if method == "*")
_PLAIN = frozenset(path for method, path in ACCESS if method != "*" and "{" not in path)
_PATTERNS = tuple((path, compile_path(path)[0]) for path in dict.fromkeys(path for _, path in ACCESS if "{" in path))
