"""The sentences of the diagnoses, each in Chinese for the sender and in English for the log, and how they are fitted.

A sentence says what to do. What it quotes is cut with `…` until the sentence fits one segment: the sender knows what
they typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

SEGMENT = 70
"""UCS-2 units in a single SMS."""
PART = 67
"""UCS-2 units in each part of a longer one."""
OFFER_WORDS = 14
"""Units kept free for what the service says between sentence and offer (`回复Y改为`)."""
_SHORTEST = 30
"""A sentence is never pressed below this by a long offer; no template of ours says anything in less."""
_SHORTEST_BESIDE = 20
"""The same beside a list, which says once more what the sentence names."""
_NEVER_CUT = frozenset({"usage", "verb", "code", "most"})
"""What tells the sender how to write it."""
_LOGGED = 80
"""Characters of a quotation in the log's sentence."""


class Sentence(NamedTuple):
    """One sentence in both languages; `{…}` are what it quotes."""

    zh: str
    en: str


TOO_LONG = Sentence("短信超过{most}字，请缩短后重发。", "More than {most} characters.")

NO_VERB = Sentence(
    "看不懂“{found}”。转派请写ZP#-XX室-XX组-账号#意见，全部写法请发BZ。",
    "No verb in “{found}”.",
)
NO_VERB_BESIDE_CODE = Sentence(
    "命令写在工单号前面，如JDFK{code}#进度、CGHD{code}#结果，写法请发BZ。",
    "No verb before “{code}”.",
)
STRAY = Sentence("{verb}后面只能是工单号或#，不能是“{found}”。写法：{usage}", "“{found}” where a code or # belongs.")
SECOND_COMMAND = Sentence(
    "没有执行：一条短信只能写一个命令、一个工单号，请分开发。",
    "Nothing was done: one SMS is one command and one code, send them one by one.",
)
BAD_PAGE = Sentence("CX#后面只能是页码，不能是“{found}”。查一张工单请写CX工单号。", "“{found}” is no page number.")
HELP_HAS_NO_CODE = Sentence("BZ后面不能是“{found}”。只发BZ看全部命令，或如BZ#ZP。", "BZ takes no code: “{found}”.")

MISSING_TARGET = Sentence("没有写转给谁。写法：{usage}", "No target.")
SEVERAL_UNITS = Sentence(
    "一次只能转给一个室、一个组或同组的几个人，“{found}”只能用来隔开账号，请分开发。",
    "“{found}” outside the accounts: only people may be several.",
)
TOO_MANY_SEGMENTS = Sentence(
    "最多四段：中心-专业室-组-账号，“{found}”多了；几个账号用;隔开。",
    "More than four segments: “{found}”.",
)
EMPTY_SEGMENT = Sentence("“{found}”旁边缺了名称，请补上，或去掉多余的“{found}”。", "Nothing beside “{found}”.")

CENTER_WITHOUT_ROOM = Sentence("只写了中心，请再写专业室：{found}-XX室。", "A centre without a room: “{found}”.")
UNKNOWN_CENTER = Sentence("没有中心“{found}”，请写全名；{default}可不写，但要留-，如-XX室。", "No centre “{found}”.")
CODE_AS_CENTER = Sentence(
    "“{found}”像工单号，应紧跟在{verb}后面，如{verb}{code}#-XX室#意见。",
    "“{found}” looks like a code in the target's place.",
)

UNKNOWN_ROOM = Sentence("{center}没有专业室“{found}”，请核对室名。", "No room “{found}” in {center}.")
ROOM_NEAR = Sentence(
    "{center}没有专业室“{found}”，是不是“{near}”？请改正。",
    "No room “{found}” in {center}; near: {near}.",
)
ROOM_ELSEWHERE = Sentence(
    "{center}没有专业室“{found}”，它在{where}，请写对中心。",
    "No room “{found}” in {center}, but in {where}.",
)
ROOM_IS_GROUP = Sentence(
    "“{found}”是组，前面还要写专业室，如{where}-{found}。",
    "“{found}” in the room's place is a group of {where}.",
)
UNKNOWN_GROUP = Sentence("{room}没有组“{found}”，请核对组名，或只写到室。", "No group “{found}” in {center}-{room}.")
GROUP_NEAR = Sentence(
    "{room}没有组“{found}”，是不是“{near}”？请改正。",
    "No group “{found}” in {center}-{room}; near: {near}.",
)
GROUP_ELSEWHERE = Sentence(
    "{room}没有组“{found}”，它在{where}，请写对专业室。",
    "No group “{found}” in {center}-{room}, but in {where}.",
)

