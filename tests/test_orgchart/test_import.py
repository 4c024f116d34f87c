"""People from lists: what is read, what is planned, and that the text then says exactly that."""

from __future__ import annotations

import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.editing import PersonEdit, edited
from routing.loader import load_text
from routing.model import UnitPath
from smsgate.sample import sample_chart
from smsgate.service.people_import import Action, BadSheet, plan, read_rows, read_sheet
from smsgate.web.pages.orgchart_import import Imported, imported_into
from tests.test_orgchart.sheets import packed, workbook
from tests.test_routing.charts import SAMPLE, chart_of, large

TEXT = SAMPLE.read_text(encoding="utf-8")
LIST = """姓名,账号,手机,班组,在岗
钱多,qianduo,13900000001,话务维护组,
单雄信,,139 0000 0002,光缆维护组,是
王敏,wangmin,13900000003,话务维护组,
马超,machao,,,是
孙艳,,13910000011,,
"""
REFUSED = {
    "周一,zhou-1,13900000009,,": "account",
    "周二,zhou2,abc,,": "phone",
    "周三,zhou3,13900000010,没有的组,": "no_such_group",
    "周三,zhou3,13900000010,没组,": "no_such_group",
    "周三,zhou3,13900000010,话物维护组,": "group",
    "刘洋,liuyang,13999999999,,": "many_phones",
    ",zhou4,13900000010,,": "no_name",
    "周-五,zhou5,13900000010,,": "name",
    "张伟,,13900000010,,": "name_known",
    "周六,zhou6,13910000002,,": "phone_taken",
    "周七,zhou7,13910000100,,": "phone_of_unit",
    "周八,zhou8,13900000010,,也许": "active",
    "=cmd|'/C calc'!A0,zhou9,13900000010,,": "name",
    "<script>,zhou9,13900000010,核心维护室,": "no_such_group",
}


def imported(source: bytes, text: str = TEXT) -> Imported:
    return imported_into(text, chart_of(text), source)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_list_in_any_encoding(encoding: str) -> None:
    found = imported(LIST.encode(encoding))
    assert [one.action for one in found.planned] == ["add", "add", "change", "change", "same"]
    chart = chart_of(found.text)
    assert chart.name_of("qianduo") == "钱多"
    assert UnitPath("网管维护中心", "传输维护室", "光缆维护组") in chart.units_of(found.planned[1].account)
    assert chart.is_active("machao")
    wangmin = chart.person("wangmin")
    assert wangmin is not None
    assert wangmin.phones == ("+8613900000003",)


def test_comments_and_order_stay() -> None:
    """Only whole lines come in, and only the lines that change are touched."""
    before, after = TEXT.splitlines(), imported(LIST.encode()).text.splitlines()
    touched = ("  wangmin:", "  machao:", "            members: [helijia, wangmin]", "            members: [wujing,")
    kept = [line for line in before if not line.startswith(touched)]
    rest = iter(after)
    assert all(line in rest for line in kept)
    assert len(after) == len(before) + 2
    assert any(
        line.startswith("  machao:") and line.endswith("# 休假; true/false yes/no on/off 都可以") for line in after
    )


@pytest.mark.parametrize("shared", [True, False])
def test_a_workbook(shared: bool) -> None:
    """A phone that Excel holds as a number, a title above the names of the columns, an empty row."""
    rows = [
        ["维护人员名单"],
        [],
        ["工号", "姓 名", "手机号码", "路径"],
        ["qianduo", "钱多", 13900000001, "核心维护室/话务维护组"],
    ]
    (one,) = imported(workbook(rows, shared=shared)).planned
    assert (one.line, one.action, one.account) == (4, Action.ADD, "qianduo")
    assert one.edit is not None
    assert one.edit.phone == "+8613900000001"


@pytest.mark.parametrize("line", REFUSED)
def test_what_is_refused(line: str) -> None:
    (one,) = imported(f"姓名,账号,手机,班组,在岗\n{line}\n".encode()).planned
    assert (one.action, one.why) == (Action.REFUSE, REFUSED[line])


@pytest.mark.parametrize(
    ("typed", "why", "about"),
    [
        ("没组", "no_such_group", "没组"),
        ("话物维护组", "group", "网管维护中心-核心维护室-话务维护组"),
        ("甲组", "several_groups", "中心-一室-甲组、中心-二室-甲组"),
    ],
)
def test_an_unknown_group_is_never_near_itself(typed: str, why: str, about: str) -> None:
    """What is near is named where something is, and what a name may mean where it means several."""
    text = TEXT
    if typed == "甲组":
        rooms = "\n".join(f"      {room}:\n        groups:\n          甲组: {{}}" for room in ("一室", "二室"))
        text = TEXT.replace("\ncenters:\n", f"\ncenters:\n  中心:\n    rooms:\n{rooms}\n", 1)
        assert text != TEXT
    (one,) = imported(f"姓名,账号,手机,班组\n周三,zhou3,13900000010,{typed}\n".encode(), text).planned
    assert (one.why, one.about) == (why, about)


def test_a_second_line_of_the_same_person() -> None:
    found = imported("姓名,账号,手机\n甲一,jia,13900000001\n甲二,JIA,13900000002\n乙,yi,13900000001\n".encode())
    assert [(one.why, one.about) for one in found.planned] == [("", ""), ("account_twice", "2"), ("phone_twice", "2")]


