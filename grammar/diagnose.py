"""What is wrong with a message, and what its sender may do about it."""

from __future__ import annotations

from collections.abc import Callable

from grammar import checks, name_checks, sentences
from grammar.checks import Finding
from grammar.cut import Cut
from grammar.diagnostics import Code, Diagnosis
from grammar.directory import Directory
from grammar.offers import Again, Offers, offers
from grammar.printer import ADDRESSED, abridge, told_apart
from grammar.verbs import VERBS

_Check = Callable[[Cut, Directory], Finding | None]

_FIRST: tuple[_Check, ...] = (checks.not_command,)
_OF_TARGETS: tuple[_Check, ...] = (
    checks.missing_target,
    checks.several_units,
    checks.too_many_segments,
    checks.empty_segment,
    name_checks.center_without_room,
    name_checks.unknown_center,
    name_checks.unknown_room,
    name_checks.unknown_group,
    name_checks.wrong_account,  # name_not_account, unknown_account, account_elsewhere
)
_LAST: tuple[_Check, ...] = (checks.missing_opinion, checks.code_after_hash)
# Together the table «Diagnoses» of the spec, in its order; `too_long` is answered before anything is cut.


def diagnose_length(text: str, reserve: int) -> Diagnosis:
    """The diagnosis of a message that is too long to be looked at; what it found is where it goes on too long."""
    found = text[checks.MOST_CHARACTERS :][:20]
    finding = Finding(
        Code.TOO_LONG,
        checks.MOST_CHARACTERS + 1,
        found,
        sentences.TOO_LONG,
        {"most": str(checks.MOST_CHARACTERS)},
    )
    return _diagnosis(finding, None, Offers(), reserve)


def diagnose(cut: Cut, directory: Directory, again: Again, reserve: int) -> Diagnosis:
    """The first check of the table that holds, with what is offered. `again` parses an offer."""
    finding = _first_finding(cut, directory)
    offered = Offers() if finding.talk else offers(cut, directory, again)
    return _diagnosis(finding, cut, offered, reserve)


def _first_finding(cut: Cut, directory: Directory) -> Finding:
    for check in (*_FIRST, *(_OF_TARGETS if cut.verb in ADDRESSED else ()), *_LAST):
        finding = check(cut, directory)
        if finding is not None:
            return finding
    # What the grammar refuses, a check explains (a property test holds them together).
    return checks.missing(cut, Code.NOT_COMMAND, sentences.NO_VERB)


def _diagnosis(finding: Finding, cut: Cut | None, offered: Offers, reserve: int) -> Diagnosis:
    verb = None if cut is None else cut.verb
    quoted = {"found": finding.found, **finding.quoted}
    if verb is not None:
        quoted |= {"verb": verb.value, "usage": VERBS[verb].usage}
    return Diagnosis(
        code=finding.code,
        column=finding.column,
        found=finding.found,
        message=_sentence(finding, quoted, offered, reserve),
        message_en=sentences.say_in_log(finding.sentence.en, quoted),
        verb=None if finding.code is Code.NOT_COMMAND else verb,
        suggestion=offered.suggestion,
        alternatives=offered.alternatives,
        more=offered.more,
        talk=finding.talk,
    )


def _sentence(finding: Finding, quoted: dict[str, str], offered: Offers, reserve: int) -> str:
    """The sentence, in what room an offer leaves to it. For a list it gives way in what it quotes, not in itself."""
    template = finding.sentence.zh
    if offered.alternatives:
        choices = told_apart([abridge(text) for text in offered.alternatives])
        said = sentences.say(template, quoted, sentences.budget_beside(reserve, choices))
        return said if not said.endswith("…") else sentences.say(template, quoted, sentences.budget(reserve, None))
    shown = None if offered.suggestion is None else abridge(offered.suggestion)
    return sentences.say(template, quoted, sentences.budget(reserve, shown))
