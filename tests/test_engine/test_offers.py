"""Offers as an SMS shows them: how much of a list, how long, and what can be chosen of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grammar import Diagnosis, parse
from smsgate.sample import sample_chart
from smsgate.service.refusing import with_bad_code
from smsgate.service.segments import units_of
from smsgate.testing.stage import Sms, Stage
from tests.test_engine.test_texts import words
from tests.test_grammar.test_diagnoses import CASES, unescape
from tests.test_grammar.test_did_you_mean import many_groups

ROOM = "-机房1室-值班组-u1"


@pytest.fixture
def many(tmp_path: Path) -> Iterator[Stage]:
    """A hundred groups of one name, and a ticket with u1."""
    stage = Stage.in_folder(tmp_path, many_groups(100))
    stage.open(target=ROOM, by="u1")
    stage.new_sms()
    yield stage
    stage.close()


def answer(stage: Stage, who: str, text: str) -> Sms | None:
    """What somebody's phone shows after an SMS of theirs; None where nothing comes."""
    stage.sms(who, text)
    got = [sms for sms in stage.new_sms() if sms.phone == stage.phone_of(who)]
    assert len(got) < 2
    return got[0] if got else None


def test_of_a_long_list_only_what_is_shown_can_be_chosen(many: Stage) -> None:
    """Whoever answers a number that they can't have read means something else."""
    shown = answer(many, "u1", "ZP48217#-值班组#你们看")
    assert shown is not None
    assert shown.segments == 2
    assert shown.text == (
        "“值班组”是组，前面还要写专业室，如机房1室、机房2室、机房3室-值班组。回复序号："
        "1)-机房1室-值班组 2)-机房2室-值班组 3)-机房3室-值班组 4)-机房4室-值班组 5)-机房5室-值班组 6)-机房6室-值班组 …"
    )
    assert answer(many, "u1", "7") is None
    assert answer(many, "u1", "9") is None
    assert many.ticket("48217").holder.accounts == ("u1",)
    assert answer(many, "u1", "4") is not None
    assert str(many.ticket("48217").holder) == "中心-机房4室-值班组"


def test_what_is_left_out_of_a_list_is_counted(tmp_path: Path) -> None:
    """Nine readings, of which two SMS hold some."""
    stage = Stage.in_folder(tmp_path, many_groups(9))
    stage.open(target=ROOM, by="u1")
    stage.new_sms()
    shown = answer(stage, "u1", "ZP48217#-值班组#你们看")
    stage.close()
    assert shown is not None
    assert shown.text.endswith("6)-机房6室-值班组 …+3")
    assert shown.segments == 2


LONG = "ZP48217#信息技术中心-业务维护室-计费维护组-guoqiang、dengjie、j.smith、guoqiang、dengjie#看"


