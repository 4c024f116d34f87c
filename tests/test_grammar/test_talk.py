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
