"""The chart's desk over HTTP, by forms and by the API: no script has a part in it."""

from __future__ import annotations

import concurrent.futures
import html
import re
import time
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smsgate.domain.queue import ProposalHow
from smsgate.sample import sample_chart
from smsgate.service.rules import Rules
from smsgate.service.wording import Words
from smsgate.store.chart_file import hash_of
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.web.pages.orgchart_briefs import in_words
from smsgate.web.pages.speech import Speech
from tests.test_orgchart.house import ChartHouse
from tests.test_routing.charts import large

API = "/api/v1/orgchart"
PHONE, OTHER = '"13910000007"', '"13910000077"'
PLACE = "中心0-维护室0-维护组0"
"""A group of a large chart."""
GROUP_GONE = ("          话务维护组:", "          话务组:")


def base(house: ChartHouse) -> str:
    return hash_of(house.file.read_bytes())


def send(client: httpx.Client, do: str, text: str, **fields: str) -> httpx.Response:
    """A form as a browser sends it."""
    parts = {"text": text, "do": do, **fields}
    return client.post("/orgchart/edit", files={name: (None, value) for name, value in parts.items()})


def eventually(house: ChartHouse, text: str) -> None:
    wanted = hash_of(text.encode())
    limit = time.monotonic() + 20
    while house.charts.current.hash != wanted:
        assert time.monotonic() < limit, "it never came into force"
        time.sleep(0.02)


def test_a_form_previews_saves_and_says_when_it_is_in_force(house: ChartHouse, client: httpx.Client) -> None:
    began, text = base(house), house.text.replace(PHONE, OTHER)
    shown = send(client, "preview", text, base=began)
    assert shown.status_code == 200
    assert "曾丽 (zengli) 号码: +8613910000007 → +8613910000077" in shown.text
    assert house.text != text
    saved = send(client, "save", text.replace("\n", "\r\n"), base=began)
    assert saved.status_code == 303
    told = client.get(saved.headers["location"]).text
    assert "生效中" in told
    assert "第2版" in told
    assert "网页（本机）" in told
    assert house.text == text
    assert house.charts.current.hash == hash_of(text.encode())


def test_faults_stand_at_their_line_and_nothing_is_saved(house: ChartHouse, client: httpx.Client) -> None:
    text = house.text.replace("leader: chenhua ", "leader: chenhuo ", 1)
    line = next(number for number, row in enumerate(text.split("\n"), 1) if "chenhuo" in row)
    for do in ("check", "preview", "save"):
        shown = send(client, do, text, base=base(house))
        assert f"第{line}行第13列" in shown.text
        assert "是不是「chenhua」?" in shown.text
        assert shown.status_code == (200 if do == "check" else 422)
    assert "chenhuo" not in house.text


def test_a_danger_has_to_be_confirmed(house: ChartHouse, client: httpx.Client) -> None:
    ticket = house.open(target="-核心维护室-话务维护组").ticket
    text = house.text.replace(*GROUP_GONE)
    first = send(client, "save", text, base=base(house))
    assert first.status_code == 409
    assert f"工单{ticket.code}的持有者" in first.text
    assert "勾选确认" in first.text
    assert house.text != text
    assert send(client, "save", text, base=base(house), confirmed="yes").status_code == 303
    assert house.text == text


def test_another_admin_was_faster(house: ChartHouse, client: httpx.Client) -> None:
    """Different lines merge by themselves, the same line is asked; nobody's edit is overwritten."""
    began = base(house)
    mine = house.text.replace(PHONE, OTHER).replace("name: 高飞", "name: 高翔")
    theirs = house.text.replace("name: 林娜", "name: 林妮").replace("name: 高飞", "name: 高升")
    client.get("/orgchart/edit")  # the edit began with what the disk held
    house.replace(theirs)
    shown = send(client, "save", mine, base=began)
    assert shown.status_code == 409
    assert "1处两边都改了" in shown.text
    assert "高翔" in shown.text
    assert "高升" in shown.text
    assert house.text == theirs
    unanswered = send(client, "resolve", mine, base=began, theirs=hash_of(theirs.encode()))
    assert unanswered.status_code == 409
    answered = send(client, "resolve", mine, base=began, theirs=hash_of(theirs.encode()), c0="mine")
    assert answered.status_code == 200
    merged = _typed(answered.text)
    assert merged == mine.replace("name: 林娜", "name: 林妮")
    assert send(client, "save", merged, base=_field(answered.text, "base")).status_code == 303
    assert house.text == merged


def _typed(page: str) -> str:
    found = re.search(r'<textarea id="chart-text"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return (
        found[1]
        .replace("&#34;", '"')
        .replace("&gt;", ">")
        .replace("&lt;", "<")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
    )


