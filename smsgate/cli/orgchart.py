"""`smsgate orgchart check|tree|diff|who|history|schema|proposals`: the org chart from a terminal."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from routing.chart import Chart
from routing.diffing import diff, is_missing
from routing.faults import Severity
from routing.loader import LoadResult, load_file
from routing.model import Target
from routing.schema import json_schema
from smsgate.accounts import BadSecret
from smsgate.bootstrap import open_holders
from smsgate.cli.shown import opened, stop
from smsgate.cli.who import lines_about, tree_lines
from smsgate.config import Settings
from smsgate.domain.queue import shown_name
from smsgate.service.ports import StoreUnavailable
from smsgate.service.proposing import entry_lines, line_change
from smsgate.store.engine import BadDatabase
from smsgate.store.live import charts_in_force

orgchart_app = typer.Typer(help="The org chart: check it, show it, compare two.", no_args_is_help=True)

FAULTS, UNREADABLE = 1, 2
"""Exit statuses."""

_DEFAULT = "default: the org chart that the settings name"
_File = Annotated[Path | None, typer.Argument(help=_DEFAULT)]


@orgchart_app.command("check")
def check_command(file: _File = None) -> None:
    """Say every fault as file:line:column: message. Lists open tickets that nobody could hold.

    Exit status: 1 on errors, 2 if the file can't be read.

    Example: smsgate orgchart check orgchart.yaml
    """
    path = _chosen(file)
    result = load_file(path)
    _say_faults(path, result)
    if result.chart is None:
        raise typer.Exit(_status(path))
    people, units = result.chart.size()
    typer.echo(f"{path}: {people} 人 (people), {units} 个单位 (units), 可用 (good)")
    _say_stranded(result.chart)


@orgchart_app.command("tree")
def tree_command(file: _File = None) -> None:
    """Show centres, rooms, groups and people.

    Example: smsgate orgchart tree orgchart.yaml
    """
    for line in tree_lines(_good(_chosen(file))):
        typer.echo(line)


@orgchart_app.command("diff")
def diff_command(
    old: Annotated[Path, typer.Argument(help="the chart as it was")],
    new: Annotated[Path, typer.Argument(help="the chart as it is to be")],
) -> None:
    """Say in words who came, went and moved; lists open tickets held by what is removed or renamed.

    Example: smsgate orgchart diff orgchart.yaml orgchart-new.yaml
    """
    before, after = _good(old), _good(new)
    changes = diff(before, after)
    for change in changes:
        typer.echo(f"{change.zh}  |  {change.en}")
    if not changes:
        typer.echo("没有变化 (no change)")
    _say_stranded(after)


# a path may begin with a dash, as in an SMS, so what looks like an option is taken as text
@orgchart_app.command("who", context_settings={"ignore_unknown_options": True})
def who_command(
    asked: Annotated[str, typer.Argument(metavar="PHONE|ACCOUNT|PATH", help="13910000001, helijia, -核心维护室")],
    orgchart: Annotated[Path | None, typer.Option("--orgchart", help=_DEFAULT)] = None,
) -> None:
    """Say who that is, and who would be told now.

    Example: smsgate orgchart who -核心维护室-话务维护组
    """
    chart = _good(_chosen(orgchart))
    lines = lines_about(chart, asked, datetime.now(UTC))
    if not lines:
        near = "、".join(chart.nearest_anywhere(asked))
        stop(
            f"{asked}: 组织结构里没有 (nobody of the org chart)" + (f", 是不是 (did you mean) {near}?" if near else "")
        )
    for line in lines:
        typer.echo(line)


@orgchart_app.command("history")
def history_command(
    most: Annotated[int, typer.Option("--limit", min=1, max=1000, help="how many at most, the newest first")] = 20,
) -> None:
    """List the charts that came into force: version, since when, by whom, hash.

    Example: smsgate orgchart history --limit 5
    """
    with opened() as core:
        zone = core.charts.current.time_zone
        for version, since, who, note, chart_hash in charts_in_force(core.store.engine, most):
            at = datetime.fromtimestamp(since / 1000, zone)
            typer.echo(f"{version}  {at:%Y-%m-%d %H:%M:%S}  {who}  {note or '-'}  {chart_hash[:12]}")


@orgchart_app.command("schema")
def schema_command() -> None:
    """Print the JSON Schema of orgchart.yaml, for editors.

    Example: smsgate orgchart schema > orgchart.schema.json
    """
    typer.echo(schema_text(), nl=False)


@orgchart_app.command("proposals")
def proposals_command(orgchart: Annotated[Path | None, typer.Option("--orgchart", help=_DEFAULT)] = None) -> None:
    """Print the lines that would give unknown numbers to whom the desk proposes: nothing is written.

    Example: smsgate orgchart proposals
    """
    path = _chosen(orgchart)
    text = path.read_text(encoding="utf-8-sig")
    known = _good(path)
    with opened() as core:
        waiting = core.store.writer.write_now(lambda unit: unit.open_proposals())
    if not waiting:
        typer.echo("没有提议 (nothing is proposed)")
    for one in waiting:
        typer.echo(f"# {one.phone} -> {one.account} ({one.how}), {shown_name(one.made_by)}")
        change = line_change(text, one.account, one.phone, one.how)
        if change is None:
            person = known.person(one.account)
            typer.echo(f"+ {entry_lines(one.account, one.phone, one.how, person.phones if person is not None else ())}")
        else:
            typer.echo(f"{path}:{change.number}\n- {change.old}\n+ {change.new}")


def schema_text() -> str:
    """The JSON Schema as it is kept in `deploy/orgchart.schema.json`."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"


def stranded(chart: Chart, held: Iterable[tuple[str, Target]]) -> Iterator[str]:
    """A line for each ticket whose holder the chart doesn't have."""
    for code, holder in held:
        if is_missing(chart, holder):
            yield f"工单 {code} 的持有者 {holder} 不在组织结构中 (open ticket {code}: its holder is not in the chart)"


def _chosen(file: Path | None) -> Path:
    return file if file is not None else Settings().orgchart


def _good(path: Path) -> Chart:
    result = load_file(path)
    if result.chart is None:
        _say_faults(path, result, err=True)
        raise typer.Exit(_status(path))
    return result.chart


def _status(path: Path) -> int:
    """Of a chart that is none: faults are what was asked for; a file that can't be read is a wrong call."""
    return FAULTS if os.access(path, os.R_OK) and path.is_file() else UNREADABLE


def _say_faults(path: Path, result: LoadResult, *, err: bool = False) -> None:
    for fault in result.faults:
        sign = "" if fault.severity is Severity.ERROR else " (提醒 warning)"
        typer.echo(f"{path}:{fault.line}:{fault.column}: {fault.message}{sign}", err=err)


def _say_stranded(chart: Chart) -> None:
    """A chart can be checked without a database; that the tickets weren't looked at is said."""
    try:
        held = open_holders(Settings())
    except (BadDatabase, BadSecret, StoreUnavailable, OSError) as error:
        typer.echo(f"未查工单 (tickets not looked at): {error}", err=True)
        return
    for line in stranded(chart, held):
        typer.echo(line)
