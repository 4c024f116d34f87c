"""The live log survives whatever happens to the line: no hop is missing, none comes twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from routing.model import Act
from tests.test_pages.house import House

Look = Callable[..., Page]
Event = tuple[str | None, str, str]


def events(lines: Iterator[str]) -> Iterator[Event]:
    """(id, event, data), as a browser reads them."""
    found: dict[str, str] = {}
    for line in lines:
        if not line:
            if "event" in found:
                yield found.get("id"), found["event"], found.get("data", "")
            found = {}
        elif not line.startswith(":"):
            name, _, value = line.partition(": ")
            found[name] = f"{found[name]}\n{value}" if name in found else value


def hop_ids(house: House, most: int, after: str, headers: dict[str, str] | None = None) -> list[int]:
    """The ids of the first hops that the stream sends."""
    found: list[int] = []
    with httpx.stream("GET", f"{house.url}/events/transfers{after}", headers=headers, timeout=5) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        for id_, name, _ in events(answer.iter_lines()):
            if name == "hop":
                found.append(int(id_ or 0))
            if len(found) == most:
                break
    return found


@pytest.mark.browser
def test_a_restart_leaves_no_gap_and_no_double(house: House, look: Look) -> None:
    """What happens while the server is away comes when it is back; the banner comes and goes."""
    code = house.open().ticket.code
    page = look("/")
    expect(page.locator("#cut")).to_be_hidden()
    expect(page.locator("#live")).to_be_visible()
    for round_ in range(2):
        house.stop()
        expect(page.locator("#cut")).to_be_visible()
        for step in range(3):
            house.act("wangmin", Act.PROGRESS, code, f"{round_}-{step}")
        house.start()
        expect(page.locator("#cut")).to_be_hidden()
        house.act("wangmin", Act.PROGRESS, code, f"{round_}-live")
        expect(page.locator(".hop .said").first).to_have_text(f"{round_}-live")
    said = page.locator(".hop .said").all_inner_texts()
    assert said == ["1-live", "1-2", "1-1", "1-0", "0-live", "0-2", "0-1", "0-0", "", "请处理"][:8] + said[8:]
    assert page.locator(".hop").count() == 10  # the first feedback accepted the ticket in passing
    ids = [int(line.get_attribute("data-hop") or 0) for line in page.locator(".hop").all()]
    assert ids == sorted(set(ids), reverse=True)


@pytest.mark.browser
def test_older_lines_come_page_by_page(house: House, look: Look) -> None:
    """By their ids, while new ones come in on top."""
    code = house.open().ticket.code
    for number in range(70):
        house.act("zhoujie", Act.URGE, code, f"第{number}次")
    page = look("/")
    expect(page.locator(".hop")).to_have_count(60)
    house.act("zhoujie", Act.URGE, code, "最新")
    expect(page.locator(".hop")).to_have_count(61)
    page.get_by_role("link", name="更早").click()
    expect(page.locator(".hop")).to_have_count(72)
    ids = [int(line.get_attribute("data-hop") or 0) for line in page.locator(".hop").all()]
    assert ids == sorted(set(ids), reverse=True)
    expect(page.get_by_role("link", name="更早")).to_have_count(0)


def test_last_event_id_goes_before_the_address(house: House) -> None:
    """A browser that comes again says both: the header is the newer word."""
    code = house.open().ticket.code
    for number in range(5):
        house.act("zhoujie", Act.URGE, code, f"{number}")
    assert hop_ids(house, 6, "?after=0") == [1, 2, 3, 4, 5, 6]
    assert hop_ids(house, 2, "?after=0", {"Last-Event-ID": "4"}) == [5, 6]
    assert hop_ids(house, 3, "?after=0", {"Last-Event-ID": "nonsense"}) == [1, 2, 3]


def test_who_is_too_far_behind_or_saw_another_database_loads_anew(house: House) -> None:
    """Rather than a gap."""
    house.open()
    with httpx.stream("GET", f"{house.url}/events/transfers?after=77", timeout=5) as answer:
        assert [name for _, name, _ in events(answer.iter_lines())] == ["reset"]


def test_an_opinion_of_many_lines_stays_one_event(house: House) -> None:
    """Line ends of every kind, and what looks like a field."""
    house.open(text="一\r\n二\rid: 99\n\nevent: reset")
    with httpx.stream("GET", f"{house.url}/events/transfers?after=0", timeout=5) as answer:
        hop = next(event for event in events(answer.iter_lines()) if event[1] == "hop")
    assert hop[0] == "1"
    assert "event: reset" in hop[2]


def test_pages_allow_no_inline_script_and_nothing_from_elsewhere(house: House) -> None:
    """The policy, and that no page needs more."""
    answer = httpx.get(house.url)
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    for page in (answer, httpx.get(f"{house.url}/tickets/new"), httpx.get(f"{house.url}/phones")):
        assert " style=" not in page.text
        assert " onclick=" not in page.text
        assert "//" not in "".join(part.split('"')[0] for part in page.text.split('src="')[1:])


def test_assets_are_kept_only_under_the_address_of_their_version(house: House) -> None:
    """`?v=` names the version."""
    assert "immutable" in httpx.get(f"{house.url}/static/page.js?v=1").headers["cache-control"]
    assert "immutable" not in httpx.get(f"{house.url}/static/page.js").headers.get("cache-control", "")


def test_there_is_no_such_page_ticket_or_message(house: House) -> None:
    """A sentence and the way back, with 404."""
    for path in ("/tickets/11111", "/messages/mo/7", "/phones/hello"):
        answer = httpx.get(house.url + path)
        assert answer.status_code == 404, path
        assert "<h1" in answer.text
