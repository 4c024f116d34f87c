"""An admin changes the organisation on a Friday afternoon: in a real Chromium, wide and on a phone."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.test_orgchart.house import ChartHouse
from tests.test_routing.charts import large

pytestmark = pytest.mark.browser

Look = Callable[..., Page]
WIDTHS = pytest.mark.parametrize("width", [1440, pytest.param(390, marks=pytest.mark.long)])
SHOTS = os.environ.get("PICTURES_OF_PAGES")
"""A folder for what the pages look like, for eyes."""


def shot(page: Page, name: str, width: int) -> None:
    """Keep a picture, where that is asked for."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)


def find(page: Page, text: str) -> None:
    """Put the cursor behind a text of the editor, by its own search."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+f")
    page.keyboard.type(text)
    page.keyboard.press("Shift")  # what is typed without a key's way up is noticed only then
    page.keyboard.press("Enter")
    expect(page.locator(".cm-searchMatch-selected")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")


@WIDTHS
def test_a_fault_is_shown_on_its_line_mended_previewed_and_saved(house: ChartHouse, look: Look, width: int) -> None:
    ticket = house.open(target="-核心维护室-话务维护组").ticket
    page = look("/orgchart/edit", width)
    verdict = page.locator("#chart-verdict")
    expect(verdict).to_contain_text("没有错误")
    find(page, "members: [helijia, wangm")
    page.keyboard.type("m")
    expect(verdict).to_contain_text("处错误")
    expect(page.locator(".cm-lintRange-error").first).to_be_visible()
    expect(page.locator(".cm-lint-marker-error").first).to_be_visible()
    expect(page.locator("#chart-faults")).to_contain_text("是不是「wangmin」")
    shot(page, "fault", width)
    page.keyboard.press("Backspace")
    expect(verdict).to_contain_text("没有错误")
    find(page, "          话务维护组")
    page.keyboard.press("Backspace")
    page.keyboard.type("班")
    expect(verdict).to_contain_text("没有错误")
    page.keyboard.press("Control+s")
    expect(page.locator("h1")).to_have_text("保存前预览")
    expect(page.locator(".concern.is-danger")).to_contain_text(ticket.code)
    expect(page.locator(".changes")).to_contain_text("网管维护中心-核心维护室-话务维护组 改名为")
    shot(page, "preview", width)
    page.get_by_role("button", name="保存并生效").click()
    expect(page.get_by_role("alert")).to_contain_text("勾选确认")
    page.get_by_label("我已看过上面的危险项").check()
    page.get_by_role("button", name="保存并生效").click()
    expect(page.locator("h1")).to_have_text("已保存")
    expect(page.locator("#chart-state")).to_contain_text("第2版", timeout=20_000)
    shot(page, "saved", width)
    assert "话务维护班:" in house.text


@WIDTHS
def test_two_admins_at_once(house: ChartHouse, look: Look, width: int) -> None:
    page = look("/orgchart/edit", width)
    find(page, "{name: 高飞")
    page.keyboard.type("翔")
    theirs = house.text.replace("{name: 高飞", "{name: 高升").replace("{name: 邓洁", "{name: 邓婕")
    house.replace(theirs)
    page.get_by_role("button", name="预览").click()
    expect(page.locator("h1")).to_have_text("合并两边的修改")
    expect(page.locator(".clash")).to_have_count(1)
    expect(page.locator(".taken")).to_contain_text("邓婕")
    page.locator(".side.is-mine input").check()
    shot(page, "merge", width)
    page.get_by_role("button", name="合并", exact=True).click()
    expect(page.locator(".note")).to_contain_text("已与磁盘上的改动合并")
    page.get_by_role("button", name="预览").click()
    expect(page.locator(".changes")).to_contain_text("高飞翔")
    page.get_by_role("button", name="保存并生效").click()
    expect(page.locator("#chart-state")).to_contain_text("生效中", timeout=20_000)
    assert house.text == theirs.replace("{name: 高升", "{name: 高飞翔")


@WIDTHS
def test_back_with_one_click(house: ChartHouse, look: Look, width: int) -> None:
    first = house.text
    page = look("/orgchart/edit", width)
    find(page, "{name: 高飞")
    page.keyboard.type("翔")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("#chart-state")).to_contain_text("第2版", timeout=20_000)
    page.goto("/orgchart/history")
    shot(page, "history", width)
    page.get_by_role("link", name="第2版").click()
    expect(page.locator(".changes")).to_contain_text("高飞 (gaofei) 改名为 高飞翔")
    shot(page, "version", width)
    page.goto("/orgchart/history/1")
    page.get_by_role("button", name="恢复到这一版").click()
    expect(page.locator(".changes")).to_contain_text("改名为 高飞")
    page.get_by_role("button", name="保存并生效").click()
    expect(page.locator("#chart-state")).to_contain_text("恢复自第1版", timeout=20_000)
    assert house.text == first


def test_completion_knows_keys_and_accounts(house: ChartHouse, look: Look) -> None:
    page = look("/orgchart/edit")
    options = page.locator(".cm-tooltip-autocomplete li")
    find(page, "members: [shanlei, helijia")
    page.keyboard.type(", ")
    expect(options.filter(has_text="wangmin")).to_contain_text("王敏")
    page.keyboard.type("wangm")
    page.keyboard.press("Enter")
    expect(page.locator(".cm-activeLine")).to_contain_text("helijia, wangmin]")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type("dut")
    expect(options.filter(has_text="duty_phone")).to_be_visible()
    page.keyboard.press("Escape")
    find(page, "rotation: ")
    page.keyboard.press("Control+Space")
    expect(options.filter(has_text="weekly")).to_be_visible()


@WIDTHS
def test_import_from_a_file(house: ChartHouse, look: Look, width: int) -> None:
    page = look("/orgchart/import", width)
    listed = "姓名,手机,组\n钱多,13900000001,话务维护组\n孙艳,13910000011,\n赵六,无,光缆维护组\n"
    page.get_by_label("名单文件").set_input_files(
        {"name": "名单.csv", "mimeType": "text/csv", "buffer": listed.encode("gb18030")}
    )
    page.get_by_role("button", name="上传并预览").click()
    expect(page.locator(".planned .is-refuse")).to_contain_text("不是手机号")
    expect(page.locator(".planned .is-add")).to_contain_text("qianduo")
    shot(page, "import", width)
    page.get_by_role("button", name="预览影响").click()
    expect(page.locator(".changes")).to_contain_text("钱多 (qianduo) 加入")
    page.get_by_role("button", name="保存并生效").click()
    expect(page.locator("#chart-state")).to_contain_text("导入人员", timeout=20_000)


def test_the_tree_by_keyboard(house: ChartHouse, look: Look) -> None:
    page = look("/orgchart")
    first = page.locator("summary").first
    first.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("details").first).not_to_have_attribute("open", "")
    page.keyboard.press("ArrowDown")
    expect(page.locator("summary:focus")).to_contain_text("网管维护中心")
    page.keyboard.press("ArrowRight")
    expect(page.locator("summary:focus")).to_contain_text("核心维护室")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("summary:focus")).to_contain_text("网管维护中心")


@WIDTHS
def test_no_page_is_wider_than_its_window(house: ChartHouse, look: Look, width: int) -> None:
    house.open()
    page = look("/orgchart", width)
    group = "/orgchart/unit?path=网管维护中心-核心维护室-话务维护组"
    paths = ("/orgchart", "/orgchart?q=wang", group, "/orgchart/person?account=wangmin", "/orgchart/edit")
    for path in (*paths, "/orgchart/history", "/orgchart/history/1", "/orgchart/import", "/orgchart/edit?lang=en"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        shot(page, "page-" + path.strip("/").replace("/", "-").partition("?")[0], width)


def test_without_scripts_the_text_is_a_textarea(house: ChartHouse, look: Look) -> None:
    page = look("/orgchart/edit", java_script_enabled=False)
    area = page.get_by_label("orgchart.yaml 的内容")
    area.fill(house.text.replace("{name: 高飞", "{nme: 高飞"))
    page.get_by_role("button", name="检查").click()
    expect(page.locator("#chart-faults")).to_contain_text("是不是「name」")
    area.fill(house.text.replace("{name: 高飞", "{name: 高翔"))
    page.get_by_role("button", name="预览").click()
    expect(page.locator(".changes")).to_contain_text("高翔")
    page.get_by_role("button", name="保存并生效").click()
    expect(page.locator("#chart-state")).to_contain_text("生效中")
    assert "{name: 高翔" in house.text


def test_people_of_a_large_chart_come_when_their_group_is_opened(house: ChartHouse, look: Look) -> None:
    house.replace(large(2_000))
    limit = time.monotonic() + 30
    while house.charts.current.size()[0] != 2_000:
        assert time.monotonic() < limit
        time.sleep(0.05)
    page = look("/orgchart")
    assert page.locator(".member").count() == 2  # the dispatchers
    page.locator("details.is-room > summary").first.click()
    page.locator("details.is-group > summary").first.click()
    expect(page.locator("details.is-group").first.locator(".member")).to_have_count(10)
