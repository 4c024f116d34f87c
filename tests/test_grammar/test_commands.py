"""What a good message says: the source's examples to the letter, each verb, each thing a keyboard does."""

import pytest

from grammar import (
    VERBS,
    Accept,
    Assist,
    Command,
    HandBack,
    Help,
    Progress,
    Query,
    Resolve,
    TargetName,
    Transfer,
    Urge,
    Verb,
    parse,
)
from tests.test_grammar.directory import IT, NOC, OFFICE

ROOM = TargetName(NOC, "核心维护室")
GROUP = TargetName(NOC, "核心维护室", "话务维护组")
HE = TargetName(NOC, "核心维护室", "话务维护组", ("helijia",))
HE_AND_WANG = TargetName(NOC, "核心维护室", "话务维护组", ("helijia", "wangmin"))
MI_AND_SUN = TargetName(IT, "业务维护室", "OA维护组", ("miyonglin", "sunhao"))
MI = TargetName(IT, "业务维护室", "OA维护组", ("miyonglin",))


@pytest.mark.parametrize(
    ("text", "target", "opinion"),
    [
        ("ZP#网管维护中心-核心维护室-话务维护组-helijia#已经恢复,请核查。", HE, "已经恢复,请核查。"),
        ("ZP#-核心维护室-话务维护组-helijia#已经恢复,请核查。", HE, "已经恢复,请核查。"),
        (
            "ZP#信息技术中心-业务维护室-OA维护组-miyonglin#**公司,OA系统故障,请继续处理。",
            MI,
            "**公司,OA系统故障,请继续处理。",
        ),
    ],
)
def test_the_sources_examples_work_to_the_letter(text: str, target: TargetName, opinion: str) -> None:
    """«短信工单转派流程说明», its three examples."""
    assert parse(text, OFFICE) == Transfer(None, target, opinion)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("ZP#-核心维护室#x", ROOM),
        ("ZP#-核心维护室-话务维护组#x", GROUP),
        ("ZP#-核心维护室-话务维护组-helijia;wangmin#x", HE_AND_WANG),
        ("ZP#信息技术中心-传输维护室#x", TargetName(IT, "传输维护室")),
        ("ZP#信息技术中心-传输维护室-接入组#x", TargetName(IT, "传输维护室", "接入组")),
        ("ZP#信息技术中心-业务维护室-OA维护组-miyonglin;sunhao#x", MI_AND_SUN),
    ],
)
def test_the_table_of_targets(text: str, target: TargetName) -> None:
    """The six forms of the source's table."""
    assert parse(text, OFFICE) == Transfer(None, target, "x")


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("ZP48217#-核心维护室#请处理", Transfer("48217", ROOM, "请处理")),
        ("转派48217#-核心维护室#请处理", Transfer("48217", ROOM, "请处理")),
        ("JP48217#-核心维护室-话务维护组-helijia#请协助", Assist("48217", HE, "请协助")),
        ("加派#-核心维护室#请协助", Assist(None, ROOM, "请协助")),
        ("LD", Accept(None)),
        ("LD48217", Accept("48217")),
        ("领单48217", Accept("48217")),
        ("LD#", Accept(None)),
        ("LD48217#", Accept("48217")),
        ("LD48217#半小时到", Accept("48217", "半小时到")),
        ("LD#半小时到", Accept(None, "半小时到")),
        ("JDFK48217#已到现场", Progress("48217", "已到现场")),
        ("反馈#已到现场", Progress(None, "已到现场")),
        ("CGHD48217#已恢复", Resolve("48217", "已恢复")),
        ("回单#已恢复", Resolve(None, "已恢复")),
        ("SBHD48217#不属本组", HandBack("48217", "不属本组")),
        ("退单#不属本组", HandBack(None, "不属本组")),
        ("CB48217#请尽快", Urge("48217", "请尽快")),
        ("催办#请尽快", Urge(None, "请尽快")),
        ("CX", Query()),
        ("CX#", Query()),
        ("CX48217", Query("48217")),
        ("查询202611230007", Query("202611230007")),
        ("CX#2", Query(page=2)),
        ("CX#02", Query(page=2)),
        ("cx＃２", Query(page=2)),
        ("CX48217#2", Query("48217", 2)),
        ("BZ", Help()),
        ("?", Help()),
        ("？", Help()),
        (" ？ ", Help()),
        ("帮助", Help()),
        ("BZ#ZP", Help(Verb.ZP)),
        ("BZ#转派", Help(Verb.ZP)),
        ("？#ｊｐ", Help(Verb.JP)),
        ("BZ#怎么用", Help()),
        ("BZ#ZP#", Help()),
        ("BZ#", Help()),
    ],
)
def test_every_verb(text: str, command: Command) -> None:
    """Each verb, each synonym, with and without what may be left out."""
    assert parse(text, OFFICE) == command


