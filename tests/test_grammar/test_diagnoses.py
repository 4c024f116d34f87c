"""Every diagnosis in full: code, column, what was found, the sentence, what is offered."""

from dataclasses import dataclass

import pytest

from grammar import Code, Diagnosis, Verb, parse
from tests.test_grammar.directory import OFFICE


@dataclass(frozen=True)
class Case:
    text: str
    code: Code
    column: int
    found: str
    message: str
    offered: str | tuple[str, ...] = ()
    """A suggestion, or alternatives."""


CASES = [
    Case(
        "ZP48217",
        Code.MISSING_TARGET,
        8,
        "",
        "没有写转给谁。写法：ZP工单号#中心-专业室-组-账号;账号#意见",
    ),
    Case(
        "ZP",
        Code.MISSING_TARGET,
        3,
        "",
        "没有写转给谁。写法：ZP工单号#中心-专业室-组-账号;账号#意见",
    ),
    Case(
        "JP ４８２１７",
        Code.MISSING_TARGET,
        9,
        "",
        "没有写转给谁。写法：JP工单号#中心-专业室-组-账号;账号#意见",
    ),
    Case(
        "ZP##x",
        Code.MISSING_TARGET,
        6,
        "",
        "没有写转给谁。写法：ZP工单号#中心-专业室-组-账号;账号#意见",
    ),
    Case(
        "ZP48217# \u200b #x",
        Code.MISSING_TARGET,
        14,
        "",
        "没有写转给谁。写法：ZP工单号#中心-专业室-组-账号;账号#意见",
    ),
    Case(
        "ZP#-核心维护室;传输维护室#x",
        Code.SEVERAL_UNITS,
        10,
        ";",
        "一次只能转给一个室、一个组或同组的几个人，“;”只能用来隔开账号，请分开发。",
        ("ZP#-核心维护室#x", "ZP#-传输维护室#x"),
    ),
    Case(
        "ZP#-核心维护室；-传输维护室-光缆组#x",
        Code.SEVERAL_UNITS,
        10,
        "；",
        "一次只能转给一个室、一个组或同组的几个人，“；”只能用来隔开账号，请分开发。",
        ("ZP#-核心维护室#x", "ZP#-传输维护室-光缆组#x"),
    ),
    Case(
        "ZP#-核心维护室-helijia;wangmin#x",
        Code.SEVERAL_UNITS,
        18,
        ";",
        "一次只能转给一个室、一个组或同组的几个人，“;”只能用来隔开账号，请分开发。",
        "ZP#-核心维护室-话务维护组-helijia;wangmin#x",
    ),
    Case(
        "ZP#helijia;miyonglin#x",
        Code.SEVERAL_UNITS,
        11,
        ";",
        "一次只能转给一个室、一个组或同组的几个人，“;”只能用来隔开账号，请分开发。",
        (
            "ZP#-核心维护室-话务维护组-helijia#x",
            "ZP#-传输维护室-光缆组-helijia#x",
            "ZP#信息技术中心-业务维护室-OA维护组-miyonglin#x",
        ),
    ),
    Case(
        "ZP#-核心维护室-话务维护组-helijia;-核心维护室-信令维护组#x",
        Code.SEVERAL_UNITS,
        24,
        ";",
        "一次只能转给一个室、一个组或同组的几个人，“;”只能用来隔开账号，请分开发。",
        ("ZP#-核心维护室-话务维护组-helijia#x", "ZP#-核心维护室-信令维护组#x"),
    ),
    Case(
        "ZP#;#x",
        Code.SEVERAL_UNITS,
        4,
        ";",
        "一次只能转给一个室、一个组或同组的几个人，“;”只能用来隔开账号，请分开发。",
    ),
    Case(
        "ZP#中国移动-网管维护中心-核心维护室-话务维护组-helijia#x",
        Code.TOO_MANY_SEGMENTS,
        28,
        "helijia",
        "最多四段：中心-专业室-组-账号，“helijia”多了；几个账号用;隔开。",
        "ZP#-核心维护室-话务维护组-helijia#x",
    ),
    Case(
        "ZP#-核心维护室-话务维护组-helijia-wangmin#x",
        Code.TOO_MANY_SEGMENTS,
        25,
        "wangmin",
        "最多四段：中心-专业室-组-账号，“wangmin”多了；几个账号用;隔开。",
        "ZP#-核心维护室-话务维护组-helijia;wangmin#x",
    ),
    Case(
        "ZP#-核心维护室-话务维护组-a-b-c#x",
        Code.TOO_MANY_SEGMENTS,
        19,
        "b-c",
        "最多四段：中心-专业室-组-账号，“b-c”多了；几个账号用;隔开。",
    ),
    Case(
        "ZP#-核心维护室-话务维护组-helijia-#x",
        Code.TOO_MANY_SEGMENTS,
        24,
        "-",
        "最多四段：中心-专业室-组-账号，“-”多了；几个账号用;隔开。",
        "ZP#-核心维护室-话务维护组-helijia#x",
    ),
    Case(
        "ZP#--核心维护室#x",
        Code.EMPTY_SEGMENT,
        5,
        "-",
        "“-”旁边缺了名称，请补上，或去掉多余的“-”。",
        "ZP#-核心维护室#x",
    ),
    Case(
        "ZP#-核心维护室——  #x",
        Code.EMPTY_SEGMENT,
        10,
        "——",
        "“——”旁边缺了名称，请补上，或去掉多余的“——”。",
        "ZP#-核心维护室#x",
    ),
    Case(
        "ZP#-#x",
        Code.EMPTY_SEGMENT,
        4,
        "-",
        "“-”旁边缺了名称，请补上，或去掉多余的“-”。",
    ),
    Case(
        "ZP#-核心维护室-话务维护组-helijia；#x",
        Code.EMPTY_SEGMENT,
        24,
        "；",
        "“；”旁边缺了名称，请补上，或去掉多余的“；”。",
        "ZP#-核心维护室-话务维护组-helijia#x",
    ),
    Case(
        "ZP#-核心维护室-话务维护组-;helijia#x",
        Code.EMPTY_SEGMENT,
        17,
        ";",
        "“;”旁边缺了名称，请补上，或去掉多余的“;”。",
        "ZP#-核心维护室-话务维护组-helijia#x",
    ),
    Case(
        "ZP#-核心维护室-话务维护组-helijia;;wangmin#x",
        Code.EMPTY_SEGMENT,
        25,
        ";",
        "“;”旁边缺了名称，请补上，或去掉多余的“;”。",
        "ZP#-核心维护室-话务维护组-helijia;wangmin#x",
    ),
    Case(
        "ZP#网管维护中心#x",
        Code.CENTER_WITHOUT_ROOM,
        4,
        "网管维护中心",
        "只写了中心，请再写专业室：网管维护中心-XX室。",
    ),
    Case(
        "ZP#核心维护室#x",
        Code.UNKNOWN_CENTER,
        4,
        "核心维护室",
        "没有中心“核心维护室”，请写全名；网管维护中心可不写，但要留-，如-XX室。",
        "ZP#-核心维护室#x",
    ),
    Case(
        "ZP#核心维护室-话务维护组-何丽佳#x",
        Code.UNKNOWN_CENTER,
        4,
        "核心维护室",
        "没有中心“核心维护室”，请写全名；网管维护中心可不写，但要留-，如-XX室。",
        "ZP#-核心维护室-话务维护组-helijia#x",
    ),
    Case(
        "ZP#网管维护中新-核心维护室#x",
        Code.UNKNOWN_CENTER,
        4,
        "网管维护中新",
        "没有中心“网管维护中新”，请写全名；网管维护中心可不写，但要留-，如-XX室。",
        "ZP#网管维护中心-核心维护室#x",
    ),
    Case(
        "ZP#中国移动-传输维护室#x",
        Code.UNKNOWN_CENTER,
        4,
        "中国移动",
        "没有中心“中国移动”，请写全名；网管维护中心可不写，但要留-，如-XX室。",
        ("ZP#-传输维护室#x", "ZP#信息技术中心-传输维护室#x"),
    ),
    Case(
        "ZP#中国联通#x",
        Code.UNKNOWN_CENTER,
        4,
        "中国联通",
        "没有中心“中国联通”，请写全名；网管维护中心可不写，但要留-，如-XX室。",
    ),
    Case(
        "ZP#helijia#x",
        Code.UNKNOWN_CENTER,
        4,
        "helijia",
        "没有中心“helijia”，请写全名；网管维护中心可不写，但要留-，如-XX室。",
        ("ZP#-核心维护室-话务维护组-helijia#x", "ZP#-传输维护室-光缆组-helijia#x"),
    ),
    Case(
        "ZP#48217#-核心维护室#x",
        Code.UNKNOWN_CENTER,
        4,
        "48217",
        "“48217”像工单号，应紧跟在ZP后面，如ZP48217#-XX室#意见。",
        "ZP48217#-核心维护室#x",
    ),
    Case(
        "JP#４８２１７#-核心维护#x",
        Code.UNKNOWN_CENTER,
        4,
        "４８２１７",
        "“４８２１７”像工单号，应紧跟在JP后面，如JP48217#-XX室#意见。",
        "JP48217#-核心维护室#x",
    ),
    Case(
        "ZP#48217-核心维护室#x",
        Code.UNKNOWN_CENTER,
        4,
        "48217",
        "“48217”像工单号，应紧跟在ZP后面，如ZP48217#-XX室#意见。",
        "ZP48217#-核心维护室#x",
    ),
    Case(
        "ZP#48217核心维护室#x",
        Code.UNKNOWN_CENTER,
        4,
        "48217",
        "“48217”像工单号，应紧跟在ZP后面，如ZP48217#-XX室#意见。",
        "ZP48217#-核心维护室#x",
    ),
    Case(
        "ZP48217#48217#核心维护室#x",
        Code.UNKNOWN_CENTER,
        9,
        "48217",
        "“48217”像工单号，应紧跟在ZP后面，如ZP48217#-XX室#意见。",
        "ZP48217#-核心维护室#x",
    ),
    Case(
        "ZP48218#48217#-核心维护室#x",
        Code.UNKNOWN_CENTER,
        9,
        "48217",
        "没有中心“48217”，请写全名；网管维护中心可不写，但要留-，如-XX室。",
    ),
    Case(
        "ZP#48217",
        Code.UNKNOWN_CENTER,
        4,
        "48217",
        "“48217”像工单号，应紧跟在ZP后面，如ZP48217#-XX室#意见。",
    ),
    Case(
        "ZP# 核心维护室 话务维护组#x",
        Code.UNKNOWN_CENTER,
        5,
        "核心维护室 话务维护组",
        "没有中心“核心维护室 话务维护组”，请写全名；网管维护中心可不写，但要留-，如-XX室。",
        "ZP#-核心维护室-话务维护组#x",
    ),
    Case(
        "ZP#-核心维护#已经恢复",
        Code.UNKNOWN_ROOM,
        5,
        "核心维护",
        "网管维护中心没有专业室“核心维护”，是不是“核心维护室”？请改正。",
        "ZP#-核心维护室#已经恢复",
    ),
    Case(
        "ZP#-和心维护室#x",
        Code.UNKNOWN_ROOM,
        5,
        "和心维护室",
        "网管维护中心没有专业室“和心维护室”，是不是“核心维护室”？请改正。",
        "ZP#-核心维护室#x",
    ),
    Case(
        "ZP48217#-业务维护室#x",
        Code.UNKNOWN_ROOM,
        10,
        "业务维护室",
        "网管维护中心没有专业室“业务维护室”，它在信息技术中心，请写对中心。",
        "ZP48217#信息技术中心-业务维护室#x",
    ),
    Case(
        "ZP#信息技术中心-核心维护室#x",
        Code.UNKNOWN_ROOM,
        11,
        "核心维护室",
        "信息技术中心没有专业室“核心维护室”，它在网管维护中心，请写对中心。",
        "ZP#网管维护中心-核心维护室#x",
    ),
    Case(
        "ZP#-话务维护组#x",
        Code.UNKNOWN_ROOM,
        5,
        "话务维护组",
        "“话务维护组”是组，前面还要写专业室，如核心维护室-话务维护组。",
        "ZP#-核心维护室-话务维护组#x",
    ),
    Case(
        "ZP#-网管维护中心-核心维护室#x",
        Code.UNKNOWN_ROOM,
        5,
        "网管维护中心",
        "网管维护中心没有专业室“网管维护中心”，请核对室名。",
        "ZP#-核心维护室#x",
    ),
    Case(
        "ZP#-核心维护室/话务维护组/helijia#x",
        Code.UNKNOWN_ROOM,
        5,
        "核心维护室/话务维护组/helijia",
        "网管维护中心没有专业室“核心维护室/话务维护组/helijia”，请核对室名。",
        "ZP#-核心维护室-话务维护组-helijia#x",
    ),
    Case(
        "ZP#-核心维护室，请处理",
        Code.UNKNOWN_ROOM,
        5,
        "核心维护室，请处理",
        "网管维护中心没有专业室“核心维护室，请处理”，请核对室名。",
        "ZP#-核心维护室#请处理",
    ),
    Case(
        "ZP#-核心维护",
        Code.UNKNOWN_ROOM,
        5,
        "核心维护",
        "网管维护中心没有专业室“核心维护”，是不是“核心维护室”？请改正。",
    ),
    Case(
        "ZP#-客服室#x",
        Code.UNKNOWN_ROOM,
        5,
        "客服室",
        "网管维护中心没有专业室“客服室”，请核对室名。",
    ),
    Case(
        "ZP#-核心维护室-光缆组#x",
        Code.UNKNOWN_GROUP,
        11,
        "光缆组",
        "核心维护室没有组“光缆组”，它在传输维护室，请写对专业室。",
        "ZP#-传输维护室-光缆组#x",
    ),
    Case(
        "ZP#-核心维护室-画物维护组-helijia#x",
        Code.UNKNOWN_GROUP,
        11,
        "画物维护组",
        "核心维护室没有组“画物维护组”，是不是“话务维护组”？请改正。",
        ("ZP#-核心维护室-话务维护组-helijia#x", "ZP#-传输维护室-光缆组-helijia#x"),
    ),
    Case(
        "ZP#-核心维护室-helijia#x",
        Code.UNKNOWN_GROUP,
        11,
        "helijia",
        "核心维护室没有组“helijia”，请核对组名，或只写到室。",
        "ZP#-核心维护室-话务维护组-helijia#x",
    ),
    Case(
        "ZP#-核心维护室-客服组#x",
        Code.UNKNOWN_GROUP,
        11,
        "客服组",
        "核心维护室没有组“客服组”，请核对组名，或只写到室。",
    ),
    Case(
        "ZP#-核心维护室-话务维护组-何丽佳#x",
        Code.NAME_NOT_ACCOUNT,
        17,
        "何丽佳",
        "“何丽佳”是姓名，姓名会重复，请写账号：helijia。",
        "ZP#-核心维护室-话务维护组-helijia#x",
    ),
    Case(
        "ZP#-核心维护室-话务维护组-王敏;helijia#x",
        Code.NAME_NOT_ACCOUNT,
        17,
        "王敏",
        "“王敏”是姓名，姓名会重复，请写账号：wangmin、wangmin2。",
        ("ZP#-核心维护室-话务维护组-wangmin;helijia#x", "ZP#-核心维护室-话务维护组-wangmin2;helijia#x"),
    ),
    Case(
        "ZP#-核心维护室-话务维护组-zzz;王敏#x",
        Code.UNKNOWN_ACCOUNT,
        17,
        "zzz",
        "话务维护组没有账号“zzz”，请核对，或只写到组。",
    ),
    Case(
        "ZP#-核心维护室-话务维护组-heliji#x",
        Code.UNKNOWN_ACCOUNT,
        17,
        "heliji",
        "话务维护组没有账号“heliji”，是不是“helijia”？请改正。",
        "ZP#-核心维护室-话务维护组-helijia#x",
    ),
    Case(
        "ZP#-核心维护室-话务维护组-zzz#x",
        Code.UNKNOWN_ACCOUNT,
        17,
        "zzz",
        "话务维护组没有账号“zzz”，请核对，或只写到组。",
    ),
    Case(
        "ZP#-核心维护室-话务维护组-helijia;liqiang#x",
        Code.UNKNOWN_ACCOUNT,
        25,
        "liqiang",
        "李强（liqiang）目前不在岗，不能接单，请转给别人，或只写到话务维护组。",
        "ZP#-核心维护室-话务维护组#x",
    ),
    Case(
        "ZP#-核心维护室-话务维护组-李强#x",
        Code.UNKNOWN_ACCOUNT,
        17,
        "李强",
        "话务维护组没有账号“李强”，请核对，或只写到组。",
    ),
    Case(
        "ZP#-核心维护室-话务维护组-helijia、wangmin#x",
        Code.UNKNOWN_ACCOUNT,
        17,
        "helijia、wangmin",
        "话务维护组没有账号“helijia、wangmin”，请核对，或只写到组。",
        "ZP#-核心维护室-话务维护组-helijia;wangmin#x",
    ),
    Case(
        "ZP#-核心维护室-话务维护组-helijia wangmin，王敏#x",
        Code.UNKNOWN_ACCOUNT,
        17,
        "helijia wangmin，王敏",
        "话务维护组没有账号“helijia wangmin，王敏”，请核对，或只写到组。",
        ("ZP#-核心维护室-话务维护组-helijia;wangmin#x", "ZP#-核心维护室-话务维护组-helijia;wangmin;wangmin2#x"),
    ),
    Case(
        "ZP#-核心维护室-话务维护组-helijia/wangmin#x",
        Code.UNKNOWN_ACCOUNT,
        17,
        "helijia/wangmin",
        "话务维护组没有账号“helijia/wangmin”，请核对，或只写到组。",
        "ZP#-核心维护室-话务维护组-helijia;wangmin#x",
    ),
    Case(
        "ZP#-核心维护室-话务维护组-miyonglin#x",
        Code.ACCOUNT_ELSEWHERE,
        17,
        "miyonglin",
        "账号“miyonglin”不在话务维护组，在信息技术中心-业务维护室-OA维护组，请改写。",
        "ZP#信息技术中心-业务维护室-OA维护组-miyonglin#x",
    ),
    Case(
        "ZP#-核心维护室-话务维护组-sunhao;helijia#x",
        Code.ACCOUNT_ELSEWHERE,
        17,
        "sunhao",
        "账号“sunhao”不在话务维护组，在核心维护室-信令维护组、信息技术中心-业务维护室-OA维护组，请改写。",
    ),
    Case(
        "ZP#-核心维护室-话务维护组-sunhao#x",
        Code.ACCOUNT_ELSEWHERE,
        17,
        "sunhao",
        "账号“sunhao”不在话务维护组，在核心维护室-信令维护组、信息技术中心-业务维护室-OA维护组，请改写。",
        ("ZP#-核心维护室-信令维护组-sunhao#x", "ZP#信息技术中心-业务维护室-OA维护组-sunhao#x"),
    ),
    Case(
        "ZP#-核心维护室",
        Code.MISSING_OPINION,
        10,
        "",
        "没有写意见：目标后面加#，再写意见，如…#已恢复，请核查。",
    ),
    Case(
        "JP48217#-核心维护室-话务维护组-helijia# \u3000",
        Code.MISSING_OPINION,
        32,
        "",
        "没有写意见：目标后面加#，再写意见，如…#已恢复，请核查。",
    ),
    Case(
        "CGHD",
        Code.MISSING_OPINION,
        5,
        "",
        "没有写内容。写法：CGHD工单号#处理结果",
    ),
    Case(
        "JDFK48217#",
        Code.MISSING_OPINION,
        11,
        "",
        "没有写内容。写法：JDFK工单号#进度",
    ),
    Case(
        "CGHD#48217#已恢复",
        Code.MISPLACED_CODE,
        6,
        "48217",
        "“48217”像工单号，应紧跟在CGHD后面：CGHD工单号#处理结果",
        "CGHD48217#已恢复",
    ),
    Case(
        "CGHD#４８２１７ ＃已恢复",
        Code.MISPLACED_CODE,
        6,
        "４８２１７",
        "“４８２１７”像工单号，应紧跟在CGHD后面：CGHD工单号#处理结果",
        "CGHD48217#已恢复",
    ),
    Case(
        "CGHD#48217",
        Code.MISPLACED_CODE,
        6,
        "48217",
        "“48217”像工单号，应紧跟在CGHD后面：CGHD工单号#处理结果",
    ),
    Case(
        "LD#48217",
        Code.MISPLACED_CODE,
        4,
        "48217",
        "“48217”像工单号，应紧跟在LD后面：LD工单号#备注",
        "LD48217",
    ),
    Case(
        "LD#202611230007#半小时到",
        Code.MISPLACED_CODE,
        4,
        "202611230007",
        "“202611230007”像工单号，应紧跟在LD后面：LD工单号#备注",
        "LD202611230007#半小时到",
    ),
    Case(
        "CX#48217",
        Code.MISPLACED_CODE,
        4,
        "48217",
        "“48217”像工单号，应紧跟在CX后面：CX工单号，或CX#页码",
        "CX48217",
    ),
    Case(
        "CX#48217#2",
        Code.MISPLACED_CODE,
        4,
        "48217",
        "“48217”像工单号，应紧跟在CX后面：CX工单号，或CX#页码",
        "CX48217#2",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.text)
def test_diagnosis(case: Case) -> None:
    """The table, in its order."""
    answer = parse(case.text, OFFICE)
    assert isinstance(answer, Diagnosis)
    offered: str | tuple[str, ...] = answer.alternatives if answer.suggestion is None else answer.suggestion
    assert Case(case.text, answer.code, answer.column, answer.found, answer.message, offered) == case
    assert answer.verb == Verb(case.text[:2] if case.text[:2] in ("ZP", "JP", "LD", "CX") else case.text[:4])
    assert not answer.talk


def test_every_code_of_the_table_is_met() -> None:
    """The two that have tests of their own aside."""
    assert {case.code for case in CASES} == set(Code) - {Code.TOO_LONG, Code.NOT_COMMAND}


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
