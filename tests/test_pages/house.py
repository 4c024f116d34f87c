"""A whole smsgate on a port of this machine, to be looked at with a browser: started, stopped, started again."""

from __future__ import annotations

import asyncio
import faulthandler
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from routing.model import Act, Actor
from smsgate.bootstrap import Core, rules_of
from smsgate.clock import now
from smsgate.config import Settings
from smsgate.domain.states import Severity
from smsgate.domain.ticket import Facts
from smsgate.listening import listen
from smsgate.sample import sample_chart, sample_path
from smsgate.service.charts import ChartInForce
from smsgate.service.office import Office
from smsgate.service.requests import Acted, ActRequest, OpenRequest
from smsgate.serving import Served
from smsgate.store.engine import database_url
from smsgate.store.store import Store

EXAMPLE = "ZP#-核心维护室-话务维护组-helijia#已经恢复,请核查。"


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
    open_desk: bool = True
    """As in the demo: nobody signs in."""
    _served: Served | None = None
    _thread: threading.Thread | None = None

    def __post_init__(self) -> None:
        self.settings = Settings(database=f"sqlite:///{self.folder / 'house.db'}", orgchart=sample_path())
        self.charts = ChartInForce(sample_chart())
        self.office = Office(self.charts, rules_of(self.settings), self.clock)
        self.store = Store.open(database_url(self.settings.database))

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> House:
        """Open the doors."""
        listening = listen("127.0.0.1", self.port)
        store = Store.open(self.store.url)
        served = self._served = Served(
            Core(self.settings, store, self.charts, self.office), self.clock, open_desk=self.open_desk
        )
        up = threading.Event()

        def run() -> None:
            with listening:
                asyncio.run(served.run(listening, lambda _address: up.set()))
            store.close()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        assert up.wait(60), "the server does not start"
        return self

    def stop(self) -> None:
        """Shut the doors; what is in the database stays."""
        assert self._served is not None
        assert self._thread is not None
        self._served.stop()
        self._thread.join(20)
        if self._thread.is_alive():
            faulthandler.dump_traceback(all_threads=True)  # where it hangs, in the test's report
        assert not self._thread.is_alive(), "the server does not end"
        self._served = None

    def close(self) -> None:
        """Take it down."""
        if self._served is not None:
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
