"""Talk or error: what is answered, and what never is (spec «Short dialogues»)."""

from pathlib import Path

import pytest

from grammar import Code, Diagnosis, parse
from tests.test_grammar.directory import OFFICE

CHATTER = (Path(__file__).parents[1] / "chatter.txt").read_text(encoding="utf-8").splitlines()


def read(text: str) -> Diagnosis:
    answer = parse(text, OFFICE)
    assert isinstance(answer, Diagnosis)
    assert answer.code is Code.NOT_COMMAND
    assert answer.verb is None
    return answer


def test_there_is_enough_chatter() -> None:
    """Real replies of many kinds, each once."""
    assert len(CHATTER) == len(set(CHATTER)) >= 200


@pytest.mark.parametrize(
    "text", [*CHATTER, "", " ", "\u200b", "?好的", "？？", "收到 LD48217", "13910000001", "01012345"]
)
def test_chatter_is_talk(text: str) -> None:
    """It is recorded, never answered, and nothing is offered."""
    answer = read(text)
    assert answer.talk
    assert (answer.suggestion, answer.alternatives) == (None, ())


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("ZP-核心维护室#x", "ZP#-核心维护室#x"),
        ("ZP48217-核心维护室#x", "ZP48217#-核心维护室#x"),
        ("ZP-48217-核心维护室#x", "ZP48217#-核心维护室#x"),
        ("ZP：48217#-核心维护室#x", "ZP48217#-核心维护室#x"),
        ("ZP——核心维护#x", "ZP#-核心维护室#x"),
        ("48217ZP#-核心维护室#x", "ZP48217#-核心维护室#x"),
        ("LD收到", "LD#收到"),
        ("ld 收到", "LD#收到"),
        ("LD48217收到", "LD48217#收到"),
        ("LD48217。", "LD48217"),
        ("LD-48217", "LD48217"),
        ("CGHD48217已恢复", "CGHD48217#已恢复"),
        ("CGHD-48217#已恢复", "CGHD48217#已恢复"),
        ("回单48217已恢复", "CGHD48217#已恢复"),
        ("JDFK 2台设备已恢复", "JDFK#2台设备已恢复"),
        ("LD2。", "LD2"),
        ("BZ-48217", "BZ"),
        ("BZ48217", "BZ"),
        ("BZ-ZP", "BZ#ZP"),
        ("ZPANIC#x", None),
        ("LDAP#挂了", None),
        ("回单了#已恢复", None),
        ("转派核心维护室#x", "ZP#-核心维护室#x"),
        ("转派我去吧#x", None),
        ("3#基站退服", None),
        ("#x", None),
        ("LD48217，收到", "LD48217#收到"),
        ("JDFK48217-在路上", "JDFK48217#在路上"),
        ("JDFK48217-3度", "JDFK48217#-3度"),
        ("ZP-48217-没有的室#x", None),
        ("48217 CGHD 已恢复", "CGHD48217#已恢复"),
        ("48217CGHD已恢复", "CGHD48217#已恢复"),
        ("48217-CGHD48217#已恢复", "CGHD48217#已恢复"),
        ("48217#CGHD#已恢复", "CGHD48217#已恢复"),
        ("48217#LD", "LD48217"),
        ("48217 领单", "LD48217"),
        ("48217 回单 已恢复", "CGHD48217#已恢复"),
        ("48217回单了", None),
        ("48217 ZP 核心维护室#x", "ZP48217#-核心维护室#x"),
        ("48217 CGHD13887#已恢复", None),
        ("48217BZ", None),
        ("48217#已恢复", None),
        ("48217已恢复", None),
        ("202611230007 已恢复", None),
        ("CX一下", "CX"),
        ("CX48217查一下", "CX48217"),
        ("CX#abc", None),
        ("CX#0", None),
        ("CX#10000000000000000000", None),
    ],
)
def test_what_was_meant_as_a_command_is_an_error(text: str, suggestion: str | None) -> None:
    """It holds a hash, or begins with a verb and a digit, dash or Chinese character, or with a ticket's code."""
    answer = read(text)
    assert not answer.talk
    assert answer.suggestion == suggestion
    assert answer.alternatives == ()


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("CGHD工单13887#已恢复", "CGHD13887#已恢复"),
        ("CGHD工单13887已恢复", "CGHD13887#已恢复"),
        ("CGHD工单号13887#已恢复", "CGHD13887#已恢复"),
        ("CGHD工单号：13887，已恢复", "CGHD13887#已恢复"),
        ("CGHD第13887号工单#已恢复", "CGHD13887#已恢复"),
        ("CGHD13887号工单#已恢复", "CGHD13887#已恢复"),
        ("CGHD13887单板已换", "CGHD13887#单板已换"),
        ("CGHD（13887）#已恢复", "CGHD13887#已恢复"),
        ("CGHD[13887]已恢复", "CGHD13887#已恢复"),
        ("CGHD【13887】已恢复", "CGHD13887#已恢复"),
        ("CGHD第１３８８７#已恢复", "CGHD13887#已恢复"),
        ("JDFK(13887)#到", "JDFK13887#到"),
        ("JDFK工单202611230007#到", "JDFK202611230007#到"),
        ("LD单13887", "LD13887"),
        ("LD一13887", "LD13887"),
        ("LD13887号", "LD13887"),
        ("CX工单13887", "CX13887"),
        ("CB No.13887#快", "CB13887#快"),
        ("CBNO13887#快", "CB13887#快"),
        ("回单工单13887已恢复", "CGHD13887#已恢复"),
        ("CGHD13887已恢复12345户", "CGHD13887#已恢复12345户"),
        # it can't be said which digits are the code, or whether they are one
        ("CGHD已恢复13887#请核查", None),
        ("CGHD用户12345台#已恢复", None),
        ("JDFK在路上，用户13887台", None),
        ("CX一下13887", None),
        ("LD4821已到", None),
        ("LD48217 13887收到", None),
        ("48217 CGHD工单13887#x", None),
        ("CGDH已恢复13887#x", None),
    ],
)
def test_a_code_that_was_typed_is_in_what_is_offered(text: str, suggestion: str | None) -> None:
    """Whatever stands around it; without it another ticket would move, so then nothing is offered."""
    answer = read(text)
    assert not answer.talk
    assert (answer.suggestion, answer.alternatives) == (suggestion, ())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("LD48217\nCGHD48217#好了", "CGHD48217"),
        ("LD\nCGHD48217#好了", "CGHD48217"),
        ("LD48217 ZP48217#-核心维护室#x", "ZP48217"),
        ("JDFK48217 CGHD48217#好了", "CGHD48217"),
        ("JDFK48217已到，CGHD48217#好了", "已到，CGHD48217"),
        ("LD48217收到\n回单", "收到\n回单"),
        ("LD48217,LD13887", ",LD13887"),
        ("LD48217 退单", "退单"),
        ("LD CX", "CX"),
        ("LD48217和13887", "和13887"),
        ("CGHD48217、13887#好了", "、13887"),
    ],
)
def test_of_two_commands_the_second_is_no_text_of_the_first(text: str, found: str) -> None:
    """Nothing is offered: it would look as if both were done."""
    answer = read(text)
    assert (answer.suggestion, answer.alternatives, answer.talk) == (None, (), False)
    assert answer.found == found
    assert answer.message == "没有执行：一条短信只能写一个命令、一个工单号，请分开发。"


