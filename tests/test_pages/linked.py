"""A house with two carriers' links that stand as a test says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from smsgate.bootstrap import rules_of
from smsgate.clock import now
from smsgate.config import Settings
from smsgate.sample import sample_path
from smsgate.service.office import Office
from smsgate.serving import Served
from smsgate.testing.links import BOUND, FakeLinkProvider
from tests.test_pages.house import House

CARRIER = {"host": "gateway.example", "service_number": "10657500"}
ACCOUNTS = {
    "yidong": {"kind": "cmpp", "sp_id": "901234", "shared_secret": "s", **CARRIER},
    "dianxin": {"kind": "smpp", "system_id": "smsgate", "password": "s", **CARRIER},
}
ROUTES = [
    {"prefix": ["+86134", "+86139"], "accounts": ["yidong", "dianxin"]},
    {"classes": ["bulk"], "accounts": ["dianxin"]},
    {"accounts": ["dianxin", "yidong"]},
]


def linked_house(folder: Path, patch: pytest.MonkeyPatch) -> tuple[House, FakeLinkProvider, FakeLinkProvider]:
    """Open, with the two accounts' providers."""
    at = now()
    cmpp = replace(BOUND, peer="211.136.10.8:7890", version="cmpp30", since=at - 5_400_000, heard_at=at)
    smpp = replace(BOUND, peer="gateway.example:2775", since=at - 90_000_000, heard_at=at, role="out")
    yidong = FakeLinkProvider("yidong", (cmpp, replace(cmpp, number=2, throttles=0)), kind="cmpp", rate=100)
    receiving = replace(smpp, number=2, role="in", submits=0, rtt=None, in_flight=0)
    dianxin = FakeLinkProvider("dianxin", (replace(smpp, throttles=0, unknowns=0), receiving), rate=50)
    house = House(folder)
    house.settings = Settings(
        database=house.settings.database,
        orgchart=sample_path(),
        accounts=ACCOUNTS,  # type: ignore[arg-type]
        routes=ROUTES,  # type: ignore[arg-type]
        health={"down_seconds": 0, "hold_seconds": 60},  # type: ignore[arg-type]
    )
    house.office = Office(house.charts, rules_of(house.settings), house.clock)
    patch.setattr(Served, "_providers", lambda _self: {"yidong": yidong, "dianxin": dianxin})
    return house.start(), yidong, dianxin
