"""Metrics of the provider accounts and their connections; as many series as the settings name, no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from smsgate.service.health import Level
from smsgate.service.links import LinkState, LinkStatus
from smsgate.web.accounts import AccountView

_PLACE = ("account", "connection", "role")
_GAUGES: dict[str, tuple[str, Callable[[LinkStatus], float | None]]] = {
    "bound": ("Whether the connection is logged in", lambda link: float(link.state is LinkState.BOUND)),
    "state_since_seconds": ("When it came to its state, Unix time", lambda link: link.since / 1000),
    "window": ("Submits that may wait for their answers", lambda link: link.window),
    "in_flight": ("Submits that wait for their answers", lambda link: link.in_flight),
    "rtt_seconds": ("From a submit to its answer", lambda link: None if link.rtt is None else link.rtt / 1000),
    "heard_seconds": (
        "When the gateway last said anything, Unix time",
        lambda link: None if link.heard_at is None else link.heard_at / 1000,
    ),
}
_COUNTERS: dict[str, tuple[str, Callable[[LinkStatus], int]]] = {
    "submits": ("Segments submitted", lambda link: link.submits),
    "delivers": ("Messages, parts and receipts taken", lambda link: link.delivers),
    "throttles": ("Answers that asked for patience", lambda link: link.throttles),
    "unknowns": ("Submits without an answer", lambda link: link.unknowns),
    "logins": ("Logins that succeeded", lambda link: link.logins),
}


def account_metrics(accounts: Sequence[AccountView]) -> Iterator[Metric]:
    """Health, queues by class, and each connection."""
    health = GaugeMetricFamily("smsgate_account_health", "1 at how it stands", labels=("account", "level"))
    waiting = GaugeMetricFamily("smsgate_account_queued", "MTs that wait for it", labels=("account", "class"))
    for account in accounts:
        for level in Level:
            health.add_metric((account.name, level.value), float(account.health.level is level))
        for klass, number in account.waiting.items():
            waiting.add_metric((account.name, klass.name.lower()), number)
    yield health
    yield waiting
    yield from _of_links(accounts)


def _of_links(accounts: Sequence[AccountView]) -> Iterator[Metric]:
    links = [
        ((account.name, str(link.number), link.role), link)
        for account in accounts
        for link in account.links
    ]  # fmt: skip
    for name, (words, read) in _GAUGES.items():
        gauge = GaugeMetricFamily(f"smsgate_link_{name}", words, labels=_PLACE)
        for place, link in links:
            value = read(link)
            if value is not None:
                gauge.add_metric(place, value)
        yield gauge
    for name, (words, count) in _COUNTERS.items():
        counter = CounterMetricFamily(f"smsgate_link_{name}", words, labels=_PLACE)
        for place, link in links:
            counter.add_metric(place, count(link))
        yield counter
