"""What is offered for what is typed: tables on real charts (did_you_mean*.txt), and what no table can show."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grammar import Diagnosis, parse
from grammar.sentences import OFFER_WORDS, PART, units
from routing.chart import Chart
from tests.test_routing.charts import chart_of, sample

HERE = Path(__file__).parent
NAMESAKES = chart_of(HERE.joinpath("namesakes.yaml").read_text(encoding="utf-8"))


def cases(table: str) -> list[list[str]]:
    """The blocks of a table, without its comments."""
    lines = HERE.joinpath(table).read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("#"))
    return [block.split("\n    ") for block in re.split(r"\n{2,}", text.strip())]


def unescape(text: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text)


def offered(text: str, chart: Chart) -> list[str]:
    """The diagnosis's code, and what is offered, as the tables have it."""
    answer = parse(unescape(text), chart)
    assert isinstance(answer, Diagnosis)
    suggested = [f"=> {answer.suggestion}"] if answer.suggestion is not None else []
    listed = [f"| {alternative}" for alternative in answer.alternatives]
    return [answer.code, *suggested, *listed, *(["| …"] if answer.more else [])]


@pytest.mark.parametrize("case", cases("did_you_mean.txt"), ids=lambda case: case[0])
def test_on_the_sample_chart(case: list[str]) -> None:
    """Each kind of slip that the issue names, by itself and with others."""
    assert offered(case[0], sample()) == case[1:]


@pytest.mark.parametrize("case", cases("did_you_mean_namesakes.txt"), ids=lambda case: case[0])
def test_on_a_chart_of_namesakes(case: list[str]) -> None:
    """Where one thing may be meant by several names, and one name by several things."""
    assert offered(case[0], NAMESAKES) == case[1:]


def many_groups(rooms: int) -> Chart:
    """A chart with a 值班组 in each of so many rooms; in each a 张伟, u1 in the first."""
    people = "\n".join(f"  u{n}: {{name: 张伟, phone: '1391{n:07d}'}}" for n in range(1, rooms + 1))
    groups = "\n".join(
        f"      机房{n}室:\n        groups: {{值班组: {{members: [u{n}]}}}}" for n in range(1, rooms + 1)
    )
    text = "version: 1\ndefault_center: 中心\ndispatchers: [u1]\npeople:\n"
    return chart_of(f"{text}{people}\ncenters:\n  中心:\n    rooms:\n{groups}\n")


MANY = many_groups(100)


@pytest.mark.parametrize("typed", ["ZP#-值班组#x", "ZP#值班组#x", "ZP#张伟#x", "ZP#-值班组-张伟#x"])
def test_of_a_hundred_readings_nine_are_listed_and_said_to_be_some(typed: str) -> None:
    """A digit chooses among nine."""
    answer = parse(typed, MANY)
    assert isinstance(answer, Diagnosis)
    assert (len(answer.alternatives), answer.more, answer.suggestion) == (9, True, None)


def test_nine_are_all_there_are() -> None:
    """And nothing is said of more."""
    answer = parse("ZP#-值班组#x", many_groups(9))
    assert isinstance(answer, Diagnosis)
    assert (len(answer.alternatives), answer.more) == (9, False)


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("ZP#值班组-u77#x", "ZP#-机房77室-值班组-u77#x"),
        ("ZP#-机房77-值班组#x", "ZP#-机房77室-值班组#x"),
        ("ZP#-机房77-值班组-张伟#x", "ZP#-机房77室-值班组-u77#x"),
        ("ZP#机房100室值班组#x", "ZP#-机房100室-值班组#x"),
    ],
)
def test_the_one_of_a_hundred_that_is_meant_is_found(typed: str, suggestion: str) -> None:
    """However far behind in the chart it is."""
    answer = parse(typed, MANY)
    assert isinstance(answer, Diagnosis)
    assert answer.suggestion == suggestion


def test_the_sentence_names_all_namesakes() -> None:
    """`smsgate parse` shows no list but this; what a list beside it shows as well may be cut."""
    answer = parse("ZP#-核心维护室-交换维护组-张伟#x", NAMESAKES)
    assert isinstance(answer, Diagnosis)
    assert answer.message == "“张伟”是姓名，姓名会重复，请写账号：zw1、zw2、zw3、zw5。"
    members = [f"zhangweigong{n}" for n in range(5)]
    people = "\n".join(f"  {account}: {{name: 张伟, phone: '1391{n:07d}'}}" for n, account in enumerate(members))
    chart = chart_of(
        f"version: 1\ndefault_center: 中心\ndispatchers: [{members[0]}]\npeople:\n{people}\n"
        f"centers: {{中心: {{rooms: {{一室: {{groups: {{甲组: {{members: [{', '.join(members)}]}}}}}}}}}}}}\n"
    )
    answer = parse("ZP#-一室-甲组-张伟#x", chart)
    assert isinstance(answer, Diagnosis)
    assert answer.choices() == tuple(members)
    assert "“张伟”是姓名，姓名会重复，请写账号：z" in answer.message
    listed = sum(units(f"{number}){account} ") for number, account in enumerate(members, 1))
    assert units(answer.message) + OFFER_WORDS + listed <= 2 * PART - 10
