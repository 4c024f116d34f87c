"""Whom a form offers: accounts to act as, targets to send to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from routing.chart import Chart
from routing.completing import typed_path
from routing.model import Kind, Target
from smsgate.domain.ticket import Ticket

MOST_OTHERS = 200
"""People offered who have nothing to do with the ticket: a list of thousands is no list."""
MOST_TARGETS = 120

Choices = list[tuple[str, list[tuple[str, str]]]]
"""Groups of (account, name), each under the key of its heading."""


def choices(chart: Chart, ticket: Ticket | None = None) -> Choices:
    """The dispatchers first, then who has to do with the ticket, then the others."""
    dispatchers = [account for account in chart.dispatchers.members if chart.is_active(account)]
    tied = _concerned(chart, ticket) if ticket is not None else ()
    # who has left can't act any more
    concerned = _new((account for account in tied if chart.person(account) is not None), dispatchers)
    everybody = (person.account for person in chart.people() if person.active)
    others = list(islice(_new(everybody, [*dispatchers, *concerned]), MOST_OTHERS))
    named = (("ticket.dispatchers", dispatchers), ("ticket.concerned", concerned), ("ticket.others", others))
    return [(key, [(account, chart.name_of(account)) for account in accounts]) for key, accounts in named if accounts]


def target_examples(chart: Chart) -> list[str]:
    """Targets as they are typed: rooms and groups of the default centre without it, then the others."""
    typed = (typed_path(chart, path) for path in chart.walk() if path.room is not None)
    return sorted(islice(typed, MOST_TARGETS), key=lambda target: not target.startswith("-"))


def _concerned(chart: Chart, ticket: Ticket) -> Iterator[str]:
    for target in (ticket.holder, *ticket.helpers):
        yield from _members(chart, target)
    for actor in (ticket.accepted_by, ticket.moved_by, ticket.opener):
        if actor is not None and actor.account is not None:
            yield actor.account
    for path in ticket.sent_to.upwards() if ticket.sent_to is not None else ():
        unit = chart.unit(path)
        if unit is not None and unit.leader is not None:
            yield unit.leader


def _members(chart: Chart, target: Target) -> Iterator[str]:
    if target.kind is Kind.PEOPLE:
        yield from target.accounts
    elif target.path is not None:
        unit = chart.unit(target.path)
        for path in (target.path, *(unit.children if unit is not None else ())):
            inner = chart.unit(path)
            yield from inner.members if inner is not None else ()


def _new(accounts: Iterable[str], known: list[str]) -> list[str]:
    return [account for account in dict.fromkeys(accounts) if account not in known]
