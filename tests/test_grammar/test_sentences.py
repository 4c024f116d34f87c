"""How long the sentences are, and what is cut in them: an SMS has 70 characters, the carrier's signature takes some."""

import pytest

from grammar import Code, Diagnosis, parse
from grammar.sentences import OFFER_WORDS, PART, SEGMENT, Sentence, budget, budget_beside, say, say_in_log, units
from tests.test_grammar.directory import InMemory

CENTERS = ("八个字的第一中心", "八个字的第二中心")
ROOMS = ("八个字的第一专业", "八个字的第二专业")
GROUPS = ("八个字的第一小组", "八个字的第二小组")
LONG = InMemory(
    groups={
        (CENTERS[0], ROOMS[0], GROUPS[0]): ("zhangsan", "zhangsi2", "zhangwu3"),
        (CENTERS[1], ROOMS[1], GROUPS[1]): ("lisilisi", "wangwu88"),
    },
    names={
        "zhangsan": "欧阳张三三丰丰丰",
        "zhangsi2": "欧阳张三三丰丰丰",
        "zhangwu3": "欧阳张五五丰丰丰",
        "lisilisi": "李四",
        "wangwu88": "王五",
    },
    inactive=frozenset({"zhangwu3"}),
    default_center=CENTERS[0],
)
PATH = f"{CENTERS[0]}-{ROOMS[0]}-{GROUPS[0]}"
MESSAGES = [
    f"ZP{GROUPS[0]}#已经恢复",
    "看不懂的一条短信#意见",
    "BZ48217",
    "CX#第二页第二页第二页",
    "202611230007#已经恢复",
    "JDFK48217已到现场已到现场",
    "LD48217,JDFK202611230007",
    "ZP48217",
    f"ZP48217#{PATH};zhangsan#x",
    f"ZP48217#{PATH}-zhangsan-zhangsi2#x",
    f"ZP48217#{PATH}-zhangsan;#x",
    f"ZP48217#{CENTERS[0]}#x",
    f"ZP48217#八个字的第三中心-{ROOMS[0]}#x",
    "ZP#202611230007#x",
    f"ZP48217#-八个字的第三专业-{GROUPS[0]}#x",
    f"ZP48217#-{ROOMS[1]}#x",
    f"ZP48217#-{GROUPS[1]}#x",
    f"ZP48217#-{ROOMS[0]}-八个字的第三小组#x",
    f"ZP48217#-{ROOMS[0]}-{GROUPS[1]}#x",
    f"ZP48217#-{ROOMS[0]}-完全没有这个小组#x",
    "ZP48217#-完全没有这个专业#x",
    f"ZP48217#{PATH}-欧阳张三三丰丰丰#x",
    f"ZP48217#{PATH}-zhangsam#x",
    f"ZP48217#{PATH}-zhangsan、zhangsi2#x",
    f"ZP48217#{PATH}-qqqqqqqq#x",
    f"ZP48217#{PATH}-zhangwu3#x",
    f"ZP48217#{PATH}-lisilisi;wangwu88#x",
    f"ZP48217#{PATH}",
    "SBHD48217#",
    "CGHD#48217#已恢复",
    "好" * 2001,
]


@pytest.mark.parametrize("text", MESSAGES, ids=lambda text: text[:40])
def test_with_names_of_eight_characters_a_sentence_fits_one_segment_whole(text: str) -> None:
    """Nothing in it is cut; with its offer it fits two parts."""
    answer = parse(text, LONG)
    assert isinstance(answer, Diagnosis)
    assert units(answer.message) <= 60
    assert "…" not in answer.message.removesuffix("如…#已恢复，请核查。")
    shown = answer.shown_suggestion()
    if shown is not None:
        assert units(answer.message) + OFFER_WORDS + units(shown) <= 2 * PART - 10
    for alternative in answer.shown_alternatives():
        assert units(alternative) <= 60


def test_every_diagnosis_is_among_them() -> None:
    """So that a new one is measured as well."""
    met = {answer.code for text in MESSAGES if isinstance(answer := parse(text, LONG), Diagnosis)}
    assert met == set(Code)


@pytest.mark.parametrize("reserve", [0, 10, 20])
def test_long_names_are_cut_the_sentence_is_not(reserve: int) -> None:
    """What was typed is known to who typed it; what to do about it is not."""
    chart = InMemory({("很长的中心" * 6, "很长的专业" * 6, "组"): ()}, {}, default_center="很长的中心" * 6)
    for room, ending in (("很长的专业" * 5 + "很长的", "”？请改正。"), ("别的名字" * 100, "请核对室名。")):
        answer = parse(f"ZP#-{room}#x", chart, reserve=reserve)
        assert isinstance(answer, Diagnosis)
        assert units(answer.message) <= SEGMENT - reserve
        assert "…" in answer.message
        assert answer.message.endswith(ending)
    answer = parse(f"ZP{'别的名字' * 100}#x", chart, reserve=reserve)
    assert isinstance(answer, Diagnosis)
    assert answer.message.endswith("…”。写法：ZP工单号#中心-专业室-组-账号;账号#意见")
    assert units(answer.message) <= SEGMENT - reserve


def test_a_long_offer_takes_room_from_the_sentence() -> None:
    """Together they fit two parts; the target is never cut."""
    accounts = tuple(f"member.{number}" for number in range(8))
    chart = InMemory({("中心", "专业室", "组"): accounts}, dict.fromkeys(accounts, "某人"), default_center="中心")
    target = f"-专业室-组-{';'.join(accounts[:-2])}"
    answer = parse(f"ZP#{target};#x", chart)
    assert isinstance(answer, Diagnosis)
    shown = answer.shown_suggestion()
    assert shown == f"ZP#{target}#…"
    assert units(answer.message) + OFFER_WORDS + units(shown) <= 2 * PART - 10


def test_a_sentence_gives_way_to_a_list_that_then_fits() -> None:
    """In what it quotes, which the list says as well; never in what it tells to do, and not where that is no use."""
    assert budget_beside(10, ["a"] * 5) == 60
    assert budget_beside(10, ["a" * 13] * 5) == 30
    assert budget_beside(10, ["a" * 13] * 6) == 60


def test_units_are_what_an_sms_counts() -> None:
    """Two for a character beyond the basic plane; a lone surrogate is one."""
    assert units("核a") == 2
    assert units("👍") == 2
    assert units("\ud800") == 1


def test_what_cannot_be_shown_is_not_quoted() -> None:
    """Controls, formats and lone surrogates would spoil the SMS."""
    assert say("“{found}”", {"found": "a\x00\u202e\ud800b"}, 60) == "“ab”"


def test_the_longest_quotation_is_cut_first() -> None:
    """And a sentence that is too long without any is cut at its end."""
    assert say("{one}，{other}", {"one": "一二三四五六", "other": "甲乙"}, 7) == "一二三…，甲乙"
    assert say("这句话太长了", {}, 4) == "这句话…"
    assert say_in_log(Sentence("", "{found}!").en, {"found": "x" * 100}) == "x" * 79 + "…!"


def test_the_budget() -> None:
    """One segment without an offer; never less than the shortest."""
    assert budget(10, None) == 60
    assert budget(10, "短") == 60
    assert budget(10, "长" * 70) == 40
    assert budget(10, "长" * 200) == 30
