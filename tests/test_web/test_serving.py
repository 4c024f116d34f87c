"""A run of the whole service: how it ends, and which charts it takes while it runs."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from routing.chart import Chart
from routing.loader import load_file
from smsgate.accounts import TwilioAccount
from smsgate.bootstrap import Core, Unfit, refuse_sample, rules_of
from smsgate.cli import app
from smsgate.config import Settings
from smsgate.listening import listen
from smsgate.sample import sample_path
from smsgate.service.charts import ChartInForce
from smsgate.service.office import Office
from smsgate.service.ports import StoreUnavailable
from smsgate.serving import Served
from smsgate.store.engine import database_url
from smsgate.store.store import Store

SMSGATE = str(Path(sys.executable).with_name("smsgate"))
SLOW = 1.0
"""Seconds that the provider takes to answer."""


def own_chart(folder: Path, **changes: str) -> Path:
    """The sample with numbers that are nobody's."""
    text = sample_path().read_text(encoding="utf-8")
    for old, new in {
        "139100": "137999",
        "139 1000 0103": "13799900103",
        "+442071838750": "+442071838751",
        **changes,
    }.items():
        text = text.replace(old, new)
    path = folder / "orgchart.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def loaded(path: Path) -> Chart:
    chart = load_file(path).chart
    assert chart is not None
    return chart


def until(true: Callable[[], Any], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def read_to_its_end(line: socket.socket) -> bytes:
    answer = b""
    while chunk := line.recv(65536):
        answer += chunk
    return answer


class SlowTwilio(BaseHTTPRequestHandler):
    """Takes every message, and its time."""

    asked: threading.Event

    def do_POST(self) -> None:
        self.asked.set()
        time.sleep(SLOW)
        body = json.dumps({"sid": "SM1"}).encode()
        self.send_response(201)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def slow_twilio() -> Iterator[tuple[str, threading.Event]]:
    asked = threading.Event()
    server = HTTPServer(("127.0.0.1", 0), type("Asked", (SlowTwilio,), {"asked": asked}))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, 0), pytest.param(signal.SIGINT, 130, marks=pytest.mark.long)]
)
def test_told_to_stop_it_first_settles_what_it_is_sending(
    tmp_path: Path,
    slow_twilio: tuple[str, threading.Event],
    monkeypatch: pytest.MonkeyPatch,
    number: signal.Signals,
    status: int,
) -> None:
    """A message whose answer is still out when the signal comes is not left without an outcome."""
    api_base, asked = slow_twilio
    account = {"kind": "twilio", "account_sid": "AC1", "auth_token": "x", "sender": "+15005550006"}
    monkeypatch.setenv("SMSGATE_ORGCHART", str(own_chart(tmp_path)))
    monkeypatch.setenv("SMSGATE_LISTEN", "127.0.0.1:0")
    monkeypatch.setenv("SMSGATE_ACCOUNTS", json.dumps({"tw": {**account, "api_base": api_base}}))
    monkeypatch.chdir(tmp_path)
    for words in (["db", "upgrade"], ["ticket", "open", "西区基站退服", "--to", "-核心维护室-话务维护组-wangmin"]):
        assert CliRunner().invoke(app, words).exit_code == 0
    process = subprocess.Popen([SMSGATE, "serve"], stderr=subprocess.PIPE)
    try:
        assert asked.wait(60)
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()  # does nothing where it has ended
        process.wait()
    assert process.returncode == status, said.decode()
    with sqlite3.connect(tmp_path / "smsgate.db") as database:
        assert database.execute("SELECT state, provider_id FROM mts").fetchall() == [("sent", "SM1")]
    database.close()


def test_the_samples_duty_phones_belong_to_somebody_too(tmp_path: Path) -> None:
    """People have their own numbers, and the dispatchers' shared phone is still the sample's."""
    settings = Settings(accounts={"tw": twilio()})
    refuse_sample(settings, loaded(own_chart(tmp_path)))
    with pytest.raises(Unfit, match="13910000199"):
        refuse_sample(settings, loaded(own_chart(tmp_path, **{"13799900199": "13910000199"})))