def _briefs(page: str) -> list[str]:
    """The last column of the list of versions."""
    return [html.unescape(one) for one in re.findall(r'<td class="cell-brief"><bdi>(.*?)</bdi>', page)]


def _field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found[1]


def test_a_broken_file_is_shown_while_the_old_one_runs(house: ChartHouse, client: httpx.Client) -> None:
    good, hash_ = house.text, house.charts.current.hash
    house.replace(good.replace("rotation: daily", "rotation: dayly", 1))
    limit = time.monotonic() + 20
    while not house.charts.faults:
        assert time.monotonic() < limit
        time.sleep(0.02)
    page = client.get("/orgchart/edit").text
    assert "磁盘上的文件不是生效中的那一份" in page
    assert "dayly" in page
    assert "1处错误" in page
    assert house.charts.current.hash == hash_
    mended = client.get("/orgchart/edit?version=force").text
    assert _typed(mended) == good
    assert "下面是生效中的那一份；保存后它取代磁盘上的。" in mended
    assert "下面是磁盘上的内容" not in mended
    assert "改为编辑生效中的那一份" not in mended
    assert send(client, "save", good, base=_field(mended, "base")).status_code == 303
    assert house.text == good


def test_a_file_that_is_no_text_shows_the_one_in_force(house: ChartHouse, client: httpx.Client) -> None:
    good = house.text
    house.file.write_bytes(good.encode("gb18030"))
    page = client.get("/orgchart/edit").text
    assert "磁盘上的文件读不了" in page
    assert _typed(page) == good
    assert send(client, "save", good, base=_field(page, "base")).status_code == 303
    assert house.text == good


def test_a_file_that_is_gone_is_said(house: ChartHouse, client: httpx.Client) -> None:
    good = house.text
    house.file.unlink()
    page = client.get("/orgchart/edit").text
    assert "磁盘上的文件读不了" in page
    answer = send(client, "save", good.replace(PHONE, OTHER), base=_field(page, "base"))
    assert answer.status_code == 409
    assert "没有保存" in answer.text
    assert client.get(f"{API}/source").status_code == 404
    assert client.post("/orgchart/import", files={"file": ("a", b"a")}).status_code == 422


def test_back_to_an_earlier_version(house: ChartHouse, client: httpx.Client) -> None:
    first = house.text
    text = first.replace(PHONE, OTHER)
    assert send(client, "save", text, base=base(house)).status_code == 303
    eventually(house, text)
    listed = client.get("/orgchart/history").text
    assert listed.index("第2版") < listed.index("第1版")
    assert _briefs(listed) == ["曾丽 (zengli) 号码: +8613910000007 → +8613910000077", "最早的一版"]
    second = client.get("/orgchart/history/2").text
    assert "曾丽 (zengli) 号码" in second
    assert "is-old" in second
    shown = client.post("/orgchart/edit", files={"do": (None, "return"), "version": (None, "1")})
    assert shown.status_code == 200
    assert "+8613910000077 → +8613910000007" in shown.text
    assert send(client, "save", first, base=_field(shown.text, "base"), note="return:1").status_code == 303
    eventually(house, first)
    assert "恢复自第1版" in client.get("/orgchart/history").text


def test_the_list_of_versions_says_in_a_few_words_what_changed(house: ChartHouse, client: httpx.Client) -> None:
    """Two changes are named, the others counted; comments are said to be that; a large chart is told by its lines."""
    first = house.text
    third = first.replace("name: 王敏", "name: 王小敏").replace("name: 高飞", "name: 高飞翔").replace(PHONE, OTHER)
    kept = [first, first.replace("# 调度", "# 调 度", 1), third]
    for at, text in enumerate(kept):
        chart_hash = hash_of(text.encode())
        house.store.writer.write_now(
            lambda unit, key=chart_hash, text=text, at=at: (
                unit.keep_chart(key, text, "start", at), unit.chart_came(key, "start", at),
            )
        )  # fmt: skip
    said = _briefs(client.get("/orgchart/history").text)
    assert said[0] == "王敏 (wangmin) 改名为 王小敏；曾丽 (zengli) 号码: +8613910000007 → +8613910000077；另有1处"
    assert said[1] == "只改了注释、顺序或写法"
    english = _briefs(client.get("/orgchart/history?lang=en").text)
    assert english[0].endswith("; 1 more")
    assert english[1] == "comments, order or spelling alone"


def test_what_takes_long_to_compare_is_told_by_its_lines() -> None:
    speech = Speech("zh", Words(sample_chart(), Rules({}, "", frozenset(), 0, "zh"), 0))
    assert in_words(speech, (3, 1)) == "加3行，去1行"


