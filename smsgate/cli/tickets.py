"""`smsgate ticket open|list|show|act`: what the desk can do, from a terminal."""

from __future__ import annotations

from typing import Annotated

import typer

from grammar.verbs import WORDS
from routing.model import Act
from smsgate.bootstrap import Core
from smsgate.cli.shown import actor_named, local_time, opened, refused, stop, ticket_line
from smsgate.clock import now
from smsgate.domain.states import Severity
from smsgate.domain.ticket import Facts
from smsgate.service.requests import Acted, ActRequest, OpenRequest
from smsgate.service.verbs import ACT_OF
from smsgate.service.wording import Words
from smsgate.store.terminal import hops_of, tickets_listed
from smsgate.store.told_later import told_later

ticket_app = typer.Typer(help="Tickets: open, list, show, act.", no_args_is_help=True)

_AS = typer.Option(None, "--as", help="the account that acts; default the first dispatcher")


@ticket_app.command("open")
def open_command(
    title: str = typer.Argument(help="what is wrong, in a few words"),
    to: str | None = typer.Option(None, "--to", help="room, group or people, typed as in a command; default the desk"),
    severity: Annotated[Severity, typer.Option(help="how urgent")] = Severity.MAJOR,
    text: str = typer.Option("", help="the opinion that goes with it"),
    account: str | None = _AS,
) -> None:
    """Open a ticket.

    Example: smsgate ticket open 西区基站退服 --to=-核心维护室-话务维护组-wangmin --severity major
    """
    if not title.strip():
        stop("the title is empty: say what is wrong", 2)
    with opened() as core:
        request = OpenRequest(Facts(title.strip(), severity), actor_named(core, account), to, text, channel="cli")
        done = core.store.writer.write_now(lambda unit: core.office.open(unit, request))
        if not isinstance(done, Acted):
            refused(core, done)
        _say(core, done)


@ticket_app.command("list")
def list_command(
    every: bool = typer.Option(False, "--all", help="closed and cancelled ones as well"),
    most: int = typer.Option(50, "--limit", min=1, max=1000, help="how many at most, the newest first"),
) -> None:
    """List tickets: number, code, severity, state, holder, what is due, title.

    Example: smsgate ticket list --all --limit 20
    """
    with opened() as core:
        words = Words(core.charts.current, core.office.rules, now())
        for ticket in tickets_listed(core.store.engine, live_only=not every, most=most):
            typer.echo(ticket_line(words, ticket))


@ticket_app.command("show")
def show_command(ticket: str = typer.Argument(help="number or code")) -> None:
    """Show a ticket and its way.

    Example: smsgate ticket show 48217
    """
    with opened() as core:
        words = Words(core.charts.current, core.office.rules, now())
        found = core.store.writer.write_now(lambda unit: unit.ticket_by_number(ticket) or unit.ticket_by_code(ticket))
        if found is None:
            stop(f"there is no ticket {ticket}")
        typer.echo(ticket_line(words, found))
        for hop in hops_of(core.store.engine, found.id):
            aim = f" → {words.target(hop.target)}" if hop.target is not None else ""
            refusal = f"  [{hop.refused}]" if hop.refused else ""
            no = hop.no if hop.no is not None else "-"
            said = f"  {hop.opinion}" if hop.opinion else ""
            typer.echo(f"  {no:>3}  {local_time(core, hop.at)}  {hop.kind:<8}  {hop.actor_name}{aim}{refusal}{said}")


@ticket_app.command("act")
def act_command(
    ticket: str = typer.Argument(help="number or code"),
    act: str = typer.Argument(help="transfer, accept … or ZP, LD …"),
    text: str = typer.Argument("", help="opinion, progress, reason"),
    to: str | None = typer.Option(None, "--to", help="for transfer and assist: the target, typed as in a command"),
    account: str | None = _AS,
) -> None:
    """Do something to a ticket: every verb of SMS, and hold, release, close, reopen, cancel.

    Example: smsgate ticket act 48217 transfer 请核查 --to=-核心维护室-话务维护组-helijia --as wangmin
    """
    meant = _act_named(act)
    with opened() as core:
        request = ActRequest(ticket, meant, actor_named(core, account), text, to, channel="cli")
        done = core.store.writer.write_now(lambda unit: core.office.act(unit, request))
        if not isinstance(done, Acted):
            refused(core, done)
        _say(core, done)


def _say(core: Core, done: Acted) -> None:
    """The ticket as it stands now, and when it is told if nobody hears of it at once."""
    words = Words(core.charts.current, core.office.rules, now())
    typer.echo(ticket_line(words, done.ticket))
    until = core.store.writer.write_now(lambda unit: told_later(unit, done.mts))
    if until is not None:
        typer.echo(f"  {words.time(until)} 通知对方 (told then, not now)")


def _act_named(word: str) -> Act:
    verb = WORDS.get(word.upper())
    if verb is not None and verb in ACT_OF:
        return ACT_OF[verb]
    known = [act.value for act in Act if act is not Act.OPEN]
    if word.lower() not in known:
        stop(f"{word!r} is nothing that can be done to a ticket: {', '.join(known)}", 2)
    return Act(word.lower())
