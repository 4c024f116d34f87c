"""Every fault is found where it is: text in, `line:column` and sentence out."""

from __future__ import annotations

from pathlib import Path

import pytest

from routing.faults import LIMIT, Severity
from routing.loader import load_file, load_text
from tests.test_routing.charts import SMALL, changed

GROUP = "centers.中心.rooms.一室.groups.甲组"
LI = "  li: {name: 李明, phone: 13910000002}\n"

# what is replaced in the small chart, by what, where the fault is, its key path, and a part of its sentence
CASES = {
    "unknown key": ("name: 王芳,", "nmae: 王芳, name: 王芳,", "7:10", "people.wang.nmae", "是不是「name」?"),
    "unknown key by meaning": ("phone: 13910000003", "mobile: 13910000003", "7:20", "people.wang.mobile", "「phone」"),
    "unknown key, no idea": ("version: 1", "version: 1\nzzzzzz: 2", "2:1", "zzzzzz", "可用: version、default_center"),
    "duplicate key": ("{name: 王芳,", "{name: 王芳, name: 王方,", "7:20", "people.wang.name", "第7行已有"),
    "duplicate account": (LI, LI + LI, "7:3", "people.li", "第6行已有"),
    "duplicate section": ("version: 1\n", "version: 1\nversion: 1\n", "2:1", "version", "第1行已有"),
    "duplicate centre": ("centers:\n", "centers:\n  中心: {}\n", "10:3", "centers.中心", "第9行已有"),
    "accounts equal but for case": (LI, LI + LI.replace("li:", "LI:"), "7:3", "people.LI", "不分大小写"),
    "account not defined": ("[li, wang]", "[li, wnag]", "15:27", f"{GROUP}.members[1]", "是不是「wang」?"),
    "name for account": ("[li, wang]", "[li, 王芳]", "15:27", f"{GROUP}.members[1]", "这是姓名, 账号是 wang"),
    "leader not defined": ("leader: li", "leader: zhao", "14:21", f"{GROUP}.leader", "没有在 people 中定义"),
    "dispatcher not defined": ("[desk]", "[desc]", "3:15", "dispatchers[0]", "是不是「desk」?"),
    "account with a dash": ("  wang:", "  wa-ng:", "7:3", "people.wa-ng", "只能用1–32个英文字母"),
    "account in Chinese": ("  wang:", "  王芳:", "7:3", "people.王芳", "只能用1–32个英文字母"),
    "account too long": ("  wang:", f"  {'w' * 33}:", "7:3", f"people.{'w' * 33}", "只能用1–32"),
    "name with a blank": ("name: 王芳", "name: 王 芳", "7:16", "people.wang.name", "U+0020"),
    "name with a dash": ("一室:", "一-室:", "11:7", "centers.中心.rooms.一-室", "「-」"),
    "name with a Chinese dash": ("一室:", "一—室:", "11:7", "centers.中心.rooms.一—室", "「—」"),
    "name with a full-width hash": ("一室:", "一\uff03室:", "11:7", "centers.中心.rooms.一\uff03室", "「\uff03」"),
    "name with a full-width semicolon": ("一室:", "一\uff1b室:", "11:7", "centers.中心.rooms.一\uff1b室", "「\uff1b」"),
    "name with a small hyphen": ("一室:", "一\ufe63室:", "11:7", "centers.中心.rooms.一\ufe63室", "「\ufe63」"),
    "name with a zero-width space": ("一室:", "一\u200b室:", "11:7", "centers.中心.rooms.一\u200b室", "U+200B"),
    "name with a long vowel mark": ("一室:", "サーバ室:", "11:7", "centers.中心.rooms.サーバ室", "「ー」"),
    "name too long": ("一室:", f"{'长' * 31}:", "11:7", f"centers.中心.rooms.{'长' * 31}", "此处31个"),
    "empty name": ("name: 王芳", "name: ''", "7:16", "people.wang.name", "1–30个字, 此处0个"),
    "no name": ("name: 王芳, ", "", "7:3", "people.wang", "缺少姓名"),
    "siblings equal in width": (
        "甲组:\n",
        "\uff2f\uff21组: {members: [li]}\n          oa组:\n",
        "14:11",
        GROUP.replace("甲组", "oa组"),
        "第13行的「\uff2f\uff21组」",
    ),
    "phone that is none": ("phone: 13910000003", "phone: 1391000", "7:27", "people.wang.phone", "不是电话号码"),
    "phone with a letter": ("phone: 13910000003", "phone: 1391000000o", "7:27", "people.wang.phone", "不是电话号码"),
    "empty phone": ("phone: 13910000003", 'phone: ""', "7:27", "people.wang.phone", "不是电话号码"),
    "access code": ("phone: 13910000003", "phone: 1065751234", "7:27", "people.wang.phone", "不是电话号码"),
    "access code with prefix": ("13910000003", "+861065751234", "7:27", "people.wang.phone", "不是电话号码"),
    "second phone that is none": ("13910000003", "[13910000003, x]", "7:41", "people.wang.phone[1]", "「x」"),
    "two owners": ("13910000003", "+86 139-1000-0002", "7:27", "people.wang.phone", "已属于 people.li (第6行)"),
    "person and unit": ("leader: li", "duty_phone: 13910000001", "14:25", f"{GROUP}.duty_phone", "people.desk (第5行)"),
    "no e-mail": ("13910000003", "13910000003, email: wang", "7:47", "people.wang.email", "不是邮箱地址"),
    "active, perhaps": ("13910000003", "13910000003, active: maybe", "7:48", "people.wang.active", "true 或 false"),
    "person as a list": ("{name: 王芳, phone: 13910000003}", "[王芳]", "7:9", "people.wang", "键: 值"),
    "members as a word": ("[li, wang]", "li", "15:22", f"{GROUP}.members", "列表"),
    "leader as a list": ("leader: li", "leader: [li]", "14:21", f"{GROUP}.leader", "只能写一个值"),
    "tag": ("name: 王芳", "name: !!int 王芳", "7:16", "people.wang.name", "不能用标签"),
    "tag on a section": ("people:\n", "people: !x\n", "4:9", "people", "不能用标签"),
    "tag on phones": ("phone: 13910000003", "phone: !x [13910000003]", "7:27", "people.wang.phone", "不能用标签"),
    "key that is a list": ("  wang:", "  ? [wang]\n  :", "7:5", "people", "键必须是一个词"),
    "no such default centre": ("center: 中心", "center: 中兴", "2:17", "default_center", "没有名为「中兴」的中心"),
    "other version": ("version: 1", "version: 2", "1:10", "version", "只支持 version: 1"),
    "no such time zone": ("version: 1", "version: 1\ntime_zone: Asia/Peking", "2:12", "time_zone", "不认识的时区"),
    "time zone that is a folder": ("version: 1", "version: 1\ntime_zone: Asia", "2:12", "time_zone", "不认识的时区"),
    "time zone outside": ("version: 1", "version: 1\ntime_zone: ../x", "2:12", "time_zone", "不认识的时区"),
    "reserved name": ("centers:\n", "centers:\n  Dispatchers: {}\n", "9:3", "centers.Dispatchers", "系统保留"),
    "mapping broken": ("[li, wang]", "[li, wang", "16:1", "", "少了逗号或右括号"),
    "tab": ("    rooms:", "\trooms:", "10:1", "", "不用制表符"),
    "colon in a value": ("version: 1", "version: 1: 2", "1:11", "", "冒号"),
    "control character": ("李明", "李\x07明", "6:15", "", "U+0007"),
    "two documents": ("people:", "---\npeople:", "4:1", "", "---"),
    "star": ("name: 王芳", "name: *x", "7:16", "", "*"),
    "alias": (
        "{name: 李明, phone: 13910000002}\n  wang: {name: 王芳, phone: 13910000003}",
        "&x {name: 李明, phone: 13910000002}\n  wang: *x",
        "7:9",
        "",
        "别名",
    ),
}
ROSTERS = {
    "no rotation": ("people: [li]", "15:19", "duty", "缺少 rotation"),
    "unknown rotation": ("rotation: weakly, start: 2026-11-02, people: [li]", "15:30", "duty.rotation", "weekly"),
    "no start": ("rotation: daily, people: [li]", "15:19", "duty", "缺少 start"),
    "no such day": ("rotation: daily, start: 2026-02-30, people: [li]", "15:44", "duty.start", "不是日期"),
    "year one": ("rotation: daily, start: 0001-01-01, people: [li]", "15:44", "duty.start", "不是日期"),
    "no such hour": (
        "rotation: daily, start: 2026-11-02, handover: 24:30, people: [li]",
        "15:66",
        "duty.handover",
        "08:30",
    ),
    "nobody": ("rotation: list", "15:19", "duty", "没有人"),
    "nobody at all": ("rotation: list, people: []", "15:19", "duty", "没有人"),
    "unknown person": ("rotation: list, people: [zhao]", "15:45", "duty.people[0]", "没有在 people 中定义"),
    "no member": ("rotation: list, people: [desk]", "15:45", "duty.people[0]", "不是本组成员"),
    "unknown key": ("rotation: list, peple: [li], people: [li]", "15:36", "duty.peple", "「people」"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_fault_is_told_where_it_is(case: str) -> None:
    old, new, where, key_path, sentence = CASES[case]
    result = load_text(changed(old, new))
    assert result.chart is None
    told = [fault for fault in result.errors if f"{fault.line}:{fault.column}" == where]
    assert told, [str(fault) for fault in result.faults]
    assert key_path is None or told[0].key_path == key_path
    assert sentence in told[0].message
    assert str(told[0]) == f"orgchart.yaml:{where}: {told[0].message}"
    assert told[0].message_en.isascii() or not told[0].message_en.startswith(told[0].message)


@pytest.mark.parametrize("case", ROSTERS)
def test_a_roster_fault_is_told_where_it_is(case: str) -> None:
    duty, where, keys, sentence = ROSTERS[case]
    result = load_text(changed("            members:", f"            duty: {{{duty}}}\n            members:"))
    told = [fault for fault in result.errors if f"{fault.line}:{fault.column}" == where]
    assert told, [str(fault) for fault in result.faults]
    assert told[0].key_path == f"{GROUP}.{keys}"
    assert sentence in told[0].message


WARNINGS = {
    "in no group": ("[li, wang]", "[li]", "7:3", "people.wang", "不在任何组里"),
    "leader who is no member": ("[li, wang]", "[wang]", "14:21", f"{GROUP}.leader", "不是本组成员"),
    "member twice": ("[li, wang]", "[li, wang, LI]", "15:33", f"{GROUP}.members[2]", "「li」重复"),
    "group without members": ("          甲组:", "          乙组:\n          甲组:", "13:11", None, "没有成员"),
    "no version": ("version: 1\n", "", "1:1", "version", "缺少 version"),
    "no dispatchers": ("dispatchers: [desk]\n", "", "1:1", "dispatchers", "没有在岗的调度"),
    "dispatchers all away": ("13910000001}", "13910000001, active: off}", "3:14", "dispatchers", "没有在岗的调度"),
}


@pytest.mark.parametrize("case", WARNINGS)
def test_a_warning_leaves_the_chart_usable(case: str) -> None:
    old, new, where, key_path, sentence = WARNINGS[case]
    result = load_text(changed(old, new))
    assert result.chart is not None
    told = [fault for fault in result.warnings if f"{fault.line}:{fault.column}" == where]
    assert told, [str(fault) for fault in result.faults]
    assert key_path is None or told[0].key_path == key_path
    assert sentence in told[0].message


TRAPS = {
    "name no": ("name: 王芳", "name: no", "no"),
    "name 007": ("name: 王芳", "name: 007", "007"),
    "name 22:30": ("name: 王芳", 'name: "22:30"', "22:30"),
    "name 22:30 plain": ("{name: 王芳, phone: 13910000003}", "\n    name: 22:30\n    phone: 13910000003", "22:30"),
    "name null": ("name: 王芳", "name: null", "null"),
    "name 1e3": ("name: 王芳", "name: 1e3", "1e3"),
    "name date": ("name: 王芳", "name: 2026.11.02", "2026.11.02"),
}


@pytest.mark.parametrize("case", TRAPS)
def test_a_trap_of_yaml_is_taken_as_typed(case: str) -> None:
    old, new, name = TRAPS[case]
    chart = load_text(changed(old, new)).chart
    assert chart is not None
    assert chart.name_of("wang") == name


def test_an_account_may_look_like_a_number_or_a_boolean() -> None:
    text = SMALL.replace("wang", "007").replace("  li:", "  on:").replace("li", "on")
    chart = load_text(text).chart
    assert chart is not None
    assert [person.account for person in chart.people()] == ["desk", "on", "007"]


@pytest.mark.parametrize(
    ("typed", "active"), [("true", True), ("yes", True), ("On", True), ("NO", False), ("off", False)]
)
def test_active_takes_what_admins_type(typed: str, active: bool) -> None:
    chart = load_text(changed("13910000003", f"13910000003, active: {typed}")).chart
    assert chart is not None
    assert chart.is_active("wang") is active


def test_all_faults_are_told_in_one_go_by_place() -> None:
    text = changed("name: 王芳", "nmae: 王芳", changed("[li, wang]", "[li, wnag]", changed("version: 1", "version: 3")))
    places = [(fault.line, fault.column) for fault in load_text(text).errors]
    assert places == [(1, 10), (7, 3), (7, 10), (15, 27)]


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (b"", "是空的"),
        (b"\n# nothing\n", "是空的"),
        (b"~", "是空的"),
        (b"hello", "键: 值"),
        (b"[1, 2]", "键: 值"),
        (SMALL.encode("utf-16"), "UTF-16"),
        (SMALL.encode("gbk"), "GBK"),
        (b"\xff\xff", "不是 UTF-8"),
        ("a: \udc80", "U+DC80"),
        (b"x" * (65 * 1024 * 1024), "太大"),
    ],
)
def test_what_is_no_chart_is_told(source: bytes | str, sentence: str) -> None:
    result = load_text(source)
    assert result.chart is None
    assert any(sentence in fault.message for fault in result.errors)


