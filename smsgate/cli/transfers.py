"""`smsgate log`: the transfer log on a terminal."""

from __future__ import annotations

import time

import typer

from smsgate.bootstrap import Core
from smsgate.cli.shown import local_time, opened
from smsgate.clock import now
from smsgate.service.wording import Words
from smsgate.store.terminal import HopLine, hops_after, newest_hops

_EVERY = 0.5
"""Seconds between two looks when following."""
_PAGE = 500


def log_command(
    most: int = typer.Option(20, "--lines", "-n", min=0, max=10_000, help="how many lines of the end to show"),
    follow: bool = typer.Option(False, "--follow", "-f", help="go on as lines are added, until interrupted"),
) -> None:
    """Show the transfer log, newest last.

    Example: smsgate log --follow
    """
    with opened() as core:
        lines = newest_hops(core.store.engine, max(most, 1))
        for line in lines if most else ():
            typer.echo(_shown(core, line))
        if follow:
            _follow(core, lines[-1].id if lines else 0)


def _follow(core: Core, after: int) -> None:
    while True:
        for line in hops_after(core.store.engine, after, _PAGE):
            typer.echo(_shown(core, line))
            after = line.id
        time.sleep(_EVERY)


def _shown(core: Core, line: HopLine) -> str:
    words = Words(core.charts.current, core.office.rules, now())
    former = f"{words.target(line.from_holder)} " if line.from_holder is not None else ""
    aim = f" {former}→ {words.target(line.target)}" if line.target is not None else ""
    refusal = f"  [{line.refused}]" if line.refused else ""
    said = f"  {line.opinion}" if line.opinion else ""
    head = f"{local_time(core, line.at)}  {line.code or '-----'}  {line.kind:<8}  {line.channel:<4}"
    return f"{head}  {line.actor_name}{aim}{refusal}{said}"
