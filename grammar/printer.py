"""Commands as text: canonical, so that what is printed parses back to the same command."""

from __future__ import annotations

from grammar.ast import Assist, Command, Help, Query, TargetName, Transfer
from grammar.verbs import Verb

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
