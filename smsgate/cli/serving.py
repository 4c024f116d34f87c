"""`smsgate serve` and `smsgate demo`."""

from __future__ import annotations

import contextlib
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from grammar import parse
from routing import nearest
from routing.chart import Chart
from routing.model import Actor
from routing.phones import normalise_phone
from smsgate import log
from smsgate.accounts import CmppAccount, EmailAccount, SmppAccount
from smsgate.bootstrap import Core, Unfit, open_core
from smsgate.cli.simulate import Protocol, beside, wanted_for_demo
from smsgate.clock import now
from smsgate.config import Settings
from smsgate.domain.states import Severity
from smsgate.domain.ticket import Facts
from smsgate.sample import sample_path
from smsgate.service.requests import Acted, OpenRequest
from smsgate.store.desk import first_link

HEROINE = "wangmin"
EXAMPLE = "ZP#-核心维护室-话务维护组-helijia#已经恢复,请核查。"
"""The first thing that a newcomer types; after spec «The source's rules»."""

_FOLDER = Path("demo")


def serve_command() -> None:
    """Serve: doors for providers, API, pages, dispatcher. Settings from smsgate.toml and SMSGATE_*.

    Example: SMSGATE_ORGCHART=/etc/smsgate/orgchart.yaml smsgate serve
    """
    from smsgate.serving import serve  # the doors take a second to load, for which no other command should wait
    from smsgate.web.oidc import is_there

    settings = Settings()
    settings.check_secrets()
    if settings.web.oidc is not None and not is_there():
        raise Unfit("[web.oidc] needs the extra: install smsgate[oidc]")
    log.configure(settings.log_level, settings.log_format, settings.log_bodies)
    core = open_core(settings)
    warm_up(core.charts.current)
    try:
        at = now()
        first = core.store.writer.write_now(lambda unit: first_link(unit, at))
        serve(core, lambda address: _say_serving(address, settings, first))
    finally:
        core.close()


def demo_command(
    folder: Annotated[Path, typer.Option(help="where the demo keeps its chart and database")] = _FOLDER,
    fresh: bool = typer.Option(False, "--fresh", help="forget what earlier demos did"),
    listen: str | None = typer.Option(None, help="ADDRESS:PORT; default what the settings say, 127.0.0.1:8480"),
    carrier: Annotated[Protocol | None, typer.Option(help="over a simulated gateway: smpp or cmpp")] = None,
) -> None:
    """Try it: the sample chart, the phone simulator, and a ticket that 王敏 holds. Nothing is sent to anybody.

    Example: smsgate demo --fresh
    """
    from smsgate.serving import serve

    if fresh:
        for kept in folder.glob("demo.db*"):
            kept.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    chart = folder / "orgchart.yaml"
    if not chart.exists():
        shutil.copyfile(sample_path(), chart)
    given: dict[str, Any] = {"listen": listen} if listen is not None else {}
    gateway = None if carrier is None else wanted_for_demo(carrier)
    if gateway is not None:
        given["accounts"] = {"carrier": gateway.account}
    settings = Settings(database=f"sqlite:///{folder / 'demo.db'}", orgchart=chart, **given)
    log.configure("warning", settings.log_format, settings.log_bodies)
    core = open_core(settings)
    warm_up(core.charts.current)
    try:
        code = _ticket_to_play_with(core)
        first = EXAMPLE if _is_her_only_one(core) else EXAMPLE.replace("ZP", f"ZP{code}", 1)
        with contextlib.nullcontext("") if gateway is None else beside(gateway) as page:
            # nobody signs in where nothing that is sent reaches anybody
            simulated = gateway is not None or all(account.is_simulated for account in settings.accounts.values())
            serve(core, lambda address: _say_demo(address, (code, first), settings, page), open_desk=simulated)
    finally:
        core.close()


def warm_up(chart: Chart) -> None:
    """Load now what is loaded at its first use: the grammar, pinyin's tables, those of foreign phones.

    Together they take half a second, for which otherwise the writer, and everybody with it, would stand still.
    """
    parse("CX", chart)
    nearest.readings("单")
    normalise_phone("+442071838750")


