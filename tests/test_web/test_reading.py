"""Log, messages, phones and chart through a real server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from smsgate.domain.messages import MoState
from smsgate.service.ports import MoResult
from tests.test_web.house import API, WANGMIN, House, built, twilio_account

ZP = "ZP#网管维护中心-核心维护室-话务维护组-helijia#已经恢复,请核查。"


def say(house: House, text: str, sender: str = WANGMIN, **more: str) -> dict[str, Any]:
    """A phone sends an SMS."""
    answer = house.client.post(f"{API}/simulator/mo", json={"from": sender, "text": text, **more})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def log(house: House, **query: Any) -> list[int]:
    answer = house.client.get(f"{API}/transfers", params=query)
    assert answer.status_code == 200, answer.text
    return [line["id"] for line in answer.json()["transfers"]]


def told(house: House) -> None:
    """A short story: opened, transferred, misread, refused."""
    house.open()
    house.stage.clock.go_on(minutes=5)
    say(house, ZP)
    say(house, "ZP#-核心维护室")
    house.stage.clock.go_on(minutes=5)
    say(house, "JDFK48217#已到现场", "13910000002")
    house.open(facts={"title": "光缆中断", "severity": "critical"}, target="-核心维护室")


def test_the_log_is_followed_and_paged(house: House) -> None:
    told(house)
    assert log(house) == [5, 4, 3, 2, 1]
    assert (log(house, limit=2), log(house, limit=2, before=4)) == ([5, 4], [3, 2])
    assert (log(house, after=0, limit=2), log(house, after=2)) == ([1, 2], [3, 4, 5])
    following = house.client.get(f"{API}/transfers", params={"after": 5}).json()
    assert following == {"transfers": [], "next": 5}
    assert house.client.get(f"{API}/transfers", params={"before": 1}).json()["next"] is None


def test_the_log_is_filtered(house: House) -> None:
    told(house)
    assert log(house, ticket="48217") == [4, 2, 1]
    assert log(house, severity="critical") == [5]
    assert log(house, kind="transfer", refused=False) == [2]
    assert log(house, refused=True) == [4, 3]
    assert log(house, account="helijia") == [4, 2]
    assert log(house, account="WANGMIN") == [4, 3, 2, 1]
    assert log(house, account="nobody") == []
    assert log(house, unit="网管维护中心-核心维护室-话务维护组") == [4, 2, 1]
    assert log(house, unit="网管维护中心-核心维护室") == [5, 4, 2, 1]
    assert log(house, unit="网管维护中心") == [5, 4, 2, 1]
    assert log(house, unit="网管") == []
    assert (log(house, q="请核查"), log(house, q="光缆"), log(house, q="zp#-")) == ([2], [5], [3])
    assert log(house, since="2026-11-23T02:07:00Z") == [5, 4, 3, 2]
    assert log(house, until="2026-11-23T10:07:00+08:00") == [1]
    assert log(house, after=0, since="2026-11-23T02:10:00Z") == [4, 5]


def test_wrong_filters_are_problems(house: House) -> None:
    for query, status in (
        ("after=1&before=2", 422), ("ticket=48217", 404), ("ticket=48218", 404), ("kind=x", 422), ("unit=a-b-c-d", 422),
        ("unit=-", 422), ("since=yesterday", 422), ("since=2026-11-23T02:10:00", 422), ("what=1", 422),
    ):  # fmt: skip
        assert house.client.get(f"{API}/transfers?{query}").status_code == status, query


def test_a_line_names_everybody(house: House) -> None:
    told(house)
    line = house.client.get(f"{API}/transfers", params={"after": 1, "limit": 1}).json()["transfers"][0]
    assert (line["actor"]["name"], line["from_holder"]["name"], line["to_holder"]["name"]) == ("王敏", "王敏", "何丽佳")
    assert (line["hop"], line["channel"], line["opinion"], line["raw"]) == (2, "sms", "已经恢复,请核查。", ZP)
    assert (line["number"], line["mo_id"], line["told"], line["at"]) == ("202611230001", 1, 1, "2026-11-23T02:07:00Z")


def test_one_message_shows_its_whole_way(house: House) -> None:
    told(house)
    way = house.client.get(f"{API}/messages/mo/1").json()
    assert (way["mo"]["state"], way["mo"]["verb"], way["mo"]["actor"]["name"]) == ("applied", "ZP", "王敏")
    assert [line["id"] for line in way["transfers"]] == [2]
    assert {(mt["role"], mt["phone"]) for mt in way["messages"]} == {("actor", WANGMIN), ("holder", "+8613910000001")}
    refused = house.client.get(f"{API}/messages/mo/2").json()
    assert (refused["mo"]["state"], refused["mo"]["outcome"]) == ("refused", "missing_opinion")
    assert [(line["id"], line["refused"]) for line in refused["transfers"]] == [(3, "missing_opinion")]
    by_state = house.client.get(f"{API}/messages/mo/3").json()
    assert [line["refused"] for line in by_state["transfers"]] == ["not_yours"]
    assert house.client.get(f"{API}/messages/mo/99").status_code == 404


def test_messages_are_listed(house: House) -> None:
    told(house)

    def mo(**query: Any) -> list[int]:
        return [one["id"] for one in house.client.get(f"{API}/messages/mo", params=query).json()["messages"]]

    def mt(**query: Any) -> list[str]:
        return [one["role"] for one in house.client.get(f"{API}/messages/mt", params=query).json()["messages"]]

    assert (mo(), mo(limit=1, before=3), mo(state="refused"), mo(sender="+86139")) == ([3, 2, 1], [2], [3, 2], [])
    assert mt(phone="+8613910000001") == ["holder"]
    assert len(mt(ticket="48217", state="queued")) == 3
    changes = house.client.get(f"{API}/messages/mt/1").json()["changes"]
    assert [(change["state"], change["note"]) for change in changes] == [("suppressed", "transfer")]


def test_a_failed_message_is_sent_again_once(house: House) -> None:
    house.open()
    path = f"{API}/messages/mt/1/resend"
    assert house.client.post(path).json()["code"] == "not_resendable"
    house.stage.store.writer.write_now(lambda unit: unit.session._execute("UPDATE mts SET state = 'failed'"))
    answer = house.client.post(path)
    assert (answer.status_code, answer.json()) == (201, {"mt_id": 2})
    assert house.rows("SELECT resend_of, state, phone FROM mts WHERE id = 2") == [(1, "queued", WANGMIN)]
    assert house.client.post(path).status_code == 409
    assert house.client.post(f"{API}/messages/mt/99/resend").status_code == 404


def shunt(house: House, mo_id: int, ticket_id: int | None, hop: int | None) -> None:
    """As if a bug had met this message."""
    result = MoResult(MoState.SHUNTED, detail="a bug", ticket_id=ticket_id, ticket_hop=hop)
    house.stage.store.writer.write_now(lambda unit: unit.settle_mo(mo_id, result))


def test_a_shunted_message_is_run_again(house: House) -> None:
    house.open()
    said = say(house, "你好")
    path = f"{API}/messages/mo/{said['mo_id']}/replay"
    assert (house.client.post(path).status_code, house.client.post(path).json()["code"]) == (404, "not_shunted")
    shunt(house, said["mo_id"], 1, 1)
    house.client.post(f"{API}/tickets/48217/acts", json={"act": "accept", "as": "wangmin"})
    answer = house.client.post(path)
    assert (answer.status_code, answer.json()["code"]) == (409, "stale")
    answer = house.client.post(path, params={"force": True})
    assert (answer.status_code, answer.json()["state"]) == (200, "talk")


def arrive(house: House) -> None:
    """What waits for wangmin's phone goes out to it."""
    house.stage.store.writer.write_now(lambda unit: [unit.session._execute(sql) for sql in (
        "UPDATE mts SET state = 'sent' WHERE phone = '+8613910000002'",
        f"INSERT INTO mt_changes (mt_id, state, at) SELECT id, 'sent', {house.stage.clock() + 5} FROM mts"
        " WHERE phone = '+8613910000002' ORDER BY id DESC",
    )])  # fmt: skip