@pytest.mark.parametrize(
    ("fifth", "ending"),
    [
        ("ZP48217#核心维护室#看", "回Y改为ZP48217#-核心维护室#…（再错不再回复，可发BZ）"),
        (LONG, "回Y改为ZP48217#信息技术中心-业务维护室-计费维护组-guoqiang;dengjie;j.smith#…"),
    ],
)
def test_the_last_answer_warns_where_two_sms_hold_that_too(stage: Stage, fifth: str, ending: str) -> None:
    """The warning is left out before a third SMS is sent, or the target cut."""
    stage.open()
    stage.new_sms()
    for _ in range(4):
        assert answer(stage, "wangmin", "ZP48217#核心维护室#看") is not None
        # a machine would go on at once
        stage.clock.go_on(minutes=3)
    shown = answer(stage, "wangmin", fifth)
    assert shown is not None
    assert shown.text.endswith(ending)
    assert shown.segments == 2
    assert answer(stage, "wangmin", fifth) is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "核心维护室没有组“交换组”，是不是“交换维护组”？请改正。工单号48127有误，请核对后重发。"),
        (
            "en",
            "No group “交换组” in 网管维护中心-核心维护室; near: 交换维护组. "
            "48127 is no ticket code, check it and send again.",
        ),
    ],
)
def test_a_wrong_code_is_said_with_what_else_is_wrong(tmp_path: Path, language: str, text: str) -> None:
    """Both can be put right at once; nothing is offered, for it would be refused."""
    stage = Stage.in_folder(tmp_path, sample_chart(), language)
    stage.open()
    stage.new_sms()
    shown = answer(stage, "wangmin", "ZP48127#-核心维护室-交换组#看")
    assert answer(stage, "wangmin", "Y") is None
    stage.close()
    assert shown is not None
    assert shown.text == text


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("ZP48127-核心维护室#x", "ZP后面只能是工单号或#，不能是“-核心维护室”。工单号48127有误，请核对后重发。"),
        (
            "48127CGHD#x",
            "命令写在工单号前面，如JDFK48127#进度、CGHD48127#结果。工单号48127有误，请核对后重发。",
        ),
    ],
)
def test_with_a_wrong_code_as_much_is_said_as_one_sms_holds(stage: Stage, typed: str, text: str) -> None:
    """Whole clauses of it; that the code is wrong comes first of all."""
    stage.open()
    stage.new_sms()
    shown = answer(stage, "wangmin", typed)
    assert shown is not None
    assert shown.text == text
    assert len(text) <= 60


def test_a_quotation_is_no_clause() -> None:
    """What it quotes is never cut at its own commas."""
    read = parse("ZP48127#-特别长的一个名字，里面有逗号，还有一个逗号，再长一点的维护室#x", sample_chart(), reserve=10)
    assert isinstance(read, Diagnosis)
    assert with_bad_code(words("zh"), read, "48127") == "工单号48127有误，请核对后重发。"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_what_is_said_of_a_wrong_code_is_always_one_sms(case: list[str]) -> None:
    read = parse(unescape(case[0]), sample_chart(), reserve=10)
    if isinstance(read, Diagnosis):
        said = with_bad_code(words("zh"), read, "48127")
        assert said.endswith("工单号48127有误，请核对后重发。")
        assert units_of(said, "ucs2") <= 60


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("CGHD48217#", "No text. Write CGHD<code>#<text>."),
        ("ZP48217", "No target. Write ZP<code>#<centre>-<room>-<group>-<account>;<account>#<text>."),
        ("Z48217#x", "No verb in “Z48217”. Write <verb><code>#<text>; BZ lists the verbs."),
        ("ZP48217#-天上维护部#x", "No room “天上维护部” in 网管维护中心. Correct it and send it again."),
        ("BZ#SBHD", "SBHD<code>#<text> Hands the ticket back unsolved to who held it before; a helper thereby leaves."),
        ("BZ#LD", "LD<code>, or LD<code>#<note> Accepts the ticket. The note may be left out."),
        ("CX", "1 open for you: 48217 西区基站退服 dispatched 30 min left"),
    ],
)
def test_in_english_it_is_said_what_to_do(tmp_path: Path, typed: str, text: str) -> None:
    stage = Stage.in_folder(tmp_path, sample_chart(), "en")
    stage.open()
    stage.new_sms()
    shown = answer(stage, "wangmin", typed)
    stage.close()
    assert shown is not None
    assert shown.text == text


@pytest.mark.parametrize("typed", ["ZP202611230001#-核心维护室-交换组#看", "ZP#-核心维护室-交换组#看"])
def test_a_number_is_no_wrong_code(stage: Stage, typed: str) -> None:
    """Nor is none at all."""
    stage.open()
    stage.new_sms()
    shown = answer(stage, "wangmin", typed)
    assert shown is not None
    assert "回Y改为" in shown.text
    assert answer(stage, "wangmin", "Y") is not None
    assert str(stage.ticket("48217").holder) == "网管维护中心-核心维护室-交换维护组"