def _ticket_to_play_with(core: Core) -> str:
    """The code of a ticket that the heroine holds; opened now if there is none."""
    held = core.store.writer.write_now(lambda unit: unit.live_tickets((HEROINE,), (), False))
    for ticket in held:
        if ticket.holder.accounts == (HEROINE,):
            return ticket.code
    desk = next(iter(core.charts.current.dispatchers.members))
    facts = Facts("西区基站退服", Severity.MAJOR, fault_type="基站退服", source="告警", location="西区")
    request = OpenRequest(facts, Actor(account=desk), "-核心维护室-话务维护组-wangmin", "请处理", channel="cli")
    done = core.store.writer.write_now(lambda unit: core.office.open(unit, request))
    if not isinstance(done, Acted):
        raise Unfit(f"{core.settings.orgchart}: {core.office.say(done)} Delete it, and the sample is put there again.")
    return done.ticket.code


def _is_her_only_one(core: Core) -> bool:
    """Whether a command without a code means that ticket: not on a demo that goes on where another stopped."""
    units = core.charts.current.units_of(HEROINE)
    return len(core.store.writer.write_now(lambda unit: unit.live_tickets((HEROINE,), units, False))) == 1


def _say_serving(address: str, settings: Settings, first: str | None) -> None:
    typer.echo(f"smsgate serves on {address}")
    if first is not None:
        base = settings.public_base.rstrip("/") or address.rstrip("/")
        typer.echo("还没有用户：用此链接设定第一个管理员，24小时内有效，只能用一次。")
        typer.echo("There is no user yet. The first admin comes in by this, once, within 24 hours:")
        typer.echo(f"    {base}/first?token={first}")
    for line in account_lines(settings):
        typer.echo(line)


def account_lines(settings: Settings) -> Iterator[str]:
    """The provider accounts in use, and what has to be configured on their side."""
    twilios = [name for name, account in settings.accounts.items() if account.kind == "twilio"]
    for name, account in settings.accounts.items():
        if isinstance(account, SmppAccount | CmppAccount):
            yield f"account {name}: {_link_line(account)}"
            continue
        if isinstance(account, EmailAccount):
            door = f", takes mail on {account.door.listen}" if account.door is not None else ", takes no mail"
            yield f"account {name}: e-mail by {account.host}:{account.port} as {account.address}{door}"
            continue
        if account.kind != "twilio":
            yield f"account {name}: the phone simulator, nothing is sent to anybody"
            continue
        sender = account.sender or account.messaging_service_sid
        yield f"account {name}: Twilio {account.account_sid}, sends as {sender}"
        query = f"?account={quote(name)}" if len(twilios) > 1 else ""
        if settings.public_base:
            door = f"{settings.public_base.rstrip('/')}/providers/twilio/mo{query}"
            yield f"    at Twilio, let incoming messages be posted to {door}"
        else:
            yield "    no public_base is set: Twilio's webhooks are refused, since their signatures are over it"


def _link_line(account: SmppAccount | CmppAccount) -> str:
    """What it connects to, and as whom."""
    if isinstance(account, CmppAccount):
        protocol, who = f"CMPP {account.version}", account.sp_id
    else:
        protocol, who = "SMPP 3.4", account.system_id
    how = f"{account.connections} connections" if account.connections > 1 else "1 connection"
    where = f"{account.host}:{account.port}" + (" over TLS" if account.tls else "")
    return f"{protocol} at {where} as {who}, {how}, sends as {account.service_number}"


def _say_demo(address: str, tour: tuple[str, str], settings: Settings, gateway: str) -> None:
    """`tour`: her ticket's code, and what to type."""
    code, first = tour
    typer.echo(f"smsgate demo: open {address}")
    if gateway:
        typer.echo(f"It hangs on a simulated carrier's gateway, where the phones are: {gateway}")
    typer.echo(f"You play 王敏 (wangmin), who holds ticket {code}. Type on her phone:")
    typer.echo(f"    {first}")
    typer.echo("and watch the log gain a hop and 何丽佳's phone ring. Ctrl+C ends it.")
    typer.echo("For the other commands, in a second terminal, in this folder, type:")
    for line in (*_activation(), shared_with(settings), "smsgate log --follow"):
        typer.echo(f"    {line}")


def _activation() -> Iterator[str]:
    """What lets a terminal find the command, where it lies in an environment of its own."""
    script = Path(sys.prefix) / "bin" / "activate"
    if sys.prefix != sys.base_prefix and script.is_file():
        here = script.relative_to(Path.cwd()) if script.is_relative_to(Path.cwd()) else script
        yield f". {shlex.quote(str(here))}"


def shared_with(settings: Settings) -> str:
    """What to type in another terminal, so that commands there work on the same chart and database."""
    named = {"SMSGATE_DATABASE": settings.database, "SMSGATE_ORGCHART": str(settings.orgchart)}
    return "export " + " ".join(f"{name}={shlex.quote(value)}" for name, value in named.items())
