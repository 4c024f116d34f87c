"""Commands as text: canonical, so that what is printed parses back to the same command."""

from __future__ import annotations

from collections.abc import Sequence

from grammar.ast import Assist, Command, Help, Query, TargetName, Transfer
from grammar.verbs import Verb

_PARTS = 3
"""Of an addressed command: opening, target, free text."""

ADDRESSED = frozenset({Verb.ZP, Verb.JP})
"""The verbs that need a target, so a second hash before the free text."""


def render(command: Command, *, omit_center: str | None = None) -> str:
    """The command's canonical text.

    The centre is written out, so that the text means the same whatever the chart's default centre is;
    `omit_center` names the one that is left out, as engineers do (its dash stays).
    """
    opening = command.verb.value
    if isinstance(command, Help):
        return f"{opening}#{command.topic.value}" if command.topic is not None else opening
    opening += command.ticket or ""
    if isinstance(command, Transfer | Assist):
        return f"{opening}#{render_target(command.target, omit_center)}#{command.text}"
    if isinstance(command, Query):
        return f"{opening}#{command.page}" if command.page != 1 else opening
    return f"{opening}#{command.text}" if command.text else opening


def render_target(target: TargetName, omit_center: str | None = None) -> str:
    """The target as it stands between the hashes."""
    names = ["" if target.center == omit_center else target.center, target.room]
    if target.group is not None:
        names.append(target.group)
    if target.accounts:
        names.append(";".join(target.accounts))
    return "-".join(names)


def abridge(command: str) -> str:
    """A canonical command as an SMS shows it: the free text as `…`, all before it whole."""
    if command.startswith((Verb.CX.value, Verb.BZ.value)):
        return command
    hashes = 2 if command[:2] in ADDRESSED else 1
    parts = command.split("#", hashes)
    if len(parts) <= hashes or not parts[-1]:
        return command
    return "#".join([*parts[:-1], "…"])


def told_apart(commands: Sequence[str]) -> tuple[str, ...]:
    """What differs between commands: their targets, or the ends of these, where all else is the same."""
    parts = [command.split("#", _PARTS - 1) for command in commands]
    if any(len(part) != _PARTS or (part[0], part[2]) != (parts[0][0], parts[0][2]) for part in parts):
        return tuple(commands)
    targets = [part[1] for part in parts]
    ends = [target.rsplit("-", 1) for target in targets]
    return tuple(end[-1] for end in ends) if len({end[0] for end in ends}) == 1 else tuple(targets)