NAME_NOT_ACCOUNT = Sentence(
    "“{found}”是姓名，姓名会重复，请写账号：{accounts}。",
    "“{found}” is a name; account: {accounts}.",
)
SEVERAL_ACCOUNTS = Sentence(
    "“{found}”是几个人，账号之间请用;隔开。",
    "“{found}” is no account of {group}, but several together.",
)
UNKNOWN_ACCOUNT = Sentence("{group}没有账号“{found}”，请核对，或只写到组。", "No account “{found}” in {group}.")
ACCOUNT_NEAR = Sentence(
    "{group}没有账号“{found}”，是不是“{near}”？请改正。",
    "No account “{found}” in {group}; near: {near}.",
)
INACTIVE_ACCOUNT = Sentence(
    "{name}（{found}）目前不在岗，不能接单，请转给别人，或只写到{group}。",
    "“{found}” ({name}) is inactive; the group {group} is offered.",
)
ACCOUNT_ELSEWHERE = Sentence(
    "账号“{found}”不在{group}，在{where}，请改写。",
    "Account “{found}” is not in {group}, but in {where}.",
)

MISSING_OPINION = Sentence("没有写意见：目标后面加#，再写意见，如…#已恢复，请核查。", "No opinion after the target.")
MISSING_TEXT = Sentence("没有写内容。写法：{usage}", "No text.")
MISPLACED_CODE = Sentence(
    "“{found}”像工单号，应紧跟在{verb}后面：{usage}",
    "“{found}” looks like a code after the hash.",
)


def units(text: str) -> int:
    """Length in UCS-2 units, as an SMS counts: two for a character beyond the basic plane."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def budget(reserve: int, shown_offer: str | None) -> int:
    """Units for a sentence: one segment, less if the offer beside it needs more of two parts."""
    alone = SEGMENT - reserve
    if shown_offer is None:
        return alone
    return min(alone, max(_SHORTEST, 2 * PART - reserve - OFFER_WORDS - units(shown_offer)))


def budget_beside(reserve: int, choices: Sequence[str]) -> int:
    """Units for a sentence so that the whole list beside it fits two parts; a segment where it can't."""
    listed = sum(units(f"{number}){choice} ") for number, choice in enumerate(choices, 1))
    left = 2 * PART - reserve - OFFER_WORDS - listed
    return min(SEGMENT - reserve, left) if left >= _SHORTEST_BESIDE else SEGMENT - reserve


def say(sentence: str, quoted: dict[str, str], limit: int) -> str:
    """The sentence with what it quotes, whose longest part is cut with `…` until it has at most `limit` units."""
    parts = {key: visible(text)[:limit] for key, text in quoted.items()}
    said = sentence.format_map(parts)
    while units(said) > limit:
        longest = max(parts.keys() - _NEVER_CUT, key=lambda key: (units(parts[key]), key), default="")
        if len(parts.get(longest, "")) <= 2:
            return said[: limit - 1] + "…"
        parts[longest] = parts[longest].removesuffix("…")[:-1] + "…"
        said = sentence.format_map(parts)
    return said


def say_in_log(sentence: str, quoted: dict[str, str]) -> str:
    """The English sentence; long quotations are cut there as well."""
    shown = {key: visible(text) for key, text in quoted.items()}
    return sentence.format_map({key: _clip(text, _LOGGED) for key, text in shown.items()})


def visible(text: str) -> str:
    """Without what can't be shown: controls, formats, lone surrogates."""
    return text if text.isprintable() else "".join(char for char in text if char.isprintable())


def _clip(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
