"""The queue, worked off by people who have signed in: whose claim is whose, and who may try a command."""

from __future__ import annotations

from typing import Any

import pytest

from smsgate.domain.desk import Role, Scope
from smsgate.service.queueing import QueueDesk
from tests.desk import Desk, form_of
from tests.test_queue.house import MENDED, MISREAD, item_of
from tests.test_web.house import API, House


@pytest.fixture
def number(house: House) -> int:
    """An item: 王敏 has misspelt a room."""
    house.stage.open()
    return item_of(house, "wangmin", MISREAD)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"name": "lilei", "shown": "李雷"}, {"name": "lilei2", "shown": "李雷"}),
        ({"name": "zhou", "shown": "周洁", "account": "zhoujie"}, {"name": "sso", "shown": "zhoujie"}),
        ({"name": "sso", "shown": "zhoujie"}, {"name": "zhou", "shown": "周洁", "account": "zhoujie"}),
    ],
    ids=["namesakes", "named like an account", "an account named like a user"],
)
def test_a_claim_is_its_users_own(desk: Desk, number: int, first: dict[str, str], second: dict[str, str]) -> None:
    """Whoever else has that name is kept off, and told the name; both may end and repeat what is theirs."""
    one = desk.signed_in(Role.OPERATOR, **first)
    other = desk.signed_in(Role.OPERATOR, **second)
    assert one.post(f"/queue/{number}/claim", data=form_of(one)).status_code == 303
    refused = other.post(f"/queue/{number}/dismiss", data=form_of(other, reason="talk"))
    assert refused.status_code == 409
    assert f"{first['shown']}正在处理" in refused.text
    theirs = other.get(f"/queue/{number}").text
    assert f"{first['shown']}正在处理" in theirs
    assert "#u" not in theirs
    assert "接手" in theirs
    assert "接手" not in one.get(f"/queue/{number}").text
    assert other.post(f"/queue/{number}/release", data=form_of(other)).status_code == 409
    for _ in range(2):
        assert one.post(f"/queue/{number}/dismiss", data=form_of(one, reason="talk")).status_code == 303
    late = other.post(f"/queue/{number}/dismiss", data=form_of(other, reason="talk"))
    assert late.status_code == 409
    assert f"{first['shown']}已于" in late.text


def test_what_is_run_says_the_name_alone(desk: Desk, house: House, number: int) -> None:
    """In the log, in the record and over the API: what tells namesakes apart is not for people to read."""
    client = desk.signed_in(Role.OPERATOR, "sso", shown="zhoujie")
    assert client.post(f"/queue/{number}/run", data=form_of(client, command=MENDED)).status_code == 303
    assert house.rows("SELECT actor_name, desk FROM hops WHERE no = 2") == [("代王敏 由zhoujie", "zhoujie")]
    shown = client.get(f"{API}/queue/{number}").json()
    assert (shown["handled_by"], [act["who"] for act in shown["acts"]]) == ("zhoujie", ["zhoujie"])
    page = client.get(f"/queue/{number}").text
    assert "<bdi>zhoujie</bdi>" in page
    assert "周洁" not in page.split('class="record"')[1].split("</section>")[0]


def test_two_programs_of_one_name_are_two(desk: Desk, number: int) -> None:
    """A token's claim is that token's."""
    one, other = desk.token(Scope.MESSAGES_WRITE, name="告警平台"), desk.token(Scope.MESSAGES_WRITE, name="告警平台")
    assert one.post(f"{API}/queue/{number}/claim", json={}).json()["claimed_by"] == "API 告警平台"
    refused = other.post(f"{API}/queue/{number}/release", json={})
    assert (refused.status_code, refused.json()["by"]) == (409, "API 告警平台")
    assert one.post(f"{API}/queue/{number}/release", json={}).status_code == 200


@pytest.mark.parametrize(("role", "tried"), [(Role.VIEWER, 0), (Role.OPERATOR, 2)])
def test_only_who_may_run_a_command_tries_it(
    desk: Desk, number: int, monkeypatch: pytest.MonkeyPatch, role: Role, tried: int
) -> None:
    """A trial takes the writer, which carries everybody's messages: a viewer sees the item, and no trial is made."""
    trials: list[str] = []
    look = QueueDesk.look

    def counted(self: QueueDesk, item_id: int, text: str) -> Any:
        trials.append(text)
        return look(self, item_id, text)

    monkeypatch.setattr(QueueDesk, "look", counted)
    client = desk.signed_in(role)
    for query in ({}, {"text": MENDED}):
        page = client.get(f"/queue/{number}", params=query)
        assert page.status_code == 200
        assert "系统的理解" in page.text
    assert len(trials) == tried
    assert ("执行后" in page.text) is bool(tried)
    posted = client.post(f"/queue/{number}/look", data=form_of(client, command=MENDED))
    assert posted.status_code == (200 if tried else 403)
    assert len(trials) == (tried + 1 if tried else 0)
