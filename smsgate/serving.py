"""Everything that runs while smsgate serves: doors, windows, dispatcher, chart watch, housekeeping."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Any

import structlog
import uvicorn
import uvloop
from fastapi import FastAPI

from routing.chart import Chart
from routing.faults import Fault
from smsgate.accounts import EmailAccount
from smsgate.bootstrap import Core, Unfit, health_rules, refuse_sample
from smsgate.clock import now
from smsgate.listening import listen
from smsgate.mail import MailDoor, MailDoors, MailDoorTaken
from smsgate.providers import is_link, make_provider
from smsgate.providers.email import EmailProvider
from smsgate.providers.simulator import Simulator
from smsgate.service.charts import Saver
from smsgate.service.former import who_left
from smsgate.service.ports import DeliveryReport, Provider, StoreUnavailable
from smsgate.store.receipts import apply_dlr
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.web.accounts import samples
from smsgate.web.app import create_app
from smsgate.web.context import WebContext
from smsgate.web.pages import mount_pages
from smsgate.web.prompt import Prompt
from smsgate.web.tally import Tally
from smsgate.workers.chart_watch import ChartWatch
from smsgate.workers.daily_report import DailyReport, Plan
from smsgate.workers.dispatcher import Dispatcher
from smsgate.workers.health_watch import HealthWatch
from smsgate.workers.inbox import LinkInbox
from smsgate.workers.mover import Mover
from smsgate.workers.sweeper import Sweeper

TURN = 0.0005
"""Seconds that one thread has the interpreter while another waits for it; Python's own are 0.005."""

YOUNG = 50_000
"""Objects kept since the last look for garbage among the newest that bring the next; Python's own are 700, and with
256 messages in flight it looks through the same ones again and again."""

SHUTDOWN = 3
"""Seconds that requests under way are waited for."""

LEAVING = 500
"""People who have left the chart, kept in one transaction."""
STORE_PAUSE = 0.5
"""Seconds until a chart that the database did not take is written again."""

_log = structlog.get_logger(__name__)


def serve(core: Core, announce: Callable[[str], None], *, open_desk: bool = False) -> None:
    """Serve until told to stop by SIGTERM or SIGINT. `open_desk`: as WebContext has it.

    Raises Unfit where the settings don't allow it or the port is taken, and KeyboardInterrupt after SIGINT, when all
    is settled.
    """
    refuse_sample(core.settings, core.charts.current)
    listening = listen(core.settings.host, core.settings.port)
    make_haste()
    served = Served(core, open_desk=open_desk)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(served.run(listening, announce))
    except MailDoorTaken as error:
        raise Unfit(str(error)) from error
    finally:
        listening.close()
    if served.interrupted:
        raise KeyboardInterrupt


