"""The form for a new ticket, as a browser posts it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
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


def test_who_presses_twice_opens_one_ticket(house: House) -> None:
    """Each time the form is shown it is another; what is written anew in the same one is another ticket too."""

    def once() -> str:
        found = re.search(r'name="once" value="([^"]+)"', house.client.get("/tickets/new").text)
        assert found is not None
        return found[1]

    def opened(**typed: str) -> str:
        answer = house.client.post("/tickets/new", data={**FORM, **typed}, follow_redirects=False)
        assert answer.status_code == 303
        return answer.headers["location"]

    first = once()
    with ThreadPoolExecutor(4) as threads:
        where = set(threads.map(lambda _: opened(once=first), range(4)))
    assert len(where) == 1
    assert len(house.client.get(f"{API}/tickets").json()["tickets"]) == 1
    assert len(house.rows("SELECT id FROM mts WHERE kind = 'notice'")) == 1
    assert len(where | {opened(once=first, title="东区也是"), opened(once=once())}) == 3