def test_a_phone_is_typed_on_and_read(house: House) -> None:
    house.open()
    said = say(house, ZP, id="x1")
    assert (said["state"], said["verb"]) == ("applied", "ZP")
    assert said["answer"].startswith("已转派48217给何丽佳")
    assert say(house, ZP, id="x1") == {
        "mo_id": None,
        "state": "duplicate",
        "verb": None,
        "outcome": None,
        "answer": None,
    }
    path = f"{API}/simulator/phones/13910000002"
    seen = house.client.get(path).json()
    assert [(one["way"], one["text"]) for one in seen["messages"]] == [("mo", ZP)]
    arrive(house)
    news = house.client.get(path, params={"after": seen["next"]}).json()
    assert [(one["way"], one["state"]) for one in news["messages"]] == [("mt", "sent"), ("mt", "sent")]
    assert house.client.get(path, params={"after": news["next"]}).json() == {"messages": [], "next": news["next"]}


def test_a_reply_goes_to_the_number_that_an_sms_came_from(house: House) -> None:
    house.open()
    house.stage.clock.go_on(minutes=3)
    house.open(facts={"title": "东区断纤", "severity": "minor"})
    arrive(house)
    path = f"{API}/simulator/phones/13910000002"
    (number,) = (one["number"] for one in house.client.get(path).json()["messages"] if "东区断纤" in one["text"])
    assert number == "1065750013887"
    assert say(house, "LD", to=number)["answer"].startswith("您已受理13887")
    assert say(house, "JDFK#在路上")["outcome"] == "several_tickets"
    shown = house.client.get(path).json()["messages"]
    assert [one["number"] for one in shown if one["way"] == "mo"] == [number, "10657500"]
    way = house.client.get(f"{API}/messages/mo/1").json()
    assert way["mo"]["receiver"] == number
    assert {mt["source"] for mt in way["messages"]} == {number}
    newest = house.client.get(f"{API}/messages/mt").json()["messages"][0]
    assert newest["source"] == "10657500"


