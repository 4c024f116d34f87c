"""Reports as a person meets them: tables, lists, files, pictures; and the API beside them, with the same numbers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from routing.model import Act
from smsgate.reports import Reports
from smsgate.reports.sheets import XLSX
from smsgate.service.reports import FIGURES, Level
from smsgate.web.pages import mount_pages, reports
from tests.test_reports.story import play
from tests.test_reports.test_sheets import sheets
from tests.test_reports.test_story import CENTRES, GROUPS, PEOPLE, ROOMS, TOTAL
from tests.test_web.house import API, House, built

DAYS = "from=2026-11-23&to=2026-11-24"
NASTY = "=cmd|' /C calc'!A0<script>document.title='hit'</script>\u202e\u2067倒" + "长" * 1500
LINK = re.compile(r'<td class="num[^"]*">(?:<a href="([^"]+)">([\d.]+)</a>|<span class="quiet">([\d.–]+)</span>)</td>')
LINES = re.compile(r'<td class="num report-time">')
MINUTES = re.compile(r'data-name="分钟">([\d.]+)</td>')
EXPECTED = {Level.GROUP: GROUPS, Level.ROOM: ROOMS, Level.CENTER: CENTRES, Level.PERSON: PEOPLE}


@pytest.fixture(scope="module")
def noc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The story's two days, and a ticket whose opinion hurts nothing."""
    with built(tmp_path_factory.mktemp("noc"), [mount_pages]) as made:
        play(made.stage)
        yield made


def page_of(house: House, path: str, status: int = 200) -> str:
    answer = house.client.get(path)
    assert answer.status_code == status, answer.text[:300]
    return answer.text


def figures_of(page: str) -> list[list[str]]:
    """The numbers of the first table, row by row, the totals last."""
    table = page[page.index("<tbody>") : page.index("</table>")]
    shown = [a or b for _, a, b in LINK.findall(table)]
    return [shown[at : at + len(FIGURES)] for at in range(0, len(shown), len(FIGURES))]


def written(values: object) -> list[str]:
    assert isinstance(values, tuple)
    return ["–" if value is None else str(value) for value in values]


@pytest.mark.parametrize("level", Level)
def test_the_page_has_the_numbers_that_were_counted_by_hand(noc: House, level: Level) -> None:
    """Rows and total."""
    rows = figures_of(page_of(noc, f"/reports?{DAYS}&level={level}"))
    expected = [written(values) for values in EXPECTED[level].values()]
    assert sorted(rows[:-1]) == sorted(expected)
    assert rows[-1] == written(TOTAL)


