"""The queue's pages and API by raw requests: each with its exact effect, bad input among them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.test_queue.house import MENDED, MISREAD, NASTY, STRANGER, call, desk_house, item_of, post
from tests.test_web.house import API, House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house with a desk."""
    with desk_house(tmp_path) as made:
        yield made


def states(house: House) -> list[Any]:
    """Of each item: whether it waits, its outcome, who handled it."""
    return house.rows("SELECT waits, outcome, handled_by FROM queue_items ORDER BY id")


def test_the_queue_shows_who_waits_longest_first(house: House) -> None:
    """With counts by kind, in the navigation bar, and one kind alone by the URL."""
    item_of(house, "wangmin", MISREAD)
    house.stage.clock.go_on(minutes=3)
    item_of(house, STRANGER, "你好")
    page = house.client.get("/queue").text
    assert page.index(MISREAD) < page.index("你好")
    assert "已等03:00" in page
    assert "2项待人工处理" in page
    only = house.client.get("/queue?kind=unknown_sender").text
    assert MISREAD not in only
    assert house.client.get("/queue?kind=nonsense&view=x&from=7").status_code == 200
    assert "Nothing has been handled yet" in house.client.get("/queue?view=done&lang=en").text


def test_an_items_page_marks_the_fault_and_shows_what_it_would_do(house: House) -> None:
    number = item_of(house, "wangmin", MISREAD)
    page = house.client.get(f"/queue/{number}").text
    assert '<mark class="fault" title="出错处">核心维护</mark>' in page
    assert "西区基站退服" in page
    better = house.client.get(f"/queue/{number}", params={"text": MENDED}).text
    assert "执行后" in better
    assert "将发3条短信" in better
    assert 'name="seen" value="1-1"' in better


@pytest.mark.parametrize(
    ("act", "form", "status", "after"),
    [
        ("run", {"command": MENDED}, 303, (0, "run", "zhoujie")),
        ("run", {"command": MENDED, "seen": "1-1"}, 303, (0, "run", "zhoujie")),
        ("run", {"command": MENDED, "seen": "1-9"}, 409, (1, None, None)),
        ("run", {"command": MENDED, "seen": "nonsense"}, 409, (1, None, None)),
        ("run", {"command": "LD99999"}, 422, (1, None, None)),
        ("run", {"command": NASTY}, 422, (1, None, None)),
        ("run", {"command": ""}, 422, (1, None, None)),
        ("run", {}, 422, (1, None, None)),
        ("answer", {"text": "请写 -核心维护室"}, 303, (0, "answered", "zhoujie")),
        ("answer", {"text": " \n"}, 422, (1, None, None)),
        ("answer", {"text": NASTY}, 422, (1, None, None)),
        ("dismiss", {"reason": "phoned"}, 303, (0, "dismissed", "zhoujie")),
        ("dismiss", {"reason": "other"}, 422, (1, None, None)),
        ("dismiss", {"reason": "<script>"}, 422, (1, None, None)),
        ("dismiss", {}, 422, (1, None, None)),
        ("resend", {"sure": "1"}, 409, (1, None, None)),
        ("propose", {"who": "linna"}, 409, (1, None, None)),
        ("claim", {}, 303, (1, None, None)),
        ("release", {}, 303, (1, None, None)),
        ("undo", {}, 303, (1, None, None)),
        ("nonsense", {}, 404, (1, None, None)),
    ],
)
def test_what_a_form_does(
    house: House, act: str, form: dict[str, str], status: int, after: tuple[int, str | None, str | None]
) -> None:
    """What is refused changes nothing and keeps what was typed."""
    number = item_of(house, "wangmin", MISREAD)
    answer = post(house, f"/queue/{number}/{act}", **form)
    assert answer.status_code == status
    assert states(house) == [after]
    if status in (409, 422):
        assert 'role="alert"' in answer.text
        assert "<script>alert" not in answer.text
    if act == "run" and status == 422 and form.get("command") == "LD99999":
        assert ">LD99999</textarea>" in answer.text


def test_a_double_click_is_one_hop(house: House) -> None:
    number = item_of(house, "wangmin", MISREAD)
    for _ in range(3):
        assert post(house, f"/queue/{number}/run", command=MENDED, seen="1-1").status_code == 303
    assert house.rows("SELECT count(*) FROM hops WHERE refused IS NULL") == [2]
    assert house.rows("SELECT actor_name, channel FROM hops WHERE no = 2") == [("代王敏 由周洁", "desk")]
    assert "代王敏 由周洁" in house.client.get("/tickets/48217").text
    assert "代王敏 由周洁" in house.client.get("/").text


def test_two_at_the_desk(house: House) -> None:
    """Who comes second is told who is on it; after taking it over the first is."""
    number = item_of(house, "wangmin", MISREAD)
    post(house, f"/queue/{number}/claim")
    refused = post(house, f"/queue/{number}/run", by="sunyan", command=MENDED)
    assert refused.status_code == 409
    assert "周洁正在处理" in refused.text
    assert post(house, f"/queue/{number}/claim", by="sunyan", over="1").status_code == 303
    assert "孙艳正在处理" in post(house, f"/queue/{number}/dismiss", reason="talk").text
    assert post(house, f"/queue/{number}/run", by="sunyan", command=MENDED).status_code == 303
    late = post(house, f"/queue/{number}/run", command=MENDED)
    assert late.status_code == 409
    assert "孙艳已于" in late.text


