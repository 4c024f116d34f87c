"""Targets as typed: the same grammar for SMS, web, API and CLI."""

from __future__ import annotations

from dataclasses import replace

from grammar import Diagnosis, TargetName, Transfer, Verb, parse
from routing.chart import Chart
from routing.model import Kind, Target, UnitPath
from smsgate.domain.refusals import Refusal, Why

_KINDS = {"room": Kind.ROOM, "group": Kind.GROUP, "people": Kind.PEOPLE}
_BEFORE, _AFTER = f"{Verb.ZP}#", "#-"


def as_target(named: TargetName) -> Target:
    """The parser's target as the domain's."""
    return Target(_KINDS[named.kind], UnitPath(named.center, named.room, named.group), named.accounts)


def read_target(typed: str | None, chart: Chart) -> Target | Diagnosis | Refusal:
    """A target as typed in a command, `-核心维护室-话务维护组`. Column and suggestion speak of the target alone."""
    if not typed or any(mark in typed for mark in "#＃﹟"):
        return Refusal(Why.UNKNOWN_TARGET, typed=typed or "")
    command = parse(f"{_BEFORE}{typed}{_AFTER}", chart)
    if isinstance(command, Transfer):
        return as_target(command.target)
    if not isinstance(command, Diagnosis):
        raise TypeError(f"{Verb.ZP} was read as {command.verb}")
    return replace(
        command,
        column=max(1, min(command.column - len(_BEFORE), len(typed) + 1)),
        suggestion=_bare(command.suggestion),
        alternatives=tuple(bare for other in command.alternatives if (bare := _bare(other))),
    )


def _bare(suggestion: str | None) -> str | None:
    if suggestion is None or not suggestion.startswith(_BEFORE):
        # a code that stood in the target's place: no target alone says that
        return None
    return suggestion.removeprefix(_BEFORE).removesuffix(_AFTER)