def test_line_ends_of_the_file_stay(house: ChartHouse, client: httpx.Client) -> None:
    house.file.write_bytes(house.text.replace("\n", "\r\n").encode())
    page = client.get("/orgchart/edit").text
    text = _typed(page).replace(PHONE, OTHER)
    assert send(client, "save", text, base=_field(page, "base")).status_code == 303
    assert house.text == text.replace("\n", "\r\n")


def test_import_by_forms(house: ChartHouse, client: httpx.Client) -> None:
    listed = "姓名,账号,手机,组\n钱多,qianduo,13900000001,话务维护组\n坏,b-d,,\n".encode("gb18030")
    page = client.post("/orgchart/import", files={"file": ("名单.csv", listed)}).text
    assert "只能用字母" in page
    text = _imported(page)
    shown = send(client, "preview", text, base=_field(page, "base"), note="import")
    assert "钱多 (qianduo) 加入 网管维护中心-核心维护室-话务维护组" in shown.text
    assert send(client, "save", text, base=_field(page, "base"), note="import").status_code == 303
    assert house.charts.current.name_of("qianduo") == "钱多"
    assert "导入人员" in client.get("/orgchart/history").text
    assert client.post("/orgchart/import", files={"file": ("a.xls", b"\xd0\xcf\x11\xe0")}).status_code == 422


def _imported(page: str) -> str:
    return _typed(page.replace('<textarea name="text" hidden aria-hidden="true">', '<textarea id="chart-text">'))


SEARCHES = {
    "wangmin": "王敏", "王敏": "王敏", "wm": "王敏", "wang min": "王敏", "139 1000 0002": "王敏",
    "+8613910000002": "王敏", "0002": "王敏", "shan": "单磊", "zeng": "曾丽",
    "话务": "话务维护组", "huawu": "话务维护组", "linna": "林娜",
}  # fmt: skip


@pytest.mark.parametrize("asked", SEARCHES)
def test_search(house: ChartHouse, client: httpx.Client, asked: str) -> None:
    page = client.get("/orgchart", params={"q": asked}).text
    assert SEARCHES[asked] in page.split('class="found"')[1]


def test_pages_of_the_tree(house: ChartHouse, client: httpx.Client) -> None:
    code = house.open().ticket.code
    assert "当班" in client.get("/orgchart").text
    assert code in client.get("/orgchart/person?account=WANGMIN").text
    assert code in client.get("/orgchart/unit", params={"path": "网管维护中心-核心维护室"}).text
    assert "孙艳" in client.get("/orgchart/unit?path=dispatchers").text
    for path in ("person?account=nobody", "unit?path=没有", "unit?path=", "history/99", "history/x"):
        assert client.get(f"/orgchart/{path}").status_code == 404


NASTY = "<script>alert(1)</script>\u202e=cmd|' /C calc'!A0\x00\x07" + "长" * 2000


def test_nothing_that_is_typed_hurts(house: ChartHouse, client: httpx.Client) -> None:
    for text in (NASTY, "", "&a *a", "a: [" * 5000, "\ufeff", "%YAML 9.9\n---\n"):
        for do in ("check", "preview", "save"):
            page = send(client, do, text, base="x" * 64)
            assert page.status_code in (200, 409, 422)
            assert "<script>alert" not in page.text
    assert client.get("/orgchart", params={"q": NASTY}).status_code == 200
    listed = f"姓名,账号,手机\n{NASTY},{NASTY},{NASTY}\n".replace("\x00", "").encode()
    assert "<script>alert" not in client.post("/orgchart/import", files={"file": ("a", listed)}).text


BAD_FORMS = [
    ("multipart/form-data", b"x"),
    ("multipart/form-data; boundary=a", b""),
    ("multipart/form-data; boundary=a", b"--a\r\n\r\nno name\r\n--a--"),
    ("multipart/form-data; boundary=a", b'--a\r\nContent-Disposition: form-data; name="text"\r\n\r\nnot closed'),
]


@pytest.mark.parametrize(("kind", "body"), BAD_FORMS)
def test_forms_that_are_none(house: ChartHouse, client: httpx.Client, kind: str, body: bytes) -> None:
    assert client.post("/orgchart/edit", content=body, headers={"content-type": kind}).status_code == 400


