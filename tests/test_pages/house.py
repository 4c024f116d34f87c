"""A whole smsgate on a port of this machine, to be looked at with a browser: started, stopped, started again."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn

from routing.chart import Chart
from routing.loader import load_file
from routing.model import Act, Actor
from smsgate.bootstrap import rules_of
from smsgate.clock import now
from smsgate.config import Settings
from smsgate.domain.states import Severity
from smsgate.domain.ticket import Facts
from smsgate.providers.simulator import Simulator
from smsgate.service.charts import ChartInForce
from smsgate.service.office import Office
from smsgate.service.ports import DeliveryReport
from smsgate.service.requests import Acted, ActRequest, OpenRequest
from smsgate.store.engine import database_url
from smsgate.store.receipts import apply_dlr
from smsgate.store.store import Store
from smsgate.web.app import create_app
from smsgate.web.context import WebContext
from smsgate.web.pages import mount_pages
from smsgate.workers.dispatcher import Dispatcher

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = "ZP#-核心维护室-话务维护组-helijia#已经恢复,请核查。"


def sample_chart() -> Chart:
    """The chart at the repository's root."""
    chart = load_file(ROOT / "orgchart.yaml").chart
    assert chart is not None
    return chart


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class House:
    """The server, in a thread of its own, and hands to act without it."""

    folder: Path
    clock: Callable[[], int] = now
    port: int = field(default_factory=free_port)
    _server: uvicorn.Server | None = None
    _thread: threading.Thread | None = None

    def __post_init__(self) -> None:
        self.settings = Settings(database=f"sqlite:///{self.folder / 'house.db'}")
        self.charts = ChartInForce(sample_chart())
        self.office = Office(self.charts, rules_of(self.settings), self.clock)
        self.store = Store.open(database_url(self.settings.database))

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> House:
        """Open the doors."""
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        deadline = time.monotonic() + 10
        while self._server is None or not self._server.started:
            assert time.monotonic() < deadline, "the server does not start"
            time.sleep(0.01)
        return self

    def stop(self) -> None:
        """Shut the doors; what is in the database stays."""
        assert self._server is not None
        assert self._thread is not None
        self._server.should_exit = True
        self._server.config.app.state.feed.close()  # type: ignore[union-attr]
        self._thread.join(10)
        self._server = None

    def close(self) -> None:
        """Take it down."""
        if self._server is not None:
            self.stop()
        self.store.close()

    def open(self, title: str = "西区基站退服", text: str = "请处理", severity: str = "major", **facts: str) -> Acted:
        """A ticket for 王敏."""
        target = facts.pop("target", "-核心维护室-话务维护组-wangmin")
        asked = OpenRequest(
            Facts(title=title, severity=Severity(severity), **facts), Actor(account="zhoujie"), target, text
        )
        done = self.store.writer.write_now(lambda unit: self.office.open(unit, asked))
        assert isinstance(done, Acted), done
        return done

    def act(self, who: str, act: Act, ticket: str, text: str = "", target: str | None = None) -> Acted:
        """Somebody acts beside the browser."""
        asked = ActRequest(ticket, act, Actor(account=who), text, target)
        done = self.store.writer.write_now(lambda unit: self.office.act(unit, asked))
        assert isinstance(done, Acted), done
        return done

    async def _serve(self) -> None:
        store = Store.open(self.store.url)
        simulator = Simulator("simulator")

        async def receipt(report: DeliveryReport) -> None:
            await store.writer.write(lambda unit: apply_dlr(unit, report))

        simulator.on_dlr = receipt
        dispatcher = Dispatcher(store.writer, {"simulator": simulator}).start()
        context = WebContext(
            settings=self.settings,
            writer=store.writer,
            reading=store.reading,
            office=self.office,
            charts=self.charts,
            providers={"simulator": simulator},
            clock=self.clock,
        )
        app = create_app(context, [mount_pages])
        config = uvicorn.Config(app, port=self.port, log_level="warning", lifespan="off", timeout_graceful_shutdown=3)
        self._server = uvicorn.Server(config)
        await self._server.serve()
        await dispatcher.stop()
        await store.aclose()
