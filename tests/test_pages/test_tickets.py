"""Opening a ticket and acting on it, by forms alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from routing.model import Act
from tests.test_pages.house import House

pytestmark = pytest.mark.browser

Look = Callable[..., Page]
NASTY = "<script>document.title='hit'</script><b>粗</b>\u202e\u2067倒\U0001f525" + "长" * 1900


def test_a_ticket_is_opened_with_all_its_fields(house: House, look: Look) -> None:
    """Faults stand at their field and keep what was typed; then it opens and its page says it all."""
    page = look("/tickets/new")
    page.get_by_label("标题").fill("西区基站退服")
    page.get_by_text("紧急", exact=True).click()
    page.get_by_role("combobox", name="派给谁").fill("-核心维护室-话务维护")
    page.get_by_label("派单意见").fill("请处理")
    page.get_by_label("故障设备").fill("RRU-3")
    page.get_by_label("受理时限（分钟）").fill("5")
    page.get_by_role("button", name="派单").click()
    expect(page.locator("#resolve-wrong")).to_contain_text("要么都写")
    expect(page.get_by_label("处理时限（分钟）")).to_be_focused()
    page.get_by_label("处理时限（分钟）").fill("60")
    page.get_by_role("button", name="派单").click()
    expect(page.locator("#target-wrong")).to_contain_text("没有组")
    expect(page.locator(".offer code")).to_have_text("-核心维护室-话务维护组")
    target = page.get_by_role("combobox", name="派给谁")
    expect(target).to_be_focused()
    expect(page.get_by_label("故障设备")).to_have_value("RRU-3")
    page.get_by_role("button", name="用这一条").click()
    expect(target).to_have_value("-核心维护室-话务维护组")
    expect(target).to_be_focused()
    page.get_by_role("button", name="派单").click()
    expect(page.locator("h1")).to_contain_text("西区基站退服")
    expect(page.locator(".fields")).to_contain_text("RRU-3")
    expect(page.locator(".standing")).to_contain_text("话务维护组")
    expect(page.locator(".ticket-now .left-time")).to_have_text(re.compile("04:5[0-9]"))
    cut = page.evaluate("getComputedStyle(document.getElementById('find')).textOverflow")
    assert cut == "ellipsis", "a hint that is too long for its field is cut in the middle of a character"
    page.goto("/tickets?severity=critical")
    expect(page.locator(".tickets tbody tr")).to_have_count(1)


def test_what_was_surely_meant_is_offered_and_taken(house: House, look: Look) -> None:
    """On a ticket's own page too; without scripts nobody sees a button that does nothing."""
    ticket = house.open().ticket
    for scripts in (False, True):
        page = look(f"/tickets/{ticket.code}", java_script_enabled=scripts)
        page.locator("[name=target]").fill("-核心维护室-交换维护")
        page.get_by_label("意见").fill("请看")
        page.locator("form.act [type=submit]").click()
        expect(page.locator(".offer code")).to_have_text("-核心维护室-交换维护组")
        expect(page.get_by_role("button", name="用这一条")).to_have_count(int(scripts))
    page.get_by_role("button", name="用这一条").click()
    page.locator("form.act [type=submit]").click()
    expect(page.locator(".standing")).to_contain_text("交换维护组")


def test_only_what_the_state_allows_is_offered(house: House, look: Look) -> None:
    """Dispatched, resolved, closed."""
    ticket = house.open().ticket
    page = look(f"/tickets/{ticket.code}")
    offered = page.locator(".acts input")
    assert [box.get_attribute("value") for box in offered.all()] == [
        "transfer", "assist", "accept", "progress", "resolve", "return", "urge", "cancel",
    ]  # fmt: skip
    house.act("wangmin", Act.RESOLVE, ticket.code, "好了")
    page.reload()
    assert [box.get_attribute("value") for box in offered.all()] == ["close", "reopen", "cancel"]
    expect(page.locator(".standing dt").last).to_have_text("回单")
    page.get_by_text("归档值班席或派单人").click()
    page.get_by_role("button", name="执行").click()
    expect(page.locator(".ticket-now")).to_contain_text("已归档")
    expect(page.locator(".ticket-act")).to_contain_text("不能再操作")
    expect(page.locator(".standing dt").last).to_have_text("结束")


def test_who_comes_second_is_told_who_was_first(house: House, look: Look) -> None:
    """409, the page as it is now, and the typed text kept."""
    ticket = house.open().ticket
    page = look(f"/tickets/{ticket.number}")
    page.get_by_role("combobox", name="转派对象").fill("-核心维护室-交换维护组")
    page.get_by_label("意见").fill("我写了很多字")
    house.act("wangmin", Act.PROGRESS, ticket.code, "在查")
    expect(page.locator("#ticket-news")).to_be_visible()
    with page.expect_response(lambda response: response.request.method == "POST") as answered:
        page.get_by_role("button", name="执行").click()
    assert answered.value.status == 409
    expect(page.get_by_role("alert")).to_contain_text("王敏于")
    expect(page.get_by_label("意见")).to_have_value("我写了很多字")
    expect(page.get_by_role("combobox", name="转派对象")).to_have_value("-核心维护室-交换维护组")
    expect(page.locator(".story")).to_contain_text("在查")
    page.get_by_role("button", name="执行").click()
    expect(page.locator(".standing")).to_contain_text("交换维护组")


def test_an_opinion_hurts_nothing_anywhere(house: House, look: Look) -> None:
    """A script, marks that turn text round, emoji, 2,000 characters: shown as text on every page, and live."""
    page = look("/")
    number = house.open("<i>标题</i>\u202e", NASTY[:2000], symptom=NASTY).ticket.number
    expect(page.locator(".hop .said")).to_contain_text("<script>document.title")
    expect(page.locator(".bubble.is-theirs")).to_contain_text("<script>")
    page.locator("#sms").fill(f"JDFK#{NASTY[:1900]}")
    page.get_by_role("button", name="发送").click()
    expect(page.locator(".hop .kind").first).to_have_text("反馈")
    for path in ("/", "/tickets", f"/tickets/{number}", "/phones", "/messages/mo/1"):
        page.goto(path)
        assert page.title() != "hit"
        assert page.locator("main script, main i:not(.unread), main bdi b").count() == 0
        assert page.locator("bdi", has_text="标题").or_(page.locator("bdi", has_text="script")).count() > 0
