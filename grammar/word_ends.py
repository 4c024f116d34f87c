"""Where a verb ends without code or hash behind it: `LDAP` is no LD, `回单了` is talk, `回单已恢复` was meant.

A command that was meant and is not answered is worse than talk that is: its sender believes that it was carried out. So
the verbs with which hardly any talk begins end in front of every character, unless what follows tells of something done
(`转派给老王了`) or suggests it (`退单吧`).
"""

from __future__ import annotations

import re

from grammar.verbs import Verb

_PROGRESS = re.compile("已|正在|现场|到达")
"""How a report begins: behind a Chinese verb, that can be nothing but a command's text."""
_ANYTHING = re.compile("")
_MEANT = {
    **dict.fromkeys((Verb.ZP, Verb.JP, Verb.LD, Verb.CGHD, Verb.SBHD, Verb.CB), _ANYTHING),
    Verb.JDFK: _PROGRESS,
    Verb.CX: re.compile(r"(?:我的|所有|全部|未结)?(?:工单|单子)\W*\Z"),
}
"""What makes a command of a Chinese verb that runs into the next word."""
_TELLS = re.compile("[了过吧吗呢啊呀哦嘛么的]")
_TOLD = re.compile(r"[了吧吗呢啊呀哦嘛么哈]\W*\Z")
_DIGITS = re.compile("[0-9]{5}")
_NAMES_CODE = re.compile("(?:工单|单子|单)?(?:编?号码?)?[0-9]{5}")
_LETTER = re.compile(r"[^\W\d_]")
_NUMBER_SIGN = re.compile(r"NO[.:]*[0-9]", re.IGNORECASE)


def ends_word(word: str, verb: Verb, rest: str) -> bool:
    """Whether a verb can end in front of what follows it close by."""
    if word.isascii():
        return not ("A" <= rest[0].upper() <= "Z") or is_number_sign(rest)
    return _LETTER.match(rest) is None or _is_meant(verb, rest)


def is_report(rest: str) -> bool:
    """Whether what runs into a Chinese verb can only be its text."""
    return _PROGRESS.match(rest) is not None


def is_number_sign(rest: str) -> bool:
    """Whether it is No. and a number."""
    return _NUMBER_SIGN.match(rest) is not None


def is_letter(char: str) -> bool:
    """Whether a character is a letter of any script."""
    return _LETTER.match(char) is not None


def _is_meant(verb: Verb, rest: str) -> bool:
    wanted = _MEANT.get(verb)
    if wanted is None or _TELLS.match(rest) is not None:
        return False
    if wanted.match(rest) is None and _NAMES_CODE.match(rest) is None:
        return False
    return is_report(rest) or _DIGITS.search(rest) is not None or _TOLD.search(rest) is None
