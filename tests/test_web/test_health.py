"""Alive, ready, and counted."""

from __future__ import annotations

from smsgate.workers.lanes import LaneCounters
from tests.test_web.house import WANGMIN, House


def test_alive_and_ready(house: House) -> None:
    assert house.client.get("/healthz").json() == {"status": "ok"}
    assert house.client.get("/readyz").json() == {"status": "ok", "chart": house.stage.charts.current.hash}


def test_without_its_writer_it_is_neither(house: House) -> None:
    house.stage.store.writer.close()
    for path in ("/healthz", "/readyz"):
        answer = house.client.get(path, headers={"Accept-Language": "en"})
        assert (answer.status_code, answer.json()["missing"]) == (503, "writer")
        assert "restart" in answer.json()["detail"]


def test_without_its_database_it_is_not_ready(house: House) -> None:
    house.stage.store.writer.write_now(lambda unit: unit.session._execute("ALTER TABLE tickets RENAME TO gone"))
    answer = house.client.get("/readyz")
    assert (answer.status_code, answer.json()["missing"]) == (503, "database")
    assert house.client.get("/healthz").status_code == 200
    assert "smsgate_database_up 0.0" in house.client.get("/metrics").text


def test_everything_is_counted(house: House) -> None:
    house.open()
    house.twilio("/providers/twilio/mo", {"MessageSid": "SM1"}, token="wrong")
    house.client.post("/api/v1/simulator/mo", json={"from": WANGMIN, "text": "CX"})
    house.context.lanes = lambda: {"tw": LaneCounters(sent=3, queued=2)}
    text = house.client.get("/metrics").text
    for line in (
        'smsgate_mos{state="applied"} 1.0',
        'smsgate_mts_unsettled{state="queued"} 2.0',
        'smsgate_tickets{state="dispatched"} 1.0',
        'smsgate_webhooks_total{account="tw",result="unsigned"} 1.0',
        'smsgate_lane_sent_total{account="tw"} 3.0',
        'smsgate_lane_queued{account="tw"} 2.0',
        "smsgate_chart_people 24.0",
        "smsgate_chart_faults 0.0",
        "smsgate_database_up 1.0",
    ):
        assert line in text.splitlines()
    assert "smsgate_writer_written_total" in text
