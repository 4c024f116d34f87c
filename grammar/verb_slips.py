"""Which verbs a word may have meant that is none.

A verb moves tickets, so little is taken for a slip: one letter of a long verb, two letters swapped, the beginning of a
long verb. Of a short verb a wrong letter is half of it: only where a target follows, which proves ZP or JP.
"""

from __future__ import annotations

from collections.abc import Sequence

from grammar.printer import ADDRESSED
from grammar.verbs import Verb

_SHORT = 2
"""Letters of a short verb; the others have four."""
_LONGEST = 5
"""Letters of a word that may be one."""


def verbs_near(word: str, *, with_code: bool) -> Sequence[Verb]:
    """The verbs that a word of capitals may have meant; `with_code`: a run of digits follows it."""
    if not _SHORT <= len(word) <= _LONGEST:
        return ()
    return [verb for verb in Verb if _may_mean(word, verb, with_code=with_code)]


def _may_mean(word: str, verb: Verb, *, with_code: bool) -> bool:
    if len(verb) == len(word) == _SHORT:
        return word == verb[::-1] or (verb in ADDRESSED and is_one_slip(word, verb))
    if len(word) == _SHORT:
        return verb.startswith(word)
    return is_one_slip(word, verb) and (len(verb) > _SHORT or with_code)


def is_one_slip(word: str, other: str) -> bool:
    """Whether one letter is wrong, missing or too much, or two neighbours are swapped."""
    if len(word) != len(other):
        longer, shorter = (word, other) if len(word) > len(other) else (other, word)
        return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))
    wrong = [at for at in range(len(word)) if word[at] != other[at]]
    if len(wrong) == 1:
        return True
    first, last = (wrong[0], wrong[-1]) if wrong else (0, 0)
    return len(wrong) == 2 and last == first + 1 and word[first : last + 1] == other[first : last + 1][::-1]