@pytest.mark.parametrize(
    "text",
    [
        "zp48217#-核心维护室-话务维护组-helijia;wangmin#x",
        "Zp 48217 # - 核心 维护室 - 话务维护组 - helijia ; wangmin # x",
        "ＺＰ４８２１７＃－核心维护室－话务维护组－ｈｅｌｉｊｉａ；ｗａｎｇｍｉｎ＃x",
        "ZP48217#——核心维护室——话务维护组——HeLiJia；WANGMIN#x",
        "ZP48217﹟–核心维护室—话务维护组ー helijia;wangmin﹟x",
        "ZP48217#— —核心维护室-话务维护组-helijia;wangmin#x",
        "\ufeffZP48217#-核心\u200b维护室-话务维护组\ufe0f-heli\u00adjia;wangmin#x",
        "ZP\n48217\n#\n-核心维护室\n-话务维护组\n-helijia;wangmin\n#\nx\n",
        "ZP48217#-核心维护室-话务维护组-helijia;wangmin;HELIJIA;helijia#x",
        "ZP48217#网管维护中心-核心维护室-话务维护组-helijia;wangmin#x",
    ],
)
def test_what_a_keyboard_does_is_undone(text: str) -> None:
    """White space, invisible characters, dash runs, full-width forms, case, repeated accounts."""
    assert parse(text, OFFICE) == Transfer("48217", HE_AND_WANG, "x")


def test_the_charts_spelling_is_stored() -> None:
    """`oa维护组` is OA维护组."""
    command = parse("ZP#信息技术中心-业务维护室-ｏａ维护组-MiYongLin#x", OFFICE)
    assert command == Transfer(None, MI, "x")


@pytest.mark.parametrize("dash", list("‐‑‒–—―⁃−─━⸺⸻ー﹘ｰ֊"))
def test_a_run_of_any_listed_dash_is_one(dash: str) -> None:
    """Spec «Reading a message», 2."""
    for run in (dash, dash * 3, f"{dash} {dash}"):
        assert parse(f"ZP#{run}核心维护室{run}话务维护组#x", OFFICE) == Transfer(None, GROUP, "x")


@pytest.mark.parametrize(
    "opinion",
    [
        "用#和-和;都行",
        "第一行\n第二行",
        "——已恢复——",
        "ＯＫ　全角",
        "<b>网页</b> &amp; 👍🏽",
        "#",
        "#以井号开头",
        "48217#已恢复",
        "a\u200bb",
        "\x00控制",
    ],
)
def test_free_text_is_left_alone(opinion: str) -> None:
    """All but its ends."""
    assert parse(f"ZP#-核心维护室# \u3000\u200b{opinion}\ufeff\n", OFFICE) == Transfer(None, ROOM, opinion)
    assert parse(f"CGHD48217＃{opinion}", OFFICE) == Resolve("48217", opinion)


def test_a_code_in_free_text_is_text_where_the_verb_has_its_own() -> None:
    """`misplaced_code` is only for messages without a code; and only for 5-8 or 12 digits."""
    assert parse("CGHD48217#48218#已恢复", OFFICE) == Resolve("48217", "48218#已恢复")
    for text in ("1234#x", "123456789#x", "48217号基站", "48217 已恢复"):
        assert parse(f"JDFK#{text}", OFFICE) == Progress(None, text)


def test_the_table_of_verbs_is_whole_and_its_examples_parse() -> None:
    """Every verb has one line; its example is a command of that verb."""
    assert list(VERBS) == list(Verb)
    synonyms = " ".join(entry.synonym for entry in VERBS.values())
    assert synonyms == "转派 加派 领单 反馈 回单 退单 催办 查询 帮助"
    for verb, entry in VERBS.items():
        assert entry.verb is verb
        assert entry.usage.startswith(verb)
        assert getattr(parse(entry.example, OFFICE), "verb", None) is verb
