"""`/metrics` for Prometheus: what the database holds, what writer, doors and lanes have done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from smsgate import __version__
from smsgate.store.queries import Counts, counts
from smsgate.store.queries.queues import Queue, queues
from smsgate.web.accounts import view
from smsgate.web.context import LaneCounts, WebContext
from smsgate.web.link_metrics import account_metrics

FRESH = 5.0
"""Seconds for which counts are good enough, however often somebody asks."""

_LANE_COUNTERS: dict[str, tuple[str, Callable[[LaneCounts], int]]] = {
    "sent": ("MTs that the provider took", lambda lane: lane.sent),
    "failed": ("MTs given up", lambda lane: lane.failed),
    "unknown": ("MTs without an answer", lambda lane: lane.unknown),
    "throttled": ("Times that the provider asked for patience", lambda lane: lane.throttled),
    "retried": ("MTs to be tried again", lambda lane: lane.retried),
    "segments": ("Segments of the MTs sent", lambda lane: lane.segments),
}


class Gauges(Collector):
    """Reads the counters where they are; only what the database holds is handed to it."""

    def __init__(self, context: WebContext) -> None:
        self._context = context
        self._counted: Counts | None = None
        self._counted_at = float("-inf")
        self._queues: tuple[Queue, ...] = ()

    async def count(self) -> None:
        """Ask the database, unless it was asked just now."""
        if time.monotonic() - self._counted_at < FRESH:
            return
        try:
            self._counted = await counts(self._context.reading)
            self._queues = await queues(self._context.reading)
        except (SQLAlchemyError, OSError):
            self._counted = None
        self._counted_at = time.monotonic()

    def collect(self) -> Iterator[Metric]:
        """All families."""
        yield _gauge("smsgate_build", "The program", {"version": __version__}, 1)
        yield from self._from_database()
        yield from self._of_writer()
        yield from self._of_doors()
        yield from self._of_lanes()
        yield from account_metrics(view(self._context, self._queues))
        yield from self._of_chart()

    def _from_database(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("smsgate_database_up", "Whether it answered", int(self._counted is not None))
        if self._counted is not None:
            yield _by_state("smsgate_mos", "Messages in, by what became of them", self._counted.mos)
            yield _by_state("smsgate_mts_unsettled", "Messages out that wait or hang", self._counted.mts_unsettled)
            yield _by_state("smsgate_tickets", "Tickets", self._counted.tickets)

    def _of_writer(self) -> Iterator[Metric]:
        writer = self._context.writer
        yield CounterMetricFamily("smsgate_writer_batches", "Transactions", writer.batches)
        yield CounterMetricFamily("smsgate_writer_written", "Functions run in them", writer.written)
        yield CounterMetricFamily("smsgate_writer_commit_seconds", "Seconds spent in COMMIT", writer.commit_seconds)
        yield GaugeMetricFamily("smsgate_writer_waiting", "Functions that wait", writer.waiting)

    def _of_doors(self) -> Iterator[Metric]:
        tally = self._context.tally
        webhooks = CounterMetricFamily("smsgate_webhooks", "Provider calls", labels=("account", "result"))
        for (account, result), number in tally.webhooks.items():
            webhooks.add_metric((account, result), number)
        yield webhooks
        links = CounterMetricFamily("smsgate_link_deliveries", "What links brought", labels=("account", "result"))
        for (account, result), number in tally.links.items():
            links.add_metric((account, result), number)
        yield links
        turned = CounterMetricFamily("smsgate_turned_away", "Requests turned away at the door", labels=("code",))
        for code, number in tally.turned_away.items():
            turned.add_metric((code,), number)
        yield turned

    def _of_lanes(self) -> Iterator[Metric]:
        lanes = self._context.lanes()
        for name, (words, read) in _LANE_COUNTERS.items():
            family = CounterMetricFamily(f"smsgate_lane_{name}", words, labels=("account",))
            for account, lane in lanes.items():
                family.add_metric((account,), read(lane))
            yield family
        for name, words in (("queued", "MTs that wait for the lane"), ("in_flight", "Requests under way")):
            gauge = GaugeMetricFamily(f"smsgate_lane_{name}", words, labels=("account",))
            for account, lane in lanes.items():
                gauge.add_metric((account,), lane.queued if name == "queued" else lane.in_flight)
            yield gauge

    def _of_chart(self) -> Iterator[Metric]:
        chart = self._context.chart
        people, units = chart.size()
        yield _gauge("smsgate_chart", "The org chart in force", {"hash": chart.hash[:12]}, 1)
        yield GaugeMetricFamily("smsgate_chart_people", "People in it", people)
        yield GaugeMetricFamily("smsgate_chart_units", "Centres, rooms and groups in it", units)
        faults = len(self._context.charts.faults)
        yield GaugeMetricFamily("smsgate_chart_faults", "Faults of the file since that one", faults)


def metrics_route(context: WebContext) -> Route:
    """`/metrics`, with a registry of its own."""
    registry = CollectorRegistry(auto_describe=False)
    gauges = Gauges(context)
    registry.register(gauges)

    async def metrics(_request: Request) -> Response:
        await gauges.count()
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return Route("/metrics", metrics)


def _gauge(name: str, words: str, labels: dict[str, str], value: float) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=tuple(labels))
    family.add_metric(tuple(labels.values()), value)
    return family


def _by_state(name: str, words: str, numbers: Mapping[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=("state",))
    for state, number in numbers.items():
        family.add_metric((state,), number)
    return family