@pytest.fixture(scope="module")
def checking(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A house in which nothing is saved."""
    opened = ChartHouse(tmp_path_factory.mktemp("house")).start()
    with httpx.Client(base_url=opened.url, timeout=30) as made:
        yield made
    opened.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300), around=st.sampled_from(["{}", "people:\n  {}", "centers: {{{}}}", "version: 1\n{}"]))
def test_no_text_breaks_the_check(checking: httpx.Client, text: str, around: str) -> None:
    answer = checking.post("/orgchart/check", content=around.format(text).encode())
    assert answer.status_code == 200
    assert answer.json()["errors"] > 0


def test_the_api_does_the_same(house: ChartHouse, client: httpx.Client) -> None:
    """Source, check, preview, save by If-Match, versions, return."""
    source = client.get(f"{API}/source")
    etag, text = source.headers["etag"], source.json()["text"]
    changed = {"text": text.replace(PHONE, OTHER)}
    assert client.post(f"{API}/check", json=changed).json()["good"]
    bad = client.post(f"{API}/check", json={"text": text.replace("zengli:", "zengly:")}).json()
    assert (bad["good"], bad["errors"]) == (False, 2)
    assert client.post(f"{API}/preview", json=changed).json()["changes"][0]["subject"] == "zengli"
    assert client.put(f"{API}/source", json=changed).status_code == 428
    assert client.put(f"{API}/source", json=changed, headers={"if-match": '"0"'}).json()["code"] == "chart_changed"
    done = client.put(f"{API}/source", json=changed, headers={"if-match": etag})
    assert done.json() == {"hash": hash_of(changed["text"].encode()), "in_force": True}
    faulty = client.put(f"{API}/source", json={"text": "a"}, headers={"if-match": etag})
    assert (faulty.status_code, faulty.json()["code"]) == (422, "chart_faults")
    versions = client.get(f"{API}/versions").json()["versions"]
    assert [(one["id"], one["who"]) for one in versions] == [(2, "api:local"), (1, "start")]
    assert client.get(f"{API}/versions/1/source").json()["text"] == text
    back = client.post(f"{API}/versions/1/return", headers={"if-match": client.get(f"{API}/source").headers["etag"]})
    assert back.json()["in_force"]
    assert house.text == text


def test_the_api_wants_dangers_confirmed(house: ChartHouse, client: httpx.Client) -> None:
    house.open(target="-核心维护室-话务维护组")
    source = client.get(f"{API}/source")
    changed, match = {"text": source.json()["text"].replace(*GROUP_GONE)}, {"if-match": source.headers["etag"]}
    asked = client.put(f"{API}/source", json=changed, headers=match)
    assert (asked.status_code, asked.json()["concerns"][0]["worry"]) == (409, "holder_gone")
    assert client.put(f"{API}/source?confirm=true", json=changed, headers=match).status_code == 200


def test_of_one_editor_the_newest_text_alone_counts(house: ChartHouse, client: httpx.Client) -> None:
    """A large text is given up as soon as the next one comes; others are answered all the while."""
    text = large(20_000)

    def check(number: int) -> httpx.Response:
        content = f"{text}# {number}\n".encode()
        return httpx.post(f"{house.url}/orgchart/check", content=content, headers={"x-editor": "a"}, timeout=60)

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(check, number) for number in range(4)]
        assert client.get("/healthz").status_code == 200
        found = [answer.result() for answer in answers]
    assert {answer.status_code for answer in found} <= {200, 409}
    assert any(answer.status_code == 200 for answer in found)
    assert all(answer.json()["errors"] == 0 for answer in found if answer.status_code == 200)


def test_a_large_chart_is_previewed_and_saved(house: ChartHouse, client: httpx.Client) -> None:
    text = large(20_000)
    shown = send(client, "preview", text, base=base(house))
    assert shown.status_code == 200
    assert "人被删除" in shown.text
    assert send(client, "save", text, base=base(house), confirmed="yes").status_code == 303
    eventually(house, text)
    assert "20000人" in client.get("/orgchart").text
    group = client.get("/orgchart/unit", params={"path": PLACE, "part": "people"})
    assert "u0" in group.text


def test_a_proposed_number_is_in_the_editor_already(house: ChartHouse, client: httpx.Client) -> None:
    """The queue asks, an admin looks at the changed line, saves, and the history says whence it came."""
    replaced = ProposalHow.REPLACE

    def propose(unit: UnitOfWork) -> int:
        return unit.add_proposal("+8613912345678", "zengli", replaced, None, "zhoujie", house.clock())

    number = house.store.writer.write_now(propose)
    assert f'href="/orgchart/edit?proposal={number}"' in client.get("/queue?view=proposals").text
    page = client.get(f"/orgchart/edit?proposal={number}").text
    text = house.text.replace(PHONE, '"13912345678"')
    assert (html.escape(text, quote=True).replace("&quot;", "&#34;") in page, house.text == text) == (True, False)
    assert f'name="note" value="proposal:{number}"' in page
    saved = send(client, "save", text, base=base(house), note=f"proposal:{number}")
    assert (saved.status_code, house.text) == (303, text)
    eventually(house, text)
    assert f"采纳号码提议{number}" in client.get("/orgchart/history").text


def test_a_proposal_that_is_none(client: httpx.Client) -> None:
    for number in ("7", "x", "9" * 30):
        assert client.get(f"/orgchart/edit?proposal={number}").status_code == 404