def test_what_only_sounds_like_a_second_command_is_text() -> None:
    """A verb without code or hash behind it, in the middle of a line."""
    assert read("JDFK48217 请王敏反馈").suggestion == "JDFK48217#请王敏反馈"
    assert read("LD48217\n已出发").suggestion == "LD48217#已出发"


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("回单已恢复", "CGHD#已恢复"),
        ("回单 已恢复", "CGHD#已恢复"),
        ("回单已经恢复了", "CGHD#已经恢复了"),
        ("反馈已到现场", "JDFK#已到现场"),
        ("反馈 明天去", "JDFK#明天去"),
        ("查询工单", "CX"),
        ("查询我的工单。", "CX"),
        ("转派给何丽佳", None),
        ("转派核心维护室-话务维护组-helijia", None),
        ("加派helijia", None),
        # answered, but what is meant is less sure than that Y should do it
        ("催办一下", None),
        ("领单收到", None),
        ("退单不是我们的", None),
        ("回单怎么写", None),
        ("CGHD 怎么写", None),
    ],
)
def test_a_chinese_verb_that_runs_into_the_next_word_is_answered(text: str, suggestion: str | None) -> None:
    """With those that hardly any talk begins with; who hears nothing believes that it was done."""
    answer = read(text)
    assert not answer.talk
    assert (answer.suggestion, answer.alternatives) == (suggestion, ())


