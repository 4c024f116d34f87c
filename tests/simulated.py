"""A real `smsgate simulate` in a process of its own, on free ports."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

SMSGATE = Path(sys.executable).parent / "smsgate"
READY_WITHIN = 90
"""Seconds."""
SECRET = "geheim12"
_LOGINS = {
    "smpp": f'kind = "smpp"\nsystem_id = "smsgate"\npassword = "{SECRET}"\n',
    "cmpp": f'kind = "cmpp"\nsp_id = "900001"\nshared_secret = "{SECRET}"\n',
}


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@dataclass(slots=True)
class Simulated:
    """`smsgate simulate`, as often as it takes, always on the same ports."""

    protocol: str
    log: Path
    """A JSON line for each submit, written before it is answered."""
    port: int = field(default_factory=free_port)
    control: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None

    @property
    def base(self) -> str:
        """Of its page and API."""
        return f"http://127.0.0.1:{self.control}"

    def account(self, name: str, **settings: object) -> str:
        """For smsgate.toml: an account that hangs on it."""
        soon = {"reconnect_seconds": 0.1, "reconnect_longest_seconds": 0.5}
        given = {"host": "127.0.0.1", "port": self.port, "simulated": True, "service_number": "10657500",
                 "extension_digits": 8, **soon, **settings}  # fmt: skip
        lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in given.items())
        return f"[accounts.{name}]\n{_LOGINS[self.protocol]}{lines}"

    def start(self) -> None:
        """Run it until it answers."""
        words = ["--port", str(self.port), "--control-port", str(self.control), "--submit-log", str(self.log)]
        self.process = subprocess.Popen(
            [SMSGATE, "simulate", self.protocol, *words], stdout=subprocess.PIPE, text=True
        )  # fmt: skip
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until:
            with contextlib.suppress(httpx.TransportError):
                self.state()
                return
            assert self.process.poll() is None, "it did not start"
            time.sleep(0.05)
        raise AssertionError("it does not answer")

    def kill(self) -> None:
        """SIGKILL; it is gone when this returns."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            if self.process.stdout is not None:
                self.process.stdout.close()
            self.process = None

    def state(self) -> dict[str, Any]:
        """What its API says of it."""
        found: dict[str, Any] = httpx.get(f"{self.base}/api/state", trust_env=False).json()
        return found

    def fault(self, **faults: object) -> None:
        """Something is wrong with it from now on."""
        httpx.put(f"{self.base}/api/faults", json=faults, trust_env=False).raise_for_status()

    def submits(self, *fates: str) -> list[dict[str, Any]]:
        """All that it was ever submitted, over its restarts; with such a fate, if any is named."""
        if not self.log.exists():
            return []
        # a line that a killed process has not finished is none: its submit was not answered
        lines = [line for line in self.log.read_text(encoding="utf-8").splitlines(keepends=True) if line.endswith("\n")]
        rows = [json.loads(line) for line in lines]
        return [row for row in rows if not fates or row["fate"] in fates]


@contextlib.contextmanager
def simulated_gateway(protocol: str, folder: Path, name: str = "submits") -> Iterator[Simulated]:
    """One that is up; in the end it is gone."""
    one = Simulated(protocol, folder / f"{name}.jsonl")
    try:
        one.start()
        yield one
    finally:
        one.kill()
