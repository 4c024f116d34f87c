"""What no page of ours would send: answered with a sentence, and nothing is done."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect

from grammar import Code
from smsgate.domain.refusals import Why
from smsgate.web.problem_table import PROBLEMS
from tests.test_pages.house import House

HUGE = "9" * 23
PAGE = {"Accept": "text/html"}


@pytest.mark.parametrize(
    "path", [f"/?before={HUGE}", f"/tickets?before={HUGE}", f"/messages/mo/{HUGE}", "/?before=-1", "/messages/mo/x"]
)
def test_a_number_that_no_row_has(house: House, path: str) -> None:
    """A person reads a page, not JSON."""
    answer = httpx.get(house.url + path)
    assert answer.status_code == 404
    assert "没有这个页面" in answer.text


def test_a_form_of_more_fields_than_any_of_ours(house: House) -> None:
    answer = httpx.post(f"{house.url}/tickets/new", data={f"field{number}": "x" for number in range(100)})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"act": "nonsense", "text": "写了"}, "请先选择一项操作"),
        ({"text": "写了"}, "请先选择一项操作"),
        ({"act": "progress", "text": "长" * 2001}, "最多2000个字符"),
    ],
)
def test_an_act_is_not_guessed_and_no_opinion_is_cut(house: House, form: dict[str, str], sentence: str) -> None:
    """What was typed is kept for another try."""
    number = house.open().ticket.number
    answer = httpx.post(f"{house.url}/tickets/{number}", data={"as": "wangmin", **form})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert form["text"] in answer.text
    assert "第2步" not in answer.text


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"act": "transfer", "target": "-核心维护", "text": "x", "as": "wangmin"}, "target"),
        ({"act": "accept", "as": "nobody"}, "as"),
        ({"act": "progress", "text": "长" * 2001, "as": "wangmin"}, "text"),
        ({"act": "nonsense", "as": "wangmin"}, None),
    ],
)
def test_the_field_that_is_wrong_is_marked(house: House, form: dict[str, str], field: str | None) -> None:
    """And no other."""
    number = house.open().ticket.number
    answer = httpx.post(f"{house.url}/tickets/{number}", data=form)
    marked = [
        re.search(r' name="(\w+)"', tag) for tag in re.findall(r"<[^>]*>", answer.text) if 'aria-invalid="true"' in tag
    ]
    assert [found.group(1) for found in marked if found is not None] == ([field] if field else [])


def test_the_banner_counts_the_faults_of_the_chart(house: House) -> None:
    """The first is read out."""
    house.charts.reject(("orgchart.yaml:1:1: eins", "zwei", "drei"))
    shown = httpx.get(f"{house.url}/?lang=en").text
    assert "eins" in shown
    assert "and 2 more" in shown


def test_the_source_of_a_fault_is_said_in_the_readers_language(house: House) -> None:
    """The API's word is English."""
    number = house.open(source="alarm").ticket.number
    assert "<bdi>告警</bdi>" in httpx.get(f"{house.url}/tickets/{number}").text


def test_a_control_character_is_replaced(house: House) -> None:
    """No database and no phone keeps it."""
    answer = httpx.post(f"{house.url}/tickets/new", data={"as": "zhoujie", "title": "西\0区\x1b", "severity": "major"})
    assert answer.status_code == 303
    assert "西\ufffd区\ufffd" in httpx.get(f"{house.url}/tickets").text
    assert httpx.get(f"{house.url}/tickets?q=%00").status_code == 200


def test_a_wrong_method_of_a_page_is_told_all_right_ones(house: House) -> None:
    assert httpx.put(f"{house.url}/tickets/new").headers["Allow"] == "GET, POST"
    assert httpx.put(f"{house.url}/static/page.js").headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("code", [*PROBLEMS, *Why, *Code])
def test_the_type_of_each_problem_leads_somewhere(house_of_all: House, code: str) -> None:
    """To a page for people, in their language, and to JSON for programs."""
    address = f"{house_of_all.url}/problems/{code}"
    told = httpx.get(address, headers={"Accept-Language": "en"}).json()
    assert (told["code"], told["type"]) == (code, f"/problems/{code}")
    assert told["status"] >= 400
    assert told["detail"].isascii() or "…" in told["detail"] or "://" in told["detail"]
    assert "{" not in told["detail"]
    shown = httpx.get(address, headers=PAGE)
    assert shown.status_code == 200
    assert code in shown.text


def test_there_is_no_such_problem(house_of_all: House) -> None:
    address = f"{house_of_all.url}/problems/nonsense"
    assert httpx.get(address).json()["code"] == "not_found"
    assert (httpx.get(address).status_code, httpx.get(address, headers=PAGE).status_code) == (404, 404)


@pytest.mark.browser
def test_a_problem_explained_to_a_person(house: House, look: Callable[..., Page]) -> None:
    page = look("/problems/key_reused")
    expect(page.get_by_role("heading", name="Idempotency-Key已用过")).to_be_visible()
