"""`smsgate parse`, through its door."""

import json
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from smsgate.cli.parse import parse_command

CHART = Path(__file__).parents[2] / "orgchart.yaml"
GOOD = "ZP#网管维护中心-核心维护室-话务维护组-helijia#已经恢复,请核查。"
BAD = "ZP#-核心维护#已经恢复"

app = typer.Typer()
app.command("parse")(parse_command)


def run(*arguments: str, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(app, ["--orgchart", str(CHART), *arguments], input=stdin)


def test_a_command_as_json() -> None:
    """The fields in the contract's order."""
    result = run("--json", GOOD.replace("ZP#", "zp48217#"))
    assert result.exit_code == 0
    assert result.stdout == (
        '{"ok": true, "verb": "ZP", "ticket": "48217", "target": {"kind": "people", "center": "网管维护中心", '
        '"room": "核心维护室", "group": "话务维护组", "accounts": ["helijia"]}, "text": "已经恢复,请核查。"}\n'
    )


def test_a_diagnosis_as_json() -> None:
    """The contract's second example."""
    result = run("--json", BAD)
    assert result.exit_code == 1
    assert result.stdout == (
        '{"ok": false, "verb": "ZP", "code": "unknown_room", "column": 5, "found": "核心维护", '
        '"message": "网管维护中心没有专业室“核心维护”，是不是“核心维护室”？请改正。", '
        '"suggestion": "ZP#-核心维护室#已经恢复"}\n'
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CX", {"ok": True, "verb": "CX", "ticket": None, "target": None, "text": ""}),
        ("CX#2", {"ok": True, "verb": "CX", "ticket": None, "target": None, "text": "2"}),
        ("帮助#转派", {"ok": True, "verb": "BZ", "ticket": None, "target": None, "text": "ZP"}),
        ("LD48217", {"ok": True, "verb": "LD", "ticket": "48217", "target": None, "text": ""}),
        (
            "JP#-核心维护室#第一行\n第二行",
            {
                "ok": True,
                "verb": "JP",
                "ticket": None,
                "target": {
                    "kind": "room",
                    "center": "网管维护中心",
                    "room": "核心维护室",
                    "group": None,
                    "accounts": [],
                },
                "text": "第一行\n第二行",
            },
        ),
    ],
)
def test_each_shape_of_command(text: str, expected: dict[str, object]) -> None:
    """What a verb doesn't have is null or empty."""
    result = run("--json", text)
    assert json.loads(result.stdout) == expected
    assert list(json.loads(result.stdout)) == list(expected)


def test_no_command_has_no_verb() -> None:
    """`verb` is null for `not_command`; `suggestion` is null where there is none."""
    answer = json.loads(run("--json", "好的").stdout)
    assert (answer["ok"], answer["verb"], answer["code"], answer["suggestion"]) == (False, None, "not_command", None)


def test_in_words() -> None:
    """For people: what it means, or what is wrong and what may be meant."""
    result = run(GOOD, BAD, "好的", "ZP#-核心维护室-交换维护组-张伟#请看\n请回")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "√ 转派 ZP#-核心维护室-话务维护组-helijia#已经恢复,请核查。",
        "× 第5列 unknown_room：网管维护中心没有专业室“核心维护”，是不是“核心维护室”？请改正。",
        "  可改为：ZP#-核心维护室#已经恢复",
        "× 第1列 not_command（不像命令，短信不回复）：看不懂“好的”。转派请写ZP#-XX室-XX组-账号#意见，全部写法请发BZ。",
        "× 第17列 name_not_account：“张伟”是姓名，姓名会重复，请写账号：zhangwei、zhangwei2。",
        "  或者是：ZP#-核心维护室-交换维护组-zhangwei#请看⏎请回",
        "  或者是：ZP#-核心维护室-交换维护组-zhangwei2#请看⏎请回",
    ]


def test_a_list_that_is_not_whole_says_so(tmp_path: Path) -> None:
    """Nine readings of ten, say."""
    rooms = ", ".join(f"{n}室: {{groups: {{值班组: {{members: [a]}}}}}}" for n in "一二三四五六七八九十")
    people = "version: 1\ndefault_center: 中心\ndispatchers: [a]\npeople: {a: {name: 甲, phone: '13910000001'}}\n"
    chart = tmp_path / "chart.yaml"
    chart.write_text(f"{people}centers: {{中心: {{rooms: {{{rooms}}}}}}}\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["--orgchart", str(chart), "ZP#-值班组#x"])
    assert result.stdout.splitlines()[-2:] == ["  或者是：ZP#-九室-值班组#x", "  ……"]


def test_lines_from_standard_input() -> None:
    """CRLF ends, empty lines, a byte order mark and a missing last end are no matter."""
    result = run("--json", stdin=f"\ufeff{GOOD}\r\n\r\n  \nLD48217\r\nCX".encode())
    assert result.exit_code == 0
    assert [json.loads(line)["verb"] for line in result.stdout.splitlines()] == ["ZP", "LD", "CX"]


def test_no_lines_at_all() -> None:
    """All of none are commands."""
    assert (run(stdin=b"").exit_code, run(stdin=b"").stdout) == (0, "")


def test_what_is_no_utf8_is_complained_about_and_read_all_the_same() -> None:
    """A file in GBK, say."""
    result = run("--json", stdin=b"LD\n" + "LD48217#已到现场\n".encode("gbk") + b"CX\n")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 3
    assert "第2行不是UTF-8编码" in result.stderr


def test_bytes_that_are_no_text_in_an_argument() -> None:
    """They come as lone surrogates, and leave as a JSON escape."""
    result = run("--json", "LD#\udcff")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["text"] == "\udcff"
    assert run("LD#\udcff").stdout == "√ 领单 LD#\\udcff\n"


def test_an_unreadable_chart(tmp_path: Path) -> None:
    """Status 2, and every fault with its place."""
    chart = tmp_path / "chart.yaml"
    for text in (None, "default_center: 没有\nversion: 1\n"):
        if text is not None:
            chart.write_text(text, encoding="utf-8")
        result = CliRunner().invoke(app, ["--orgchart", str(chart), GOOD])
        assert result.exit_code == 2
        assert result.stdout == ""
        assert result.stderr.startswith("chart.yaml:1:1: ")


def test_a_wrong_call() -> None:
    """Status 2 as well."""
    assert run("--nonsense").exit_code == 2


def test_ten_thousand_lines_through_the_real_door() -> None:
    """In one call, and within a few seconds."""
    program = Path(sys.executable).with_name("smsgate")
    lines = f"{GOOD}\n{BAD}\n好的\nLD48217\n".encode() * 2500
    began = monotonic()
    done = subprocess.run([program, "parse", "--json", "--orgchart", CHART], input=lines, capture_output=True)
    assert done.returncode == 1, done.stderr
    assert len(done.stdout.splitlines()) == 10_000
    assert monotonic() - began < 20  # about 3 s here; the bound is for a machine that does other things as well