def test_a_dismissal_is_undone_where_it_was_made(house: House) -> None:
    number = item_of(house, "wangmin", MISREAD)
    answer = post(house, f"/queue/{number}/dismiss?kind=misread", reason="other", words="他说<b>不用了</b>")
    assert answer.headers["location"] == f"/queue?kind=misread&did={number}"
    page = house.client.get(answer.headers["location"]).text
    assert f'action="/queue/{number}/undo' in page
    done = house.client.get("/queue?view=done").text
    assert "其他: <bdi>他说&lt;b&gt;不用了&lt;/b&gt;</bdi>" in done
    post(house, f"/queue/{number}/undo")
    assert states(house) == [(1, None, None)]


def test_a_number_is_proposed_with_the_line_that_changes(house: House) -> None:
    chart = house.stage.charts.current
    # long enough to be kept packed, as every real chart is
    text = '  linna: {name: 林娜, phone: "13910000013"}\n' + "# 注释\n" * 1000
    house.stage.store.writer.write_now(lambda unit: unit.keep_chart(chart.hash, text, "test", 1))
    number = item_of(house, STRANGER, "我是林娜，换号了")
    assert "短信里提到" in house.client.get(f"/queue/{number}").text
    assert post(house, f"/queue/{number}/propose", who="林娜", how="replace").status_code == 303
    page = house.client.get("/queue?view=proposals").text
    assert "+   linna: {name: 林娜, phone: &#34;13912345678&#34;}" in page
    assert post(house, f"/queue/{number}/withdraw").status_code == 303
    assert house.rows("SELECT state FROM chart_proposals") == ["withdrawn"]
    assert post(house, f"/queue/{number}/withdraw").status_code == 404


def test_odd_addresses(house: House) -> None:
    for path in ("/queue/99", "/queue/x", "/queue/99/look", "/queue/" + "9" * 40):
        assert house.client.get(path).status_code in (404, 405), path
    assert post(house, "/queue/99/run", command="CX").status_code == 404
    assert post(house, "/queue/99/look", command="CX").status_code == 404


def test_the_same_over_the_api(house: House) -> None:
    """List, try, run; who comes second gets a problem that says so."""
    number = item_of(house, "wangmin", MISREAD)
    listed = house.client.get(f"{API}/queue").json()
    assert [(item["id"], item["kind"], item["text"]) for item in listed["items"]] == [(number, "misread", MISREAD)]
    assert listed["waiting"]["misread"] == 1
    trial = call(house, f"{number}/look", text=MENDED).json()
    assert (trial["done"], trial["seen"], len(trial["messages"])) == (True, "1-1", 3)
    assert trial["transfers"][0]["to"]["name"] == "核心维护室"
    refused = call(house, f"{number}/run", text="LD99999")
    assert (refused.status_code, refused.json()["code"], refused.json()["outcome"]) == (409, "not_done", "bad_code")
    ran = call(house, f"{number}/run", text=MENDED, seen=trial["seen"], **{"as": "sunyan"}).json()
    assert (ran["item"]["outcome"], ran["item"]["handled_by"]) == ("run", "sunyan")
    over = call(house, f"{number}/run", text=MENDED)
    assert (over.status_code, over.json()["code"], over.json()["by"]) == (409, "item_over", "sunyan")
    shown = house.client.get(f"{API}/queue/{number}").json()
    assert [(act["who"], act["act"]) for act in shown["acts"]] == [("sunyan", "run")]
    assert house.client.get(f"{API}/queue?done=true").json()["items"][0]["id"] == number


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("99/claim", {}, 404, "no_item"),
        ("1/claim", {"as": "nobody"}, 422, "no_actor"),
        ("1/claim", {"over": "x"}, 422, "invalid"),
        ("1/dismiss", {"reason": "nonsense"}, 422, "invalid"),
        ("1/dismiss", {"reason": "other"}, 422, "no_reason"),
        ("1/answer", {"text": "长" * 501}, 422, "too_many_words"),
        ("1/answer", {"text": "\x00"}, 200, None),
        ("1/resend", {"sure": True}, 409, "act_not_here"),
        ("1/propose", {"who": "x"}, 409, "act_not_here"),
        ("1/withdraw", {}, 404, "no_item"),
        ("1/undo", {}, 200, None),
        ("1/look", {"text": NASTY}, 200, None),
    ],
)
def test_what_the_api_refuses(house: House, path: str, body: dict[str, Any], status: int, code: str | None) -> None:
    item_of(house, "wangmin", MISREAD)
    answer = call(house, path, **body)
    assert answer.status_code == status, answer.text
    if code is not None:
        assert answer.json()["code"] == code


def test_nasty_words_hurt_nothing(house: House) -> None:
    """On every page that shows them."""
    number = item_of(house, "wangmin", f"ZP#{NASTY}")
    mo_id = house.rows("SELECT max(id) FROM mos")[0]
    for path in ("/queue", f"/queue/{number}", "/messages", f"/messages/mo/{mo_id}", "/queue?lang=en"):
        page = house.client.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text, path
    assert "U+202E" in house.client.get(f"/queue/{number}").text
