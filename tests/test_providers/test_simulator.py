"""The phone simulator."""

import pytest

from smsgate.domain.messages import MtState
from smsgate.providers.simulator import Simulator
from smsgate.service.ports import BadWebhook, DeliveryReport, Submission, Submitted, UnknownOutcome

MESSAGE = Submission(7, "+8613900000001", "您有新工单", "ucs2", 1)


async def test_reports_what_it_has_delivered() -> None:
    reports: list[DeliveryReport] = []

    async def take(report: DeliveryReport) -> None:
        reports.append(report)

    simulator = Simulator("sim", clock=lambda: 42)
    simulator.on_dlr = take
    results = [await simulator.send(MESSAGE) for _ in range(2)]
    await simulator.close()
    assert all(isinstance(result, Submitted) for result in results)
    assert reports == [
        DeliveryReport("sim", result.provider_id, MtState.DELIVERED, 42, 7, "+8613900000001")
        for result in results
        if isinstance(result, Submitted)
    ]
    assert len({report.provider_id for report in reports}) == 2


async def test_offers_a_receipt_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smsgate.providers.simulator.REPORT_PAUSE", 0.01)
    offered = 0

    async def refuse_once(report: DeliveryReport) -> None:
        nonlocal offered
        offered += 1
        if offered == 1:
            raise RuntimeError("the database is locked")

    simulator = Simulator("sim")
    simulator.on_dlr = refuse_once
    assert not isinstance(await simulator.send(MESSAGE), UnknownOutcome)
    await simulator.close()
    assert offered == 2


def test_what_somebody_types_arrives() -> None:
    simulator = Simulator("sim")
    first, second = (simulator.message("+8613900000001", "10690000", "LD#48217", 5) for _ in range(2))
    assert (first.account, first.sender, first.receiver, first.text, first.received_at) == (
        "sim", "+8613900000001", "10690000", "LD#48217", 5,
    )  # fmt: skip
    assert first.provider_id != second.provider_id


def test_another_run_has_other_ids() -> None:
    assert Simulator("sim").next_id() != Simulator("sim").next_id()


def test_another_simulator_is_not_believed() -> None:
    webhook = Simulator("sim").webhook("/mo", id="m1")
    assert not Simulator("sim").verify(webhook)


@pytest.mark.parametrize(
    ("payload", "sentence"),
    [
        ({"from": "+86139", "to": "1"}, "'id' is missing"),
        ({"id": "x" * 129, "from": "+86139", "to": "1"}, "an id or address is too long"),
        ({"id": "m", "from": "", "to": "1"}, "'from' is missing"),
        ({"id": "m", "from": "+86139", "to": "1" * 65}, "an id or address is too long"),
        ({"id": "m\0", "from": "+86139", "to": "1"}, "'id' has a character that can't be printed"),
        ({"id": "m", "from": "+86\n139", "to": "1"}, "'from' has a character that can't be printed"),
    ],
)
def test_a_message_that_can_not_be_read(payload: dict[str, str], sentence: str) -> None:
    simulator = Simulator("sim")
    assert simulator.parse_mo(simulator.webhook("/mo", **payload), 1) == BadWebhook(sentence)
