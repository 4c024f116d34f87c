"""Every diagnosis in full: code, column, what was found, the sentence, what is offered (diagnoses.txt)."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from grammar import Code, Diagnosis, Verb, parse
from tests.test_grammar.directory import OFFICE, InMemory

TABLE = Path(__file__).with_name("diagnoses.txt").read_text(encoding="utf-8")
CASES = [block.split("\n    ") for block in TABLE.strip().split("\n\n")[1:]]
VERBS = {"ZP": Verb.ZP, "JP": Verb.JP, "LD": Verb.LD, "CX": Verb.CX, "CG": Verb.CGHD, "JD": Verb.JDFK}


def unescape(text: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_diagnosis(case: list[str]) -> None:
    """The table, in its order."""
    text = unescape(case[0])
    answer = parse(text, OFFICE)
    assert isinstance(answer, Diagnosis)
    offers = [f"=> {answer.suggestion}"] if answer.suggestion is not None else []
    offers += [f"| {alternative}" for alternative in answer.alternatives]
    assert [f"{answer.code} {answer.column} {answer.found}".rstrip(), answer.message, *offers] == case[1:]
    assert answer.verb is VERBS[text[:2]]
    assert not answer.talk


def test_every_code_of_the_table_is_met() -> None:
    """The two that have tests of their own aside."""
    assert {Code(case[1].split()[0]) for case in CASES} == set(Code) - {Code.TOO_LONG, Code.NOT_COMMAND}


def test_too_long() -> None:
    """Over 2,000 code points nothing else is looked at; 2,000 are well."""
    text = "ZP#-核心维护室#" + "长" * 1990
    assert not isinstance(parse(text[:2000], OFFICE), Diagnosis)
    answer = parse(text[:2000] + "字", OFFICE)
    assert isinstance(answer, Diagnosis)
    assert (answer.code, answer.column, answer.found) == (Code.TOO_LONG, 2001, "字")
    assert answer.message == "短信超过2000字，请缩短后重发。"
    assert answer.verb is None
    assert isinstance(parse("好" * 1_000_000, OFFICE), Diagnosis)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ZP#;-a-b-c-d-", Code.SEVERAL_UNITS),
        ("ZP#a--b-c-d", Code.TOO_MANY_SEGMENTS),
        ("ZP#没有--x", Code.EMPTY_SEGMENT),
        ("ZP#没有-没有-没有-没有", Code.UNKNOWN_CENTER),
        ("ZP#-没有-没有-没有", Code.UNKNOWN_ROOM),
        ("ZP#-核心维护室-没有-没有", Code.UNKNOWN_GROUP),
        ("ZP#-核心维护室-话务维护组-没有", Code.UNKNOWN_ACCOUNT),
        ("ZP#-核心维护室-话务维护组-helijia", Code.MISSING_OPINION),
        ("ZP#-核心维护室-话务维护组-sunhao;何丽佳;zzz#x", Code.ACCOUNT_ELSEWHERE),
        ("ZP#-核心维护室-话务维护组-何丽佳;sunhao;zzz#x", Code.NAME_NOT_ACCOUNT),
        ("CGHD#", Code.MISSING_OPINION),
    ],
)
def test_the_first_that_holds_counts(text: str, code: Code) -> None:
    """Several faults in one message."""
    answer = parse(text, OFFICE)
    assert isinstance(answer, Diagnosis)
    assert answer.code is code


def test_columns_are_of_the_message_as_received() -> None:
    """Blanks, dash runs, full-width forms and expansions before the fault move nothing."""
    text = "\ufeffＺＰ ４８２１７＃ ——核 心维护室——㈱组——x#y"
    answer = parse(text, OFFICE)
    assert isinstance(answer, Diagnosis)
    assert (answer.code, answer.found, answer.column) == (Code.UNKNOWN_GROUP, "㈱组", text.index("㈱") + 1)


def test_the_free_text_is_word_for_word_in_an_offer_and_short_in_an_sms() -> None:
    """`suggestion` is done, `shown_suggestion()` is shown."""
    answer = parse("ZP48217#-核心维护#  看#和-\n再说。  ", OFFICE)
    assert isinstance(answer, Diagnosis)
    assert answer.suggestion == "ZP48217#-核心维护室#看#和-\n再说。"
    assert answer.shown_suggestion() == "ZP48217#-核心维护室#…"
    answer = parse("ZP#-核心维护室-话务维护组-王敏#看#和", OFFICE)
    assert isinstance(answer, Diagnosis)
    assert answer.shown_suggestion() is None
    assert answer.shown_alternatives() == (
        "ZP#-核心维护室-话务维护组-wangmin#…",
        "ZP#-核心维护室-话务维护组-wangmin2#…",
    )


@pytest.mark.parametrize(
    ("text", "shown"), [("LD#48217", "LD48217"), ("CX#48217#2", "CX48217#2"), ("LD收到", "LD#…"), ("BZ4", "BZ")]
)
def test_short_commands_are_shown_whole(text: str, shown: str) -> None:
    """There is nothing to abridge in them but a note."""
    answer = parse(text, OFFICE)
    assert isinstance(answer, Diagnosis)
    assert answer.shown_suggestion() == shown


def test_the_log_gets_english() -> None:
    """With what was quoted; long quotations are cut."""
    answer = parse("ZP#-业务维护室#x", OFFICE)
    assert isinstance(answer, Diagnosis)
    assert answer.message_en == "No room “业务维护室” in 网管维护中心, but in 信息技术中心."
    answer = parse("ZP#-" + "长" * 500 + "#x", OFFICE)
    assert isinstance(answer, Diagnosis)
    assert answer.message_en == "No room “" + "长" * 79 + "…” in 网管维护中心."


class Counting(InMemory):
    """Counts the questions that go through a whole group."""

    asked: int = 0

    def accounts_named(self, center: str, room: str, group: str, name: str) -> Sequence[str]:
        type(self).asked += 1
        return super().accounts_named(center, room, group, name)

    def nearest_accounts(self, center: str, room: str, group: str, account: str) -> Sequence[str]:
        type(self).asked += 1
        return super().nearest_accounts(center, room, group, account)


def test_a_message_full_of_strangers_does_not_keep_the_others_waiting() -> None:
    """Two thousand characters of accounts that nobody has: who can mean nobody ends the search."""
    office = Counting(OFFICE.groups, OFFICE.names, OFFICE.inactive)
    answer = parse("ZP#-核心维护室-话务维护组-" + "a,b c、" * 300 + "#x", office)
    assert isinstance(answer, Diagnosis)
    assert (answer.code, answer.suggestion) == (Code.UNKNOWN_ACCOUNT, None)
    assert Counting.asked < 500
