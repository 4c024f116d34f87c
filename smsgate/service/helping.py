"""BZ: how commands are written, with the names of the sender's own unit. It changes nothing."""

from __future__ import annotations

from itertools import islice

from grammar import VERBS, Help, TargetName, Verb
from grammar.printer import render_target
from routing.chart import Chart
from routing.model import DISPATCH_DESK, Actor, UnitPath
from smsgate.service.scene import Scene


def help_text(scene: Scene, actor: Actor, question: Help) -> str:
    """The answer to BZ: all commands, or the form of one; where a target is wanted, with the actor's own unit in it."""
    words = scene.words
    chinese = words.rules.language == "zh"
    if question.topic is None:
        others = [entry for entry in VERBS.values() if entry.verb is not question.verb]
        listed = " ".join(f"{entry.verb}{entry.synonym}" if chinese else entry.verb for entry in others)
        return words.say("bz.all", list=listed)
    entry = VERBS[question.topic]
    own = _own_target(scene.chart, actor) if entry.verb in (Verb.ZP, Verb.JP) else None
    if own is not None:
        return words.say("bz.target", verb=entry.verb, target=own)
    return f"{entry.usage} {entry.help_zh if chinese else entry.help_en}"


def _own_target(chart: Chart, actor: Actor) -> str | None:
    """A target as the actor may well want it: a colleague of their own group, or the unit itself; None without one."""
    path = _own_unit(chart, actor)
    if path is None or path.room is None:
        return None
    unit = chart.unit(path)
    members = unit.members if unit is not None else ()
    others = (account for account in members if account != actor.account and chart.is_active(account))
    named = TargetName(path.center, path.room, path.group, tuple(islice(others, 1)))
    return render_target(named, chart.default_center)


def _own_unit(chart: Chart, actor: Actor) -> UnitPath | None:
    if actor.account is None:
        return actor.unit if actor.unit != DISPATCH_DESK else None
    return next((path for path in (*chart.units_of(actor.account), *chart.leads(actor.account)) if path.room), None)
