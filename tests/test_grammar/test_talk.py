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
        ("ZPANIC#x", None),
        ("LDAP#挂了", None),
        ("回单了#已恢复", None),
        ("转派核心维护室#x", None),
        ("3#基站退服", None),
        ("#x", None),
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
