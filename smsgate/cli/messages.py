"""`smsgate send` and `smsgate replay`."""

from __future__ import annotations

import re

import typer

from routing.phones import normalise_phone
from smsgate.bootstrap import Core
from smsgate.cli.shown import opened, stop
from smsgate.clock import now
from smsgate.config import Settings
from smsgate.domain.messages import MobileOriginated, MoState
from smsgate.domain.refusals import Refusal
from smsgate.service.requests import Receipt
from smsgate.store.terminal import shunted_mos

RECEIVER = re.compile(r"\+?[0-9]{3,24}")
_NOT_DONE = (MoState.REFUSED, MoState.ASKED, MoState.SUPPRESSED, MoState.UNKNOWN_SENDER, MoState.SHUNTED)


def send_command(
    text: str = typer.Argument(help="the SMS"),
    sender: str = typer.Option(..., "--from", help="the phone that sends it"),
    to: str | None = typer.Option(None, help="the number it is sent to: the service number, perhaps a code behind it"),
) -> None:
    """Let a phone of the simulator send an SMS, and show what it is answered.

    Exit status: 0 if it was done, 1 if it was refused, is of an unknown sender or met a bug, 2 for a wrong call.

    Example: smsgate send --from 13910000002 'ZP#-核心维护室-话务维护组-helijia#已经恢复,请核查。'
    """
    phone = normalise_phone(sender)
    if phone is None:
        stop(f"{sender!r} is no phone number: write it as 13910000001 or +8613910000001", 2)
    settings = Settings()
    account = _simulator(settings)
    receiver = settings.numbers[account].digits if to is None else to
    if not RECEIVER.fullmatch(receiver):
        stop(f"{to!r} is no number to send to: write digits, such as {settings.numbers[account].source('48217')}", 2)
    with opened() as core:
        mo = MobileOriginated(account, "", phone, receiver, text, text.encode("utf-8", "surrogateescape"), now())
        receipt = core.store.writer.write_now(lambda unit: core.office.receive(unit, mo))
    _show(receipt)


def replay_command(
    mo: int | None = typer.Argument(None, help="the number of a shunted message"),
    every: bool = typer.Option(False, "--all", help="all shunted messages, oldest first"),
    force: bool = typer.Option(False, "--force", help="even if the ticket has moved since"),
) -> None:
    """Run again what a bug kept from being processed; without arguments, list it.

    Example: smsgate replay 1042
    """
    with opened() as core:
        waiting = shunted_mos(core.store.engine)
        if mo is None and not every:
            for number, sender, text in waiting:
                typer.echo(f"{number}  {sender}  {text}")
            return
        chosen = [number for number, _, _ in waiting] if mo is None else [mo]
        for number in chosen:
            _replay(core, number, force)


def _replay(core: Core, number: int, force: bool) -> None:
    try:
        done = core.store.writer.write_now(lambda unit: core.office.replay(unit, number, force=force))
    except LookupError as error:
        stop(str(error))
    if isinstance(done, Refusal):
        stop(f"{core.office.say(done)}  --force runs it all the same.")
    _show(done)


def _show(receipt: Receipt) -> None:
    result = receipt.result
    reason = f" ({result.outcome})" if result.outcome else ""
    typer.echo(f"{receipt.mo_id or '-'}  {result.state}{reason}")
    if receipt.answer is not None:
        typer.echo(receipt.answer)
    if result.state in _NOT_DONE:
        raise typer.Exit(1)


def _simulator(settings: Settings) -> str:
    names = [name for name, account in settings.accounts.items() if account.kind == "simulator"]
    if names:
        return names[0]
    return stop("no account of the phone simulator is configured; a real phone has to send it", 2)