def test_the_first_byte_that_is_no_utf8_is_pointed_at() -> None:
    (fault,) = load_text("version: 1\nname: 王".encode() + b"\xbb\n").faults
    assert (fault.line, fault.column) == (2, 8)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    plain = load_text(SMALL).chart
    marked = load_text(b"\xef\xbb\xbf" + SMALL.encode()).chart
    windows = load_text(SMALL.replace("\n", "\r\n")).chart
    assert plain is not None
    assert marked is not None
    assert windows is not None
    assert plain.hash == marked.hash
    assert list(windows.walk()) == list(plain.walk())


def test_an_unreadable_file_is_a_fault(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        result = load_file(path)
        assert result.chart is None
        assert "文件读不了" in result.errors[0].message
        assert str(result.errors[0]).startswith(f"{path.name}:1:1: ")


def test_severity_is_text() -> None:
    assert [str(severity) for severity in Severity] == ["error", "warning"]


# -- what would make a parser die, hang or eat the memory -------------------------------------------------------

BOMBS = {
    "flow nesting": "[" * 1_000_000,
    "mapping nesting": "{a: " * 500_000,
    "block nesting": "- " * 500_000,
    "key nesting": "? " * 500_000,
    "indentation": "\n".join(" " * depth + "a:" for depth in range(1000)),
    "ten billion laughs": "\n".join(f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9) if i else 'ha'}]" for i in range(12)),
    "many aliases": "a: &a [x, x]\n" + "".join(f"b{i}: &b{i} [*a, *a]\n" for i in range(100_000)),
    "many entries": "people: {" + "a," * 1_900_000 + "}",
    "one long word": "a" * 10_000_000,
    "quotes": "'" * 9_999_999,
    "colons": ":" * 1_000_000,
    "tags": "!" * 1_000_000,
    "unknown keys": "".join(f"k{i}: 1\n" for i in range(50_000)),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_an_error(bomb: str) -> None:
    result = load_text(BOMBS[bomb])
    assert result.chart is None
    assert 1 <= len(result.faults) <= 2 * LIMIT


def test_errors_beyond_the_limit_are_not_looked_for() -> None:
    result = load_text("people:\n" + "".join(f"  k{i}: {{}}\n" for i in range(LIMIT + 10)))
    assert result.chart is None
    assert len(result.errors) == LIMIT + 1
    assert f"错误超过{LIMIT}处" in result.errors[0].message


def test_warnings_beyond_the_limit_are_counted_and_stop_nothing() -> None:
    people = "".join(f"  k{i}: {{name: 甲}}\n" for i in range(LIMIT + 10))
    result = load_text(changed("people:\n", f"people:\n{people}"))
    assert result.chart is not None
    assert len(result.warnings) == LIMIT + 1
    assert "还有10处提醒" in result.warnings[0].message


def test_a_syntax_fault_after_the_last_error_worth_telling_still_raises_nothing() -> None:
    result = load_text("people:\n" + "".join(f"  k{i}: {{}}\n" for i in range(LIMIT)) + "x: [")
    assert result.chart is None