@pytest.mark.parametrize("query", [*(f"level={level}" for level in Level), "level=group&by=day&unit=网管维护中心"])
def test_each_number_opens_exactly_what_it_counts(noc: House, query: str) -> None:
    """Every link of the page is followed; a number without tickets is no link."""
    page = page_of(noc, f"/reports?{DAYS}&{query}")
    links = {(unescape(href), shown) for href, shown, _ in LINK.findall(page) if href}
    assert len(links) > 15
    for href, shown in links:
        listed = page_of(noc, href)
        lines, minutes = len(LINES.findall(listed)), [float(value) for value in MINUTES.findall(listed)]
        column = re.search(r"column=(\w+)", href)
        assert column is not None
        if column[1] in ("held", "paused"):
            assert round(sum(minutes), 1) == float(shown), href
        elif column[1].endswith("median"):
            middle = sorted(minutes)
            assert (middle[(lines - 1) // 2] + middle[lines // 2]) / 2 == float(shown), href
        elif column[1].endswith("p90") or column[1] == "transfers":
            assert lines >= 1
        else:
            assert lines == int(shown), href


def test_a_long_list_is_paged_without_gap_or_double(noc: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two at a time: all of them, each once."""
    path = f"/reports/tickets?{DAYS}&column=reminded"
    whole = re.findall(r'report-time">([^<]+)', page_of(noc, path))
    monkeypatch.setattr(reports, "PAGE", 2)
    found: list[str] = []
    following: str | None = path
    while following:
        page = page_of(noc, following)
        found += re.findall(r'report-time">([^<]+)', page)
        more = re.search(r'class="older"><a class="btn" href="([^"]+)"', page)
        following = unescape(more[1]) if more else None
    assert found == whole
    assert len(whole) == 10


def test_files_and_api_say_what_the_page_says(noc: House) -> None:
    """One table, four ways."""
    shown = figures_of(page_of(noc, f"/reports?{DAYS}&level=group"))
    text = noc.client.get(f"/reports/export?{DAYS}&level=group&format=csv")
    assert text.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in text.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(text.text.removeprefix("\ufeff"), newline="")))
    assert [[cell or "–" for cell in row[5:]] for row in rows[1:]] == shown
    book = noc.client.get(f"/reports/export?{DAYS}")
    assert book.headers["content-type"] == XLSX
    grid = sheets(book.content)["班组"][0]
    width = len(grid[0])
    as_numbers = [[None if cell == "–" else float(cell) for cell in row] for row in shown]
    assert [[*line, *([None] * (width - len(line)))][5:] for line in grid[1:]] == as_numbers
    answer = noc.client.get(f"{API}/reports?{DAYS}").json()
    assert [written(tuple(row["figures"].values())) for row in (*answer["rows"], *answer["totals"])] == shown
    assert next((route["name"], route["count"]) for route in answer["routes"]) == (
        "值班席 → 网管维护中心-传输维护室-光缆维护组", 1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "query", "media"),
    [
        ({}, "", "application/json"),
        ({"Accept": "text/csv"}, "", "text/csv; charset=utf-8"),
        ({"Accept": XLSX}, "", XLSX),
        ({"Accept": "text/html, */*"}, "", "application/json"),
        ({"Accept": "text/csv"}, "&format=json", "application/json"),
        ({}, "&format=xlsx", XLSX),
    ],
)
def test_the_api_answers_as_it_is_asked(noc: House, headers: dict[str, str], query: str, media: str) -> None:
    """By Accept, or by format, which wins."""
    answer = noc.client.get(f"{API}/reports?{DAYS}{query}", headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (200, media)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from=2026-11-24&to=2026-11-23", "结束日期早于开始日期"),
        ("from=2020-01-01&to=2026-01-01", "一次最多统计400天"),
        ("from=yesterday", "日期写法"),
        ("from=0001-01-01", "日期超出范围"),
        ("period=fortnight", "没有这样的时段"),
        ("level=planet", "没有这个选项"),
        ("by=hour", "没有这个选项"),
        ("unit=a-b-c-d", "单位写法"),
        ("unit=<script>--", "单位写法"),
    ],
)
def test_a_wish_that_nobody_can_grant(noc: House, query: str, sentence: str) -> None:
    """A sentence, and nothing of it is taken for markup."""
    page = page_of(noc, f"/reports?{query}", 422)
    assert sentence in page
    assert "<script>--" not in page
    assert page_of(noc, f"/reports/export?{query}", 422)
    assert noc.client.get(f"{API}/reports?{query}").status_code == 422


@pytest.mark.parametrize(
    "query", ["column=nonsense", "column=came&level=group&of=a-b-c-d", "column=came&sort=x&after=x"]
)
def test_a_list_of_nothing_known(noc: House, query: str) -> None:
    assert noc.client.get(f"/reports/tickets?{DAYS}&{query}").status_code in (200, 422)


def test_who_cannot_wait_sees_how_far_it_is(noc: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that comes again by itself, without a script; the API says when to ask again."""

    async def never(self: Reports, *_: object) -> float:
        return 0.37

    monkeypatch.setattr(Reports, "ready", never)
    answer = noc.client.get(f"/reports?{DAYS}")
    assert (answer.status_code, answer.headers["refresh"]) == (202, "2")
    assert "已完成37%" in answer.text
    api = noc.client.get(f"{API}/reports?{DAYS}")
    assert (api.status_code, api.json()["code"], api.headers["retry-after"]) == (503, "report_counting", "3")


def test_an_empty_time_says_what_to_do(noc: House) -> None:
    assert "换一段时间" in page_of(noc, "/reports?from=2026-01-01&to=2026-01-02")


def test_an_opinion_and_a_unit_hurt_nothing(tmp_path: Path) -> None:
    """What anybody wrote is text on the list, in the API and in files."""
    with built(tmp_path, [mount_pages]) as house:
        code = house.stage.open(NASTY[:180]).ticket.code
        house.stage.act("wangmin", Act.RESOLVE, code, NASTY)
        house.stage.clock.go_on(minutes=1)
        listed = page_of(house, "/reports/tickets?period=today&column=resolved")
        assert "<script>document" not in listed
        assert "&lt;script&gt;document" in listed
        csv_text = house.client.get("/reports/export?period=today&format=csv").text
        assert not [cell for row in csv.reader(io.StringIO(csv_text)) for cell in row if cell[:1] in "=+-@" and cell]


# -- in a browser -------------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("width", [1440, 390])
def test_a_report_is_read_and_followed(noc: House, look_at: Callable[..., Page], width: int) -> None:
    """Sorted by a click, a number opened, back again; nothing runs over the edge; trends and routes are drawn."""
    complaints: list[str] = []
    page = look_at(_address(noc), f"/reports?{DAYS}&by=day", width)
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.reload()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(page.locator("figure.chart canvas")).to_have_count(2)
    expect(page.locator("svg.flow path.ribbon")).to_have_count(2)
    page.get_by_role("link", name="受理超时", exact=True).first.click()
    expect(page.locator('th[aria-sort="descending"]')).to_have_text(re.compile("超时"))
    late = page.locator("tbody tr").first
    expect(late).to_contain_text("交换维护组")
    late.locator("a", has_text=re.compile("^36.0$")).first.click()
    expect(page.locator("table.is-list tbody tr")).to_have_count(1)
    expect(page.locator("table.is-list")).to_contain_text("西区基站退服")
    page.get_by_role("link", name="回报表").click()
    expect(page.locator("h1")).to_contain_text("报表")
    assert complaints == []


@pytest.mark.browser
def test_without_scripts_and_mouse(noc: House, browser: Browser) -> None:
    """The form, the links and the tables are all there; the trend is its table."""
    context = browser.new_context(base_url=_address(noc), java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"/reports?{DAYS}")
    page.get_by_label("统计到").select_option("person")
    page.get_by_role("button", name="查看").focus()
    page.keyboard.press("Enter")
    expect(page.locator("tbody").first).to_contain_text("wangmin")
    page.locator("summary", has_text="走势数据").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#trend tbody tr")).to_have_count(2)
    page.locator("tfoot a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("table.is-list tbody tr")).to_have_count(3)
    context.close()


@pytest.mark.browser
def test_on_paper_there_are_the_numbers_alone(noc: House, look_at: Callable[..., Page]) -> None:
    """No bar, no form, no folded table."""
    page = look_at(_address(noc), f"/reports?{DAYS}")
    page.emulate_media(media="print")
    expect(page.locator(".bar")).to_be_hidden()
    expect(page.locator(".report-form")).to_be_hidden()
    expect(page.locator("table.report").first).to_be_visible()


def _address(house: House) -> str:
    return f"http://127.0.0.1:{house.port}"