def make_haste() -> None:
    """Have the interpreter serve many small tasks; said once, when everything lasting has been made.

    The chart is walked by no collection of garbage from now on, and collections are rare: links at 256 in flight do a
    sixth more round trips by that. The event loop has the interpreter often: beside a busy writer it would get it 200
    times a second, and do a quarter less of them (`python -m benchmarks links`, each switched off by hand).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)
    sys.setswitchinterval(TURN)


class Served:
    """One run of the service."""

    def __init__(self, core: Core, clock: Callable[[], int] = now, *, open_desk: bool = False) -> None:
        self._core = core
        self._open_desk = open_desk
        self._clock = clock
        self._server: _Server | None = None
        self._unfit = ""

    @property
    def interrupted(self) -> bool:
        """Whether SIGINT has ended it."""
        return self._server is not None and signal.SIGINT in self._server.signals

    def stop(self) -> None:
        """Let what is under way finish, then end."""
        if self._server is not None:
            self._server.should_exit = True

    async def run(self, listening: socket.socket, announce: Callable[[str], None]) -> None:
        """Serve until stopped; then settle what has been sent, and let go of everything but the writer."""
        core = self._core
        providers = self._providers()
        policy = core.settings.retry.policy
        dispatcher = Dispatcher(
            core.store.writer,
            providers,
            policy=policy,
            lease=int(core.settings.lease_seconds * 1000),
            peers=core.office.rules.peers,
        ).start()
        tally = Tally()
        context = WebContext(
            settings=core.settings,
            writer=core.store.writer,
            reading=core.store.reading,
            office=core.office,
            charts=core.charts,
            providers=providers,
            clock=self._clock,
            lanes=lambda: dispatcher.counters,
            tally=tally,
            paces=lambda: {name: lane.pace.rate for name, lane in dispatcher.lanes.items()},
            open_desk=self._open_desk,
            chart_objection=self._objection,
        )
        app = create_app(context, [mount_pages])
        self._server = _Server(app)
        sweeper = Sweeper(core.store.writer, core.office, self._clock)
        inbox = LinkInbox(core.store.writer, core.office, self._clock, tally.links, policy=policy)
        doors = self._mail_doors(tally)
        loops = {
            **self._daily_report(providers, context),
            "chart watch": self._chart_watch(),
            "sweeper": sweeper.run(),
            "health": self._health_watch(dispatcher, providers).run(),
            "history": context.history.run(partial(samples, context)),
        }
        try:
            # ended last: what the dispatcher has under way still gets its answers
            async with _running(_links(providers, dispatcher, inbox)):
                try:
                    await doors.open()
                    async with _running(loops):
                        announce(_address(listening))
                        await self._server.serve(sockets=[listening])
                finally:
                    await doors.close()
                    await dispatcher.stop()
        finally:
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

    def _mail_doors(self, tally: Tally) -> MailDoors:
        """Those of the e-mail accounts that take mail."""
        core = self._core
        return MailDoors(
            {
                name: MailDoor(
                    name,
                    account,
                    core.settings.alarms,
                    core.store.writer,
                    core.office,
                    lambda: core.charts.current,
                    tally.links,
                    self._clock,
                )
                for name, account in core.settings.accounts.items()
                if isinstance(account, EmailAccount) and account.door is not None
            }
        )

    def _daily_report(
        self, providers: Mapping[str, Provider], context: WebContext
    ) -> dict[str, Coroutine[Any, Any, None]]:
        """The loop that makes it, where it is wanted."""
        core, said = self._core, self._core.settings.reports
        if not said.wanted:
            return {}
        account, provider = core.settings.accounts.get(said.account or ""), providers.get(said.account or "")
        sender = account.address if isinstance(account, EmailAccount) else ""
        plan = Plan(said.due, core.settings.language, sender, said.to, said.folder, said.keep_days)
        post = provider.post if isinstance(provider, EmailProvider) else None
        made = DailyReport(plan, core.store.writer, context.reports, lambda: core.charts.current, post, self._clock)
        return {"daily report": made.run()}

    async def _receipt(self, report: DeliveryReport) -> None:
        await self._core.store.writer.write(lambda unit: apply_dlr(unit, report))

    def _health_watch(self, dispatcher: Dispatcher, providers: dict[str, Provider]) -> HealthWatch:
        store, rules, judged_by = self._core.store, self._core.office.rules, health_rules(self._core.settings)
        mover = Mover(store.writer, rules, judged_by.hold, self._clock)
        return HealthWatch(
            providers, lambda: dispatcher.counters, store.reading, rules.standing, judged_by, mover, self._clock
        )

    async def _chart_watch(self) -> None:
        chart, at = self._core.charts.current, self._clock()
        await self._written(lambda unit: unit.chart_came(chart.hash, "start", at))
        await ChartWatch(self._core.settings.orgchart, chart, self._on_chart, self._on_faults).run()

    def _objection(self, chart: Chart) -> str:
        try:
            refuse_sample(self._core.settings, chart)
        except Unfit as unfit:
            return str(unfit)
        return ""

    async def _on_chart(self, chart: Chart, text: str, who: str) -> None:
        self._unfit = self._objection(chart)
        if self._unfit:
            return
        at, before = self._clock(), self._core.charts.current
        saver = self._core.charts.saver_of(chart.hash) or Saver(who)
        left = await asyncio.to_thread(who_left, before, chart)
        chart.remember({**before.former, **left})
        await self._let_go(left, at)

        def keep(unit: UnitOfWork) -> None:
            unit.keep_chart(chart.hash, text, saver.who, at)
            unit.chart_came(chart.hash, saver.who, at, saver.note)

        await self._written(keep)
        self._core.charts.put(chart)
        _log.info("chart in force", hash=chart.hash[:12], who=saver.who)
        await self._written(lambda unit: self._core.office.chart_changed(unit, before))

    async def _let_go(self, left: dict[str, str], at: int) -> None:
        """Keep the names of who has left, few at a time: no message is to wait for all of them."""
        names = iter(left.items())
        while some := dict(islice(names, LEAVING)):
            await self._written(partial(UnitOfWork.people_left, names=some, at=at))

    async def _written(self, work: Callable[[UnitOfWork], None]) -> None:
        while True:
            try:
                await self._core.store.writer.write(work)
            except StoreUnavailable as error:
                _log.warning("the new chart waits for the database", why=str(error))
                await asyncio.sleep(STORE_PAUSE)
            else:
                return

    async def _on_faults(self, faults: tuple[Fault, ...]) -> None:
        errors = tuple(str(fault) for fault in faults if fault.severity == "error")
        if self._unfit and not errors:
            errors = (self._unfit,)
        known, mended = self._core.charts.faults == errors, bool(self._core.charts.faults) and not errors
        self._core.charts.reject(errors)
        if mended:
            _log.info("the chart's file is mended")
        if errors and not known:
            _log.error("chart rejected, the last good one stays", faults=errors[:20])


def _links(
    providers: Mapping[str, Provider], dispatcher: Dispatcher, inbox: LinkInbox
) -> dict[str, Coroutine[Any, Any, None]]:
    """What keeps the connections of those accounts up that have any."""
    # it goes on as long as they do: it says that our sessions live
    loops: dict[str, Coroutine[Any, Any, None]] = {"link inbox": inbox.run()}
    for name, provider in providers.items():
        if is_link(provider):
            provider.on_bound = dispatcher.lanes[name].link_up
            loops[f"link {name}"] = provider.run(inbox)
    return loops


@contextlib.asynccontextmanager
async def _running(loops: dict[str, Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(loop, name=name) for name, loop in loops.items()]
    for task in tasks:
        task.add_done_callback(_say_if_broken)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _say_if_broken(task: asyncio.Task[None]) -> None:
    """None of them ends by itself: what happens no more from now on must not be a secret."""
    if not task.cancelled() and task.exception() is not None:
        _log.critical("a loop has ended: restart smsgate", loop=task.get_name(), exc_info=task.exception())


class _Server(uvicorn.Server):
    """Lets go of the live streams first (uvicorn would wait for them), and stops at a signal without dying of it."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                loop="none",
                http=Prompt,
                ws="none",
                lifespan="off",
                # the peer is who connects: a header can't make it another
                proxy_headers=False,
                server_header=False,
                access_log=False,
                log_config=None,
                timeout_graceful_shutdown=SHUTDOWN,
            )
        )
        self._app = app
        self.signals: list[int] = []
        """Those that came."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the streams, then everything."""
        self._app.state.feed.close()
        await super().shutdown(sockets)
        await self._app.state.feed.ended(SHUTDOWN)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at a signal. uvicorn's own raises it once more afterwards, which ends the process before the dispatcher
        has settled what it sent; so only a second one does that.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {one: signal.signal(one, self._stop_at) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)

    def _stop_at(self, number: int, _frame: object) -> None:
        self.signals.append(number)
        self.force_exit = len(self.signals) > 1
        self.should_exit = True


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
