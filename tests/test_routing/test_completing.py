"""What the picker of the desk offers for a target that is being typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grammar import Command, parse
from routing.completing import complete
from smsgate.sample import sample_chart

CHART = sample_chart()


def offered(typed: str) -> list[str]:
    return [one.text for one in complete(CHART, typed)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("-核心", "-核心维护室"),
        ("－核心", "-核心维护室"),
        ("——核心", "-核心维护室"),
        ("-hx", "-核心维护室"),
        ("-hexin", "-核心维护室"),
        ("-核心维护室-", "-核心维护室-话务维护组"),
        ("-核心维护室-jh", "-核心维护室-交换维护组"),
        ("-核心维护室-话务维护组-", "-核心维护室-话务维护组-helijia"),
        ("-核心维护室-话务维护组-何", "-核心维护室-话务维护组-helijia"),
        ("-核心维护室-话务维护组-hlj", "-核心维护室-话务维护组-helijia"),
        ("-核心维护室-话务维护组-WANG", "-核心维护室-话务维护组-wangmin"),
        ("-核心维护室-话务维护组-helijia;", "-核心维护室-话务维护组-helijia;wangmin"),
        ("信息", "信息技术中心"),
        ("信息技术中心-核", "信息技术中心-核心维护室"),
        ("oa", "信息技术中心-业务维护室-OA维护组"),
        ("话务", "-核心维护室-话务维护组"),
        ("hwwhz", "-核心维护室-话务维护组"),
        ("何丽佳", "-核心维护室-话务维护组-helijia"),
        ("shanlei", "-核心维护室-信令监测组-shanlei"),
        ("shan", "-核心维护室-信令监测组-shanlei"),
        ("dan", "-核心维护室-信令监测组-shanlei"),
    ],
)
def test_the_first_offer(typed: str, first: str) -> None:
    """By name, pinyin in any reading, initials, account; level by level or from anywhere."""
    assert offered(typed)[0] == first


@pytest.mark.parametrize("typed", ["-没有", "-核心维护室-没有-", "-核心维护室-话务维护组-helijia-", "没有这样的"])
def test_nothing_is_offered_for_what_leads_nowhere(typed: str) -> None:
    assert offered(typed) == []


def test_nobody_who_is_away_or_named_already_is_offered() -> None:
    """马超 is on leave; 王敏 stands there already."""
    assert "-传输维护室-光缆维护组-machao" not in offered("-传输维护室-光缆维护组-")
    assert offered("-核心维护室-话务维护组-wangmin;w") == []


@given(st.text(max_size=40) | st.text("-－—;核心维护室话务组hxw", max_size=20))
def test_every_offer_below_a_centre_is_a_target_that_a_command_may_have(typed: str) -> None:
    """Whatever is typed, nothing is raised, and what is offered parses, but for a centre alone."""
    for one in complete(CHART, typed):
        if "-" in one.text:
            assert isinstance(parse(f"ZP48217#{one.text}#好", CHART), Command), one
