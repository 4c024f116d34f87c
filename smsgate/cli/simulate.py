"""`smsgate simulate smpp|cmpp`: a carrier's gateway on this machine, to try a link with."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated

import typer
import uvicorn
import uvloop

from smsgate import log
from smsgate.bootstrap import Unfit
from smsgate.listening import listen
from smsgate.simulate import Gateway, Login, Submit
from smsgate.simulate.api_models import SubmitRow

LOOPBACK = "127.0.0.1"
PORTS = {"smpp": 2775, "cmpp": 7890}
CONTROL_PORT = 8490
READY_WITHIN = 30
"""Seconds until the gateway of a demo listens."""
SECRET = "geheim12"  # noqa: S105 - the next line says of what
"""Of a gateway that nobody but this machine reaches."""


class Protocol(StrEnum):
    """What it speaks."""

    SMPP = "smpp"
    CMPP = "cmpp"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The gateway that is asked for."""

    protocol: Protocol
    port: int
    control: int
    name: str
    secret: str
    version: str = ""
    submit_log: Path | None = None
    beside: bool = False
    """It ends when its standard input does: whoever holds the other end has ended, by whatever."""

    @property
    def account(self) -> dict[str, object]:
        """The settings of an account that hangs on it."""
        given: dict[str, object] = {
            "kind": self.protocol.value,
            "host": LOOPBACK,
            "port": self.port,
            "simulated": True,
            "service_number": "10657500",
            "extension_digits": 8,
        }
        if self.protocol is Protocol.SMPP:
            return given | {"system_id": self.name, "password": self.secret}
        return given | {"sp_id": self.name, "shared_secret": self.secret}

    def gateway(self) -> Gateway:
        """Not listening yet."""
        login = Login(self.name, self.secret)
        if self.protocol is Protocol.SMPP:
            return Gateway.smpp(login=login, host=LOOPBACK, port=self.port)
        return Gateway.cmpp(login=login, host=LOOPBACK, port=self.port, version=self.version)


def simulate_command(
    protocol: Annotated[Protocol, typer.Argument(help="smpp or cmpp")],
    port: Annotated[int | None, typer.Option(help="default 2775 for SMPP, 7890 for CMPP", min=1, max=65535)] = None,
    control_port: Annotated[int, typer.Option(help="of the control page and its API", min=1, max=65535)] = CONTROL_PORT,
    name: Annotated[str | None, typer.Option(help="who may log in: system_id, or the SP's code")] = None,
    secret: Annotated[str, typer.Option(help="their password or shared secret")] = SECRET,
    version: Annotated[str, typer.Option(help="CMPP 2.0 or 3.0 whatever is asked for; default: as asked")] = "",
    submit_log: Annotated[Path | None, typer.Option(help="append each submit to this file, one JSON a line")] = None,
    beside_another: Annotated[bool, typer.Option("--beside", hidden=True, help="end when standard input ends")] = False,
) -> None:
    """Play a carrier's gateway on loopback, with a page to see its SMS, type as a phone, and make it misbehave.

    Example: smsgate simulate cmpp
    """
    if version not in ("", "2.0", "3.0"):
        raise Unfit(f"--version {version}: write 2.0 or 3.0, or leave it out")
    who = name or ("smsgate" if protocol is Protocol.SMPP else "900001")
    wanted = Wanted(protocol, port or PORTS[protocol], control_port, who, secret, version, submit_log, beside_another)
    log.configure("warning", "console")
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(simulate(wanted, lambda: _say(wanted)))
    except OSError as error:
        raise Unfit(f"can't listen on {LOOPBACK}:{wanted.port}: {error.strerror}. Another port: --port") from error


