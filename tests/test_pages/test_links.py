"""The links page, its API and its metrics: what somebody sees who watches the ways out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from smsgate.clock import now
from smsgate.domain.messages import MobileTerminated, MtClass, MtKind
from smsgate.service.ports import ProviderError, Submission
from smsgate.testing.links import FakeLinkProvider
from smsgate.testing.providers import Step
from tests.test_pages.house import House
from tests.test_pages.linked import linked_house

PHONE = "+8613900000077"
DOWN = ProviderError("down", "connection refused", retryable=True, link_down=True)


@dataclass
class Linked:
    house: House
    yidong: FakeLinkProvider
    dianxin: FakeLinkProvider

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(self.house.url + path, headers=headers, trust_env=False)

    def put(self, text: str) -> int:
        mt = MobileTerminated(
            PHONE, text, MtKind.NEWS, MtClass.ALARM, "yidong", 1, "ucs2", now(), source="106575004821"
        )  # fmt: skip
        return self.house.store.writer.write_now(lambda unit: unit.enqueue(mt))


@pytest.fixture
def linked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Linked]:
    """Two carriers' links, all of them bound."""
    house, yidong, dianxin = linked_house(tmp_path, monkeypatch)
    yield Linked(house, yidong, dianxin)
    house.close()


def test_the_page_shows_every_account_and_connection(linked: Linked) -> None:
    page = linked.get("/links").text
    for words in ("yidong", "dianxin", "211.136.10.8:7890", "cmpp30", "已登录", "12.5 ms", "+86134 +86139"):
        assert words in page, words
    assert "还没有接运营商网关" not in page
    english = linked.get("/links?lang=en").text
    assert "logged in" in english
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r'lang="zh-CN".*?</a>', "", english))


def test_without_links_it_says_what_to_do(tmp_path: Path) -> None:
    house = House(tmp_path).start()
    try:
        page = httpx.get(house.url + "/links", trust_env=False).text
    finally:
        house.close()
    assert "还没有接运营商网关" in page
    assert "docs/carriers.md" in page


def test_the_api_says_the_same(linked: Linked) -> None:
    said: dict[str, Any] = linked.get("/api/v1/links", **{"Accept-Language": "en"}).json()
    yidong = said["accounts"][0]
    assert (yidong["name"], yidong["kind"], yidong["limit"], yidong["pace"]) == ("yidong", "cmpp", 100, 100)
    assert (yidong["health"]["level"], yidong["health"]["why"]) == ("good", "nothing is wrong")
    link = yidong["links"][0]
    assert (link["state"], link["window"], link["rtt_ms"], link["submits"]) == ("bound", 16, 12.5, 1204)
    assert yidong["waiting"] == {"alarm": 0, "answer": 0, "bulk": 0}
    assert said["routes"][1] == {"prefixes": ["+"], "classes": ["bulk"], "accounts": ["dianxin"]}
    assert said["moves"] == []


def test_the_api_says_which_account_a_number_would_go_by(linked: Linked) -> None:
    said = linked.get("/api/v1/links/choice?phone=13900000001&class=bulk").json()
    assert said == {"account": "yidong", "because": "first", "why": "yidong: the first of its route"}
    assert linked.get("/api/v1/links/choice?phone=hello").status_code == 422


def test_metrics_have_a_series_for_each_connection_and_no_more(linked: Linked) -> None:
    metrics = linked.get("/metrics").text
    place = 'account="yidong",connection="1",role="both"'
    for line in (
        f"smsgate_link_bound{{{place}}} 1.0",
        f"smsgate_link_window{{{place}}} 16.0",
        f"smsgate_link_in_flight{{{place}}} 3.0",
        f"smsgate_link_rtt_seconds{{{place}}} 0.0125",
        f"smsgate_link_throttles_total{{{place}}} 2.0",
        f"smsgate_link_unknowns_total{{{place}}} 1.0",
        f"smsgate_link_logins_total{{{place}}} 3.0",
        f"smsgate_link_delivers_total{{{place}}} 871.0",
        f"smsgate_link_submits_total{{{place}}} 1204.0",
        'smsgate_account_health{account="yidong",level="bad"} 0.0',
        'smsgate_account_queued{account="yidong",class="alarm"} 0.0',
    ):
        assert line in metrics, line
    assert len(re.findall(r"^smsgate_link_bound\{", metrics, re.MULTILINE)) == 4


def _down_when_cut(linked: Linked) -> Callable[[Submission], Step | None]:
    return lambda _: DOWN if linked.yidong.blocked else None


@pytest.mark.browser
def test_the_page_shows_by_itself_that_a_link_breaks_and_what_moves(
    linked: Linked, look_at: Callable[[str, str], Page]
) -> None:
    page = look_at(linked.house.url, "/links")
    expect(page.locator(".account.is-bad")).to_have_count(0)
    linked.yidong._script = _down_when_cut(linked)
    linked.yidong.cut(now())
    mt_id = linked.put("您有新工单")
    expect(page.locator(".account.is-bad .health-why")).to_contain_text("链路断开：connection refused", timeout=15_000)
    expect(page.locator(".ways")).to_contain_text(
        [re.compile(".*"), f"短信 #{mt_id}：yidong → dianxin"], timeout=15_000
    )
    assert linked.dianxin.texts() == ["您有新工单"]
    way = linked.get(f"/api/v1/messages/mt/{mt_id}").json()
    assert any("from yidong to dianxin, because yidong is bad" in (step["note"] or "") for step in way["changes"])


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_is_wider_than_the_screen(linked: Linked, look_at: Callable[..., Page], width: int) -> None:
    linked.yidong.cut(now(), "connection refused by 211.136.10.8:7890 after a rather long time of waiting for it")
    page = look_at(linked.house.url, "/links", width)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
