"""BZ: how commands are written, with the names of the sender's own unit. It changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from grammar import VERBS, Help, TargetName, Verb
from grammar.printer import render_target
from routing.chart import Chart
from routing.model import DISPATCH_DESK, Actor, UnitPath
from smsgate.service.scene import Scene
from smsgate.service.segments import units_of


def help_text(scene: Scene, actor: Actor, question: Help) -> str:
    """The answer to BZ: all commands, or the form of one; where a target is wanted, with the actor's own unit in it."""
    words = scene.words
    chinese = words.rules.language == "zh"
    if question.topic is None:
        others = [entry for entry in VERBS.values() if entry.verb is not question.verb]
        listed = " ".join(f"{entry.verb}{entry.synonym}" if chinese else entry.verb for entry in others)
        return words.say("bz.all", list=listed)
    entry = VERBS[question.topic]
    if entry.verb in (Verb.ZP, Verb.JP):
        forms = [words.say("bz.target", verb=entry.verb, target=own) for own in _own_targets(scene.chart, actor)]
        if forms:
            return next((form for form in forms if units_of(form, "ucs2") <= words.room()), forms[0])
    return f"{words.say(f'usage.{entry.verb}')} {entry.help_zh if chinese else entry.help_en}"


def _own_targets(chart: Chart, actor: Actor) -> Iterator[str]:
    """Targets as the actor may well want them, the fullest first: a colleague of their group, the group, the room."""
    path = _own_unit(chart, actor)
    if path is None or path.room is None:
        return
    unit = chart.unit(path)
    members = unit.members if unit is not None else ()
    others = (account for account in members if account != actor.account and chart.is_active(account))
    for group, accounts in ((path.group, tuple(islice(others, 1))), (path.group, ()), (None, ())):
        yield render_target(TargetName(path.center, path.room, group, accounts), chart.default_center)


def _own_unit(chart: Chart, actor: Actor) -> UnitPath | None:
    if actor.account is None:
        return actor.unit if actor.unit != DISPATCH_DESK else None
    return next((path for path in (*chart.units_of(actor.account), *chart.leads(actor.account)) if path.room), None)