class FaultyWriter:
    """A writer that the database has left, for the first chart that is to be kept."""

    def __init__(self, store: Store) -> None:
        self._writer = store.writer
        self.tries = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)

    async def write(self, work: Any) -> Any:
        self.tries += 1
        if self.tries == 1:
            raise StoreUnavailable("locked")
        return await self._writer.write(work)


def core_on(folder: Path, chart: Path, **accounts: Any) -> Core:
    given = {"accounts": accounts} if accounts else {}
    settings = Settings(database=f"sqlite:///{folder / 'served.db'}", orgchart=chart, **given)
    charts = ChartInForce(loaded(chart))
    store = Store.open(database_url(settings.database))
    return Core(settings, store, charts, Office(charts, rules_of(settings), lambda: 0))


def twilio() -> TwilioAccount:
    return TwilioAccount(kind="twilio", account_sid="AC1", auth_token=SecretStr("x"), sender="+15005550006")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Callable[[Core], int]]:
    """Runs a core in a thread until the test ends; answers its port."""
    ends: list[Callable[[], None]] = []

    def run(core: Core) -> int:
        served, listening, up = Served(core, open_desk=True), listen("127.0.0.1", 0), threading.Event()
        thread = threading.Thread(target=lambda: asyncio.run(served.run(listening, lambda _: up.set())))
        thread.start()
        assert up.wait(60)

        def end() -> None:
            served.stop()
            thread.join()
            listening.close()
            core.close()

        ends.append(end)
        return int(listening.getsockname()[1])

    yield run
    for end in ends:
        end()


def test_a_running_service_with_a_real_provider_refuses_the_samples_numbers_as_well(
    tmp_path: Path, running: Callable[[Core], int]
) -> None:
    """The last good chart stays, and everybody can read why."""
    core = core_on(tmp_path, own_chart(tmp_path), tw=twilio())
    good = core.charts.current
    running(core)
    own_chart(tmp_path, **{"13799900002": "13910000002"})
    until(lambda: core.charts.faults)
    assert "belong to somebody" in core.charts.faults[0]
    assert core.charts.current is good
    own_chart(tmp_path, **{"13799900002": "13799900777"})
    until(lambda: core.charts.current is not good)
    assert core.charts.faults == ()


def test_a_new_chart_waits_for_the_database(tmp_path: Path, running: Callable[[Core], int]) -> None:
    """And the file is watched on afterwards."""
    core = core_on(tmp_path, own_chart(tmp_path))
    running(core)
    faulty = FaultyWriter(core.store)
    first = core.charts.current
    core.store.writer = faulty  # type: ignore[assignment]
    own_chart(tmp_path, **{"13799900002": "13799900777"})
    until(lambda: core.charts.current is not first)
    assert faulty.tries > 1
    second = core.charts.current
    own_chart(tmp_path, **{"13799900002": "13799900888"})
    until(lambda: core.charts.current is not second)


@pytest.mark.parametrize(
    "before",
    [b"", b"GET /healthz HT", b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /healthz HTTP/1.1\r\nHos"],
    ids=["nothing", "half a head", "half a second head"],
)
def test_a_connection_without_a_whole_request_is_closed(
    tmp_path: Path, running: Callable[[Core], int], monkeypatch: pytest.MonkeyPatch, before: bytes
) -> None:
    """Or a few hundred of them would shut everybody out."""
    monkeypatch.setattr("smsgate.web.prompt.HEAD_WITHIN", 0.3)
    port = running(core_on(tmp_path, own_chart(tmp_path)))
    with socket.create_connection(("127.0.0.1", port), timeout=3) as line:
        line.sendall(before)
        answer = read_to_its_end(line)
    assert answer.count(b"HTTP/1.1 200 OK") == before.count(b"\r\n\r\n")


def test_a_stream_is_not_cut_for_being_long(
    tmp_path: Path, running: Callable[[Core], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its request came whole."""
    monkeypatch.setattr("smsgate.web.prompt.HEAD_WITHIN", 0.3)
    port = running(core_on(tmp_path, own_chart(tmp_path)))
    with socket.create_connection(("127.0.0.1", port), timeout=1) as line:
        line.sendall(b"GET /events/transfers HTTP/1.1\r\nHost: localhost\r\n\r\n")
        with pytest.raises(TimeoutError):
            read_to_its_end(line)