async def simulate(wanted: Wanted, announce: Callable[[], None]) -> None:
    """Play it until SIGTERM or SIGINT. Raises OSError where its port is taken, Unfit for the page's."""
    from smsgate.simulate.control import control_app  # a second, for which no other command should wait
    from smsgate.web.local import LocalGuard
    from smsgate.web.tally import Tally

    gateway = wanted.gateway()
    page = listen(LOOPBACK, wanted.control)
    with _kept(wanted.submit_log) as note:
        gateway.on_submit = note
        async with gateway:
            app = LocalGuard(control_app(gateway, wanted.protocol.value), Tally())
            server = _Server(
                uvicorn.Config(
                    app,
                    loop="none",
                    lifespan="off",
                    log_config=None,
                    access_log=False,
                    proxy_headers=False,
                    server_header=False,
                    timeout_graceful_shutdown=1,
                )
            )
            if wanted.beside:
                _end_with_stdin(server)
            announce()
            await server.serve(sockets=[page])


def wanted_for_demo(protocol: Protocol) -> Wanted:
    """A gateway for `smsgate demo`, on ports that are free."""
    name = "smsgate" if protocol is Protocol.SMPP else "900001"
    return Wanted(protocol, _free(PORTS[protocol.value]), _free(CONTROL_PORT), name, SECRET)


@contextlib.contextmanager
def beside(wanted: Wanted) -> Iterator[str]:
    """The gateway in a process of its own, so that either can be killed without the other; its page's address."""
    program = Path(sys.executable).parent / "smsgate"
    words = [
        "simulate",
        wanted.protocol.value,
        "--port",
        str(wanted.port),
        "--control-port",
        str(wanted.control),
        "--beside",
    ]
    # in a group of its own: a signal to the demo's would end the gateway first, and the demo would say that it is gone
    # its standard input is a pipe that nobody writes to: the system closes it also where the demo is killed
    process = subprocess.Popen([program, *words], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, process_group=0)
    try:
        _until_it_listens(wanted.port, process)
        yield f"http://{LOOPBACK}:{wanted.control}/"
    finally:
        process.terminate()
        process.wait(5)
        if process.stdin is not None:
            process.stdin.close()


def _until_it_listens(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), 1):
            return
        time.sleep(0.1)
    raise Unfit(f"the simulated gateway did not start on {LOOPBACK}:{port}; see what smsgate simulate says")


def _free(port: int) -> int:
    """That port, or any other if it is taken."""
    for wanted in (port, 0):
        with socket.socket() as one, contextlib.suppress(OSError):
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind((LOOPBACK, wanted))
            return int(one.getsockname()[1])
    raise Unfit(f"no port is free on {LOOPBACK}")


class _kept:  # noqa: N801 - used as a function
    """Appends submits to a file, if there is to be one."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def __enter__(self) -> Callable[[Submit], None] | None:
        if self._path is None:
            return None
        try:
            self._file = self._path.open("a", encoding="utf-8")
        except OSError as error:
            raise Unfit(f"--submit-log {self._path}: {error.strerror}") from error
        return self._note

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def _note(self, submit: Submit) -> None:
        if self._file is not None:
            self._file.write(json.dumps(SubmitRow.of(submit).model_dump(), ensure_ascii=False) + "\n")
            self._file.flush()


class _Server(uvicorn.Server):
    """Ends at a signal without raising it again."""

    def handle_exit(self, sig: int, frame: object) -> None:
        """As told."""
        del frame
        self.force_exit = sig == signal.SIGINT and self.should_exit
        self.should_exit = True


def _end_with_stdin(server: _Server) -> None:
    def wait() -> None:
        # by its number: a thread in sys.stdin would hold up the end of the interpreter
        with contextlib.suppress(OSError):
            while os.read(0, 1024):
                pass
        server.should_exit = True

    threading.Thread(target=wait, name="stdin", daemon=True).start()


def _say(wanted: Wanted) -> None:
    typer.echo(f"a simulated {wanted.protocol.value.upper()} gateway listens on {LOOPBACK}:{wanted.port}")
    typer.echo(f"its page: http://{LOOPBACK}:{wanted.control}/")
    typer.echo("an account that hangs on it, for smsgate.toml:\n")
    typer.echo("[accounts.simulated]")
    for key, value in wanted.account.items():
        typer.echo(f"{key} = {json.dumps(value)}")
    typer.echo("\nCtrl+C ends it.")
