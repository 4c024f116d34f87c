"""How the commands show things, and how they open what they work on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NoReturn

import typer

from grammar import Diagnosis
from routing.model import Actor
from smsgate.bootstrap import Core, open_existing_core
from smsgate.config import Settings
from smsgate.domain.refusals import Refusal
from smsgate.domain.states import SEVERITY_NAMES_ZH, STATE_NAMES_ZH, State
from smsgate.domain.ticket import Ticket
from smsgate.service.wording import Words


@contextmanager
def opened() -> Iterator[Core]:
    """The smsgate that the settings say, for the length of a command. Raises Unfit where it has no database yet."""
    core = open_existing_core(Settings())
    warn_of_chart(core)
    try:
        yield core
    finally:
        core.close()


def warn_of_chart(core: Core) -> None:
    """Say that the file has faults, and by which chart the command goes instead."""
    if core.chart_fault is not None:
        typer.echo(
            f"{core.chart_fault}  (the org chart file has faults: the last good chart, which is in force, is used;"
            " smsgate orgchart check says them all)",
            err=True,
        )


def actor_named(core: Core, account: str | None) -> Actor:
    """Who acts: an account of the chart, else the first dispatcher. Ends the command where there is none."""
    chart = core.charts.current
    named = account or next(iter(chart.dispatchers.members), None)
    person = chart.person(named) if named is not None else None
    if person is None:
        stop(f"{named!r} is no account of {core.settings.orgchart}: name one by --as")
    return Actor(account=person.account)


def stop(sentence: str, status: int = 1) -> NoReturn:
    """Say why not, and end with that status."""
    typer.echo(sentence, err=True)
    raise typer.Exit(status)


def refused(core: Core, no: Refusal | Diagnosis) -> NoReturn:
    """End with the sentence of a refusal."""
    stop(f"{core.office.say(no)}  ({no.why if isinstance(no, Refusal) else no.code})")


def ticket_line(words: Words, ticket: Ticket) -> str:
    """One ticket in a line."""
    facts = ticket.facts
    # on hold nothing runs; the state says so
    due = "-" if ticket.state is State.HELD else words.time(ticket.accept_by or ticket.resolve_by)
    return (
        f"{ticket.number}  {ticket.code}  {SEVERITY_NAMES_ZH[facts.severity]}  {STATE_NAMES_ZH[ticket.state]}"
        f"  {words.target(ticket.holder)}  {due}  {facts.title}"
    )


def local_time(core: Core, at: int) -> str:
    """A moment in the chart's zone, with seconds."""
    return f"{datetime.fromtimestamp(at / 1000, core.charts.current.time_zone):%Y-%m-%d %H:%M:%S}"