@pytest.mark.parametrize(
    "text",
    [
        "领单过了",
        "退单了",
        "回单吗？",
        "转派出去了。",
        "加派一个人吧",
        "反馈给领导",
        "反馈不了",
        "查询下天气",
        "帮助很大",
    ],
)
def test_what_tells_or_suggests_is_talk(text: str) -> None:
    """As in the chatter."""
    assert read(text).talk


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("LD。", "LD"),
        ("ld！", "LD"),
        ("LD~", "LD"),
        ("LD：", "LD"),
        ("LD:48217", "LD48217"),
        ("LD,48217", "LD48217"),
        ("LD=48217", "LD48217"),
        ("LD ok", "LD#ok"),
        ("LD，收到", "LD#收到"),
        ("领单！", "LD"),
        ("反馈：已到现场", "JDFK#已到现场"),
        ("CGHD：已恢复", "CGHD#已恢复"),
        ("CGHD。", None),
        ("ZP：-核心维护室：请看", "ZP#-核心维护室#请看"),
        ("ZP(48217)-核心维护室", None),
        ("CX？", "CX"),
        ("cx?", "CX"),
        ("BZ。", "BZ"),
        ("BZ ZP", "BZ#ZP"),
    ],
)
def test_a_verb_with_a_mark_behind_it_is_answered(text: str, suggestion: str | None) -> None:
    """A mark or a blank ends a verb, as a hash does."""
    answer = read(text)
    assert not answer.talk
    assert (answer.suggestion, answer.alternatives) == (suggestion, ())


@pytest.mark.parametrize("text", ["BZ,不知道", "BZ hello", "CBD大楼断电", "LDAP：挂了", "cxo在吗", "LDの"])
def test_other_words_that_begin_like_a_verb_are_talk(text: str) -> None:
    """And so is help with words behind a mark."""
    assert read(text).talk


@pytest.mark.parametrize(
    ("text", "suggestion", "alternatives"),
    [
        ("CGDH48217#已恢复", "CGHD48217#已恢复", ()),
        ("CGH48217#已恢复", "CGHD48217#已恢复", ()),
        ("CGHHD48217#已恢复", "CGHD48217#已恢复", ()),
        ("CG48217#已恢复", "CGHD48217#已恢复", ()),
        ("JDKF48217#在路上", "JDFK48217#在路上", ()),
        ("JD#在路上", "JDFK#在路上", ()),
        # CGHD and SBHD are two letters apart: one that lies between may be either
        ("SGHD48217#不会修", None, ("CGHD48217#不会修", "SBHD48217#不会修")),
        ("HD48217#不会修", None, ()),
        ("PZ48217#-核心维护#x", "ZP48217#-核心维护室#x", ()),
        ("ZO48217#-核心维护室#x", "ZP48217#-核心维护室#x", ()),
        ("GP#-核心维护室#x", None, ("ZP#-核心维护室#x", "JP#-核心维护室#x")),
        ("ZO48217#已恢复", None, ()),
        ("DL48217#收到", "LD48217#收到", ()),
        ("LC48217#收到", None, ()),
        ("LDD48217#收到", "LD48217#收到", ()),
        ("LDD#收到", None, ()),
        ("XC#2", "CX#2", ()),
        ("ZB#ZP", "BZ#ZP", ()),
        ("CDMA#又断了", None, ()),
    ],
)
def test_a_verb_with_a_slip_is_offered_where_no_other_is_near(
    text: str, suggestion: str | None, alternatives: tuple[str, ...]
) -> None:
    """A verb moves tickets: what may be two is asked about, and what may be many is not offered."""
    answer = read(text)
    assert (answer.suggestion, answer.alternatives) == (suggestion, alternatives)


@pytest.mark.parametrize("text", ["JFDK48217在路上", "DL48217", "CDMA又断了"])
def test_a_slip_without_a_hash_is_talk(text: str) -> None:
    """A misspelt verb is no verb, and without a hash there is nothing of a command about it."""
    assert read(text).talk


def test_a_code_before_the_verb_says_where_it_belongs() -> None:
    """With the code that was typed, for the one who has forgotten the verb."""
    answer = read("48217#已恢复")
    assert answer.message == "命令写在工单号前面，如JDFK48217#进度、CGHD48217#结果，写法请发BZ。"
    answer = read("202611230001 已恢复")
    assert answer.message == "命令写在工单号前面，如JDFK202611230001#进度、CGHD202611230001#结果，写法请发BZ。"
