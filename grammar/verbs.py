"""The table of verbs: the one home of synonyms, usage lines, examples and help sentences.

The parser, the help SMS, the README and the tests read it. Source: the carrier's «短信工单转派流程说明» for ZP, and the
abbreviations that carriers' work-order systems use for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verb(StrEnum):
    """The nine verbs, by their abbreviation."""

    ZP = "ZP"
    JP = "JP"
    LD = "LD"
    JDFK = "JDFK"
    CGHD = "CGHD"
    SBHD = "SBHD"
    CB = "CB"
    CX = "CX"
    BZ = "BZ"


@dataclass(frozen=True, slots=True)
class VerbEntry:
    """One line of the table."""

    verb: Verb
    synonym: str
    """The Chinese word that stands for it, whole and exact."""
    usage: str
    """How it is typed, in Chinese."""
    example: str
    """A whole command that parses with the sample chart."""
    help_zh: str
    """What it does and what to mind, for `BZ#verb`."""
    help_en: str


_TABLE = (
    VerbEntry(
        Verb.ZP,
        synonym="转派",
        usage="ZP工单号#中心-专业室-组-账号;账号#意见",
        example="ZP48217#-核心维护室-话务维护组-helijia#已经恢复,请核查。",
        help_zh="转给一个室、组或几个人（写账号）。网管维护中心可不写，-要留。",
        help_en="Transfers to one room, one group, or people by account. 网管维护中心 may be left out, its dash not.",
    ),
    VerbEntry(
        Verb.JP,
        synonym="加派",
        usage="JP工单号#中心-专业室-组-账号;账号#意见",
        example="JP48217#-核心维护室-话务维护组#请协助核查。",
        help_zh="请别的室、组或人协助，工单仍归原来的人。写法同ZP。",
        help_en="Adds helpers; the ticket stays with its holder. Written like ZP.",
    ),
    VerbEntry(
        Verb.LD,
        synonym="领单",
        usage="LD工单号#备注",
        example="LD48217",
        help_zh="受理工单，由您处理。备注可不写。",
        help_en="Accepts the ticket. The note may be left out.",
    ),
    VerbEntry(
        Verb.JDFK,
        synonym="反馈",
        usage="JDFK工单号#进度",
        example="JDFK48217#已到现场,正在抢修。",
        help_zh="报告处理进度，工单仍归您。",
        help_en="Reports progress; the ticket stays with you.",
    ),
    VerbEntry(
        Verb.CGHD,
        synonym="回单",
        usage="CGHD工单号#处理结果",
        example="CGHD48217#更换单板,业务已恢复。",
        help_zh="故障已排除，回单待归档。",
        help_en="Resolved: the ticket waits to be closed.",
    ),
    VerbEntry(
        Verb.SBHD,
        synonym="退单",
        usage="SBHD工单号#原因",
        example="SBHD48217#不属本组设备。",
        help_zh="处理不了，把工单退回给上一个处理人；协助人发此命令即退出协助。",
        help_en="Hands the ticket back unsolved to who held it before; a helper thereby leaves.",
    ),
    VerbEntry(
        Verb.CB,
        synonym="催办",
        usage="CB工单号#内容",
        example="CB48217#用户在等,请尽快处理。",
        help_zh="催促正在处理的人。",
        help_en="Urges the holder.",
    ),
    VerbEntry(
        Verb.CX,
        synonym="查询",
        usage="CX工单号，或CX#页码",
        example="CX48217",
        help_zh="查工单现状；不写工单号则列出您的未结工单，CX#2看第二页。",
        help_en="Shows a ticket; without a code your open tickets, CX#2 their second page.",
    ),
    VerbEntry(
        Verb.BZ,
        synonym="帮助",
        usage="BZ，或BZ#命令",
        example="BZ#ZP",
        help_zh="列出全部命令；BZ#ZP看一个命令的写法。发“?”也行。",
        help_en="Lists the commands; BZ#ZP explains one. A question mark does as well.",
    ),
)

VERBS: dict[Verb, VerbEntry] = {entry.verb: entry for entry in _TABLE}
"""Every verb's entry, in the order in which help lists them."""

WORDS: dict[str, Verb] = {word: entry.verb for entry in _TABLE for word in (entry.verb.value, entry.synonym)}
"""What may be typed for a verb, in capitals: the abbreviation and the synonym."""
