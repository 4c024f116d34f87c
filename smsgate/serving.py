"""Everything that runs while smsgate serves: doors, windows, dispatcher, chart watch, housekeeping."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import socket
from collections.abc import Callable, Coroutine
from typing import Any

import structlog
import uvicorn
import uvloop
from fastapi import FastAPI

from routing.chart import Chart
from routing.faults import Fault
from smsgate.bootstrap import Core, Unfit, refuse_sample
from smsgate.clock import now
from smsgate.providers import make_provider
from smsgate.providers.simulator import Simulator
from smsgate.service.ports import DeliveryReport, Provider
from smsgate.service.retry import Policy
from smsgate.store.receipts import apply_dlr
from smsgate.web.app import create_app
from smsgate.web.context import WebContext
from smsgate.web.pages import mount_pages
from smsgate.workers.chart_watch import ChartWatch
from smsgate.workers.dispatcher import Dispatcher
from smsgate.workers.sweeper import Sweeper

BACKLOG = 2048
"""Connections that may wait to be taken."""

SHUTDOWN = 3
"""Seconds that requests under way are waited for."""

_log = structlog.get_logger(__name__)


def serve(core: Core, announce: Callable[[str], None]) -> None:
    """Serve until told to stop. Raises Unfit where the settings don't allow it, OSError where the port is taken."""
    refuse_sample(core.settings, core.charts.current)
    listening = _listen(core.settings.host, core.settings.port)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_Served(core).run(listening, announce))
    finally:
        listening.close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        # before the address is announced: who comes at once waits in the backlog instead of being refused
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise Unfit(
            f"can't listen on {host}:{port}: {error.strerror}. Is smsgate running there already? Another port:"
            f" SMSGATE_LISTEN=127.0.0.1:{port + 1}"
        ) from error
    return listening


class _Served:
    """One run of the service."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._watch: ChartWatch | None = None

    async def run(self, listening: socket.socket, announce: Callable[[str], None]) -> None:
        core = self._core
        # the chart is walked by no later collection of garbage
        gc.collect()
        gc.freeze()
        providers = self._providers()
        retry = core.settings.retry
        dispatcher = Dispatcher(
            core.store.writer,
            providers,
            policy=Policy(retry.tries, int(retry.first_seconds * 1000), int(retry.longest_seconds * 1000)),
            lease=int(core.settings.lease_seconds * 1000),
        ).start()
        context = WebContext(
            settings=core.settings,
            writer=core.store.writer,
            reading=core.store.reading,
            office=core.office,
            charts=core.charts,
            providers=providers,
            lanes=lambda: dispatcher.counters,
        )
        app = create_app(context, [mount_pages])
        loops = [self._chart_watch(), Sweeper(core.store.writer, core.office).run()]
        async with _running(loops):
            await _http(app, listening, announce)
        await dispatcher.stop()
        for provider in providers.values():
            await provider.close()
        await core.store.reading.dispose()

    def _providers(self) -> dict[str, Provider]:
        settings = self._core.settings
        made = {name: make_provider(name, account, settings.public_base) for name, account in settings.accounts.items()}
        for provider in made.values():
            if isinstance(provider, Simulator):
                provider.on_dlr = self._receipt
        return made

    async def _receipt(self, report: DeliveryReport) -> None:
        await self._core.store.writer.write(lambda unit: apply_dlr(unit, report))

    def _chart_watch(self) -> Coroutine[Any, Any, None]:
        watch = ChartWatch(self._core.settings.orgchart, self._core.charts.current, self._on_chart, self._on_faults)
        return watch.run()

    async def _on_chart(self, chart: Chart, text: str, who: str) -> None:
        at = now()
        await self._core.store.writer.write(lambda unit: unit.keep_chart(chart.hash, text, who, at))
        self._core.charts.put(chart)
        _log.info("chart in force", hash=chart.hash[:12], who=who)

    async def _on_faults(self, faults: tuple[Fault, ...]) -> None:
        errors = tuple(str(fault) for fault in faults if fault.severity == "error")
        if errors:
            self._core.charts.reject(errors)
            _log.error("chart rejected, the last good one stays", faults=errors[:20])
        else:
            self._core.charts.reject(())


@contextlib.asynccontextmanager
async def _running(loops: list[Coroutine[Any, Any, None]]) -> Any:
    tasks = [asyncio.create_task(loop) for loop in loops]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Server(uvicorn.Server):
    """Lets go of the live streams first: uvicorn would wait for them."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the streams, then everything."""
        self._app.state.feed.close()
        await super().shutdown(sockets)


async def _http(app: FastAPI, listening: socket.socket, announce: Callable[[str], None]) -> None:
    config = uvicorn.Config(
        app,
        loop="none",
        http="httptools",
        ws="none",
        lifespan="off",
        # the peer is who connects: a header can't make it another
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=SHUTDOWN,
    )
    server = _Server(config, app)
    host, port = listening.getsockname()[:2]
    announce(f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/")
    await server.serve(sockets=[listening])