BOMB = packed({"xl/workbook.xml": "<a>" + "x" * (65 * 1024 * 1024)})
TAGS = packed({"xl/workbook.xml": "<a>" + "<c/>" * 4_000_000 + "</a>"})
LZMA = packed({"xl/workbook.xml": "<workbook/>"}, zipfile.ZIP_LZMA)
BROKEN_LZMA = LZMA.replace(LZMA[60:70], b"\xff" * 10)
DTD = workbook([["姓名"]], head='<!DOCTYPE a [<!ENTITY b "c">]>')


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (b"", "empty"),
        (b" \n ,\n", "empty"),
        (b"\x00\x01\x02\x03", "no_text"),
        (b"\xff\xff\xff", "no_text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old_excel"),
        ("甲,乙\n丙,丁\n".encode(), "no_columns"),
        (b"PK\x03\x04 no zip", "bad_excel"),
        (packed({"a.txt": "a"}), "bad_excel"),
        (BOMB, "too_large"),
        (TAGS, "too_large"),
        (DTD, "bad_excel"),
        (LZMA, "bad_excel"),
        (BROKEN_LZMA, "bad_excel"),
    ],
)
def test_what_is_no_list(source: bytes, why: str) -> None:
    with pytest.raises(BadSheet) as caught:
        read_rows(read_sheet(source))
    assert caught.value.why == why


@given(st.binary(max_size=400))
def test_no_bytes_break_reading(source: bytes) -> None:
    for start in (b"", b"PK\x03\x04", "姓名,手机\n".encode()):
        try:
            plan(sample_chart(), read_rows(read_sheet(start + source))[1])
        except BadSheet:
            continue


CELL = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["wangmin", "13910000002", "话务维护组", "是", "否", "何丽佳", "新人", "xinren", "13900000077"]),
)


@given(st.lists(st.tuples(CELL, CELL, CELL, CELL, CELL), max_size=8))
def test_the_text_says_exactly_what_the_preview_says(rows: list[tuple[str, ...]]) -> None:
    """Import, load: those who were to come came, and nobody else has changed."""
    made = workbook([["姓名", "账号", "手机", "组", "在岗"], *map(_clean, rows)])
    found = imported(made)
    before, after = chart_of(TEXT), chart_of(found.text)
    edits = {one.account.lower(): one.edit for one in found.planned if one.edit is not None}
    for person in after.people():
        edit = edits.get(person.account.lower())
        old = before.person(person.account)
        if edit is None:
            assert person == old
            continue
        assert person.name == (edit.name or (old.name if old else ""))
        assert edit.phone is None or person.phones == (edit.phone,)
        assert edit.joins is None or edit.joins in after.units_of(person.account)
    added = sum(1 for one in found.planned if one.action is Action.ADD)
    assert after.size()[0] == before.size()[0] + added


def _clean(row: tuple[str, ...]) -> list[str]:
    """Without what XML can't hold."""
    return ["".join(char for char in cell if char.isprintable()) for cell in row]


STYLES = {
    "flow": "members: [li, wang]",
    "block list": "members:\n              - li\n              - wang   # 王芳",
    "a list over lines": "members: [\n              li,   # 李明\n              wang,\n            ]",
    "none": "leader: li",
    "empty": "members: []",
}


@pytest.mark.parametrize("style", STYLES)
def test_members_written_in_any_way(style: str) -> None:
    text = f"""version: 1
default_center: 中心
dispatchers: [li]
people:
  li:
    name: 李明
    phone: 13910000002   # 旧号
  wang: {{name: 王芳, phone: [13910000003, 13910000004]}}
centers:
  中心:
    rooms:
      一室:
        groups:
          甲组:
            {STYLES[style]}
          乙组:
          丙组: {{}}
"""
    group = UnitPath("中心", "一室", "甲组")
    edits = [
        PersonEdit("li", False, phone="+8613900000001", email="li@example.com"),
        PersonEdit("new.one", True, "新-人".replace("-", ""), "+8613900000005", joins=group),
        PersonEdit("other", True, "另一个", None, joins=UnitPath("中心", "一室", "乙组")),
        PersonEdit("third", True, "第三", "+442071838750", active=False, joins=UnitPath("中心", "一室", "丙组")),
    ]
    made = edited(text, edits)
    loaded = load_text(made)
    assert loaded.chart is not None, (made, loaded.faults)
    chart = loaded.chart
    assert chart.units_of("new.one") == (group,)
    assert chart.units_of("other") == (UnitPath("中心", "一室", "乙组"),)
    assert chart.units_of("third") == (UnitPath("中心", "一室", "丙组"),)
    li, third = chart.person("li"), chart.person("third")
    assert li is not None
    assert third is not None
    assert (li.phones, li.email) == (("+8613900000001",), "li@example.com")
    assert (third.phones, third.active) == (("+442071838750",), False)
    assert "# 旧号" in made


def test_a_large_chart() -> None:
    text = large(20_000)
    found = imported("姓名,账号,手机\n新人,xinren,15900000001\n".encode(), text)
    assert chart_of(found.text).name_of("xinren") == "新人"
