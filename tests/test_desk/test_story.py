"""A desk from its first link to the last session, in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from smsgate.store.desk import first_link
from tests.desk import Desk
from tests.test_pages.conftest import browser as browser
from tests.test_pages.house import House

GOOD = "雨天记得带伞，晴天也要带伞"
OTHER = "晴天不用带伞，不过带了也行"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    opened = House(tmp_path, open_desk=False).start()
    yield opened
    opened.close()


@pytest.mark.parametrize("width", [1440, pytest.param(390, marks=pytest.mark.long)])
def test_from_the_first_link_to_the_last_session(browser: Browser, house: House, width: int) -> None:
    """The first admin comes in, adds an operator, who signs in and works; revoked, the operator is out at once."""
    desk = Desk(house.store, house.url, house.clock)
    key = house.store.writer.write_now(lambda unit: first_link(unit, house.clock()))
    admin, operator = (_page(browser, house, width) for _ in range(2))
    admin.goto(f"/first?token={key}")
    admin.fill("#name", "zhang")
    admin.fill("#shown", "张伟")
    admin.fill("#password", GOOD)
    admin.fill("#again", GOOD)
    admin.click("main button[type=submit]")
    expect(admin.locator("#log-title")).to_be_visible()
    assert "token" not in admin.url
    admin.goto("/users")
    admin.fill("#name", "lilei")
    admin.fill("#shown", "李雷")
    admin.click("input[name=role][value=operator] + span")
    admin.click("main .grid-form button[type=submit]")
    operator.goto(admin.locator(".secret").inner_text())
    operator.fill("#password", OTHER)
    operator.fill("#again", OTHER)
    operator.click("main button[type=submit]")
    operator.click(".place-new")
    operator.fill("#title", "西区基站退服")
    operator.click("main form.opening button[type=submit]")
    expect(operator.locator("main")).to_contain_text("西区基站退服")
    operator.goto("/")
    expect(operator.locator("#live")).to_be_visible()
    expect(operator.locator("#hops")).to_contain_text("李雷")
    admin.goto("/users/2")
    admin.locator("form:has(input[value=disable]) button").click()
    # its stream is cut, and the page leads to the door by itself
    expect(operator).to_have_url(f"{house.url}/login", timeout=20_000)
    operator.fill("#name", "lilei")
    operator.fill("#password", OTHER)
    operator.click("main button[type=submit]")
    expect(operator.locator("#login-wrong")).to_be_visible()
    admin.goto("/acts")
    for said in ("登录失败", "停用用户", "派单", "添加用户"):
        expect(admin.locator("tbody")).to_contain_text(said)
    assert [act[1] for act in desk.acts()].count("signed_in") == 2


def test_a_wall_whose_link_is_revoked_says_so_after_each_reload(browser: Browser, house: House) -> None:
    """The picture goes by itself, and no reload makes a sign-in page of it; a new link brings it back."""
    desk = Desk(house.store, house.url, house.clock)
    key = desk.hand(lambda hand: hand.add_wall("大厅", ""))
    wall = _page(browser, house, 1440)
    wall.goto(f"/wall/{key}")
    expect(wall.locator("#live")).to_be_visible()
    shown = wall.url
    assert key not in shown
    desk.hand(lambda hand: hand.revoke_wall(1))
    said = wall.get_by_text("这块大屏的链接已收回").first
    expect(said).to_be_visible(timeout=20_000)
    for _ in range(2):
        answer = wall.reload()
        assert answer is not None
        assert (answer.status, wall.url) == (401, shown)
        expect(said).to_be_visible(timeout=20_000)
        expect(wall.locator("#hops, #password")).to_have_count(0)
    another = desk.hand(lambda hand: hand.add_wall("大厅", ""))
    wall.goto(f"/wall/{another}")
    expect(wall.locator("#live")).to_be_visible(timeout=20_000)


def _page(browser: Browser, house: House, width: int) -> Page:
    context = browser.new_context(
        base_url=house.url, locale="zh-CN", viewport={"width": width, "height": 900 if width > 400 else 844}
    )
    context.set_default_timeout(20_000)
    return context.new_page()