def test_the_charts_phones_are_listed(house: House) -> None:
    def phones(**query: Any) -> list[str]:
        return [one["name"] for one in house.client.get(f"{API}/simulator/phones", params=query).json()["phones"]]

    assert phones(q="wangmin") == ["王敏"]
    assert "值班席" in phones()
    assert len(phones(limit=3)) == 3


def test_an_unknown_number_is_recorded_and_not_answered(house: House) -> None:
    said = say(house, "LD48217", "13800000000")
    assert (said["state"], said["answer"]) == ("unknown_sender", None)


def test_without_a_simulator_there_are_no_phones(tmp_path: Path) -> None:
    with built(tmp_path, accounts={"tw": twilio_account("AC1")}) as house:
        for path in ("/simulator/phones", "/simulator/phones/13910000002"):
            assert house.client.get(API + path).json()["code"] == "no_simulator"
        answer = house.client.post(f"{API}/simulator/mo", json={"from": "13910000002", "text": "CX"})
        assert (answer.status_code, house.rows("SELECT count(*) FROM mos")) == (404, [0])


def test_the_chart_is_shown_with_the_faults_of_its_file(house: House) -> None:
    house.stage.charts.reject(("orgchart.yaml:3:1: …",))
    shown = house.client.get(f"{API}/orgchart").json()
    assert shown["hash"] == house.stage.charts.current.hash
    assert shown["faults"] == ["orgchart.yaml:3:1: …"]
    room = shown["centers"][0]["units"][0]
    assert (room["name"], room["units"][0]["members"][0]["account"]) == ("核心维护室", "helijia")


def test_the_description_is_a_page(house: House) -> None:
    page = house.client.get(f"{API}/docs")
    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "POST /api/v1/tickets/{ref}/acts" in page.text
    assert "<script" not in page.text
