"""The form for a new ticket, as a browser posts it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smsgate.web.pages import mount_pages
from tests.test_web.house import API, House, built

FORM = {"title": "西区基站退服", "severity": "major", "as": "zhoujie", "target": "-核心维护室-话务维护组-wangmin"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with built(tmp_path, [mount_pages]) as made:
        yield made


@pytest.mark.parametrize(
    ("limits", "status", "said"),
    [
        ({"accept": "30", "resolve": "240"}, 303, ""),
        ({"accept": "60", "resolve": "5"}, 422, "受理时限不能比处理时限长"),
        ({"accept": "60"}, 422, "两个时限要么都写，要么都不写"),
        ({"accept": "0", "resolve": "5"}, 422, "请写大于 0 的分钟数"),
    ],
)
def test_limits_of_the_form(house: House, limits: dict[str, str], status: int, said: str) -> None:
    answer = house.client.post("/tickets/new", data={**FORM, **limits}, follow_redirects=False)
    assert answer.status_code == status
    assert said in answer.text
    assert len(house.client.get(f"{API}/tickets").json()["tickets"]) == (status == 303)
