"""The `duty` of a group or of the dispatchers, as typed: dates and times are checked, accounts are looked up later."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time

from yaml import Node

from routing import nearest
from routing.faults import At, KeyPath
from routing.loading.nodes import Nodes, Typed
from routing.loading.yaml_reader import place
from routing.model import Rotation
from routing.schema import ROSTER_KEYS

_YEARS = range(2000, 2200)
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::00)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class TypedRoster:
    """A roster whose people are accounts as typed."""

    rotation: Rotation
    start: date | None
    handover: time
    people: tuple[Typed, ...]


def read_roster(nodes: Nodes, node: Node, path: KeyPath) -> TypedRoster | None:
    """The roster, or None where it can't be told how it turns."""
    at = place(node)
    fields = nodes.fields(node, path, ROSTER_KEYS)
    if not fields:
        return None
    rotation = _rotation(nodes, fields.get("rotation"), path, at)
    start = _start(nodes, fields.get("start"), (*path, "start"))
    handover = _handover(nodes, fields.get("handover"), (*path, "handover"))
    people = nodes.texts(fields["people"], (*path, "people")) if "people" in fields else []
    if not people:
        nodes.faults.error(at, path, "值班表没有人, 请写 people: [账号]", "the rota is empty: add people: [account]")
    if rotation in (Rotation.DAILY, Rotation.WEEKLY) and "start" not in fields:
        nodes.faults.error(
            at, path, "缺少 start: 首班的日期, 如 2026-11-02", "add start, the first day, as in 2026-11-02"
        )
    return TypedRoster(rotation, start, handover, tuple(people)) if rotation else None


def _rotation(nodes: Nodes, node: Node | None, path: KeyPath, at: At) -> Rotation | None:
    if node is None:
        nodes.faults.error(at, path, "缺少 rotation: daily、weekly 或 list", "add rotation: daily, weekly or list")
        return None
    typed = nodes.text(node, (*path, "rotation"))
    if typed is None:
        return None
    known = tuple(Rotation)
    if typed.value.lower() in known:
        return Rotation(typed.value.lower())
    offers = nearest.names(typed.value, known, limit=1)
    asked = f", 是不是 {offers[0]}?" if offers else ""
    zh = f"「{typed.value}」应为 daily、weekly 或 list{asked}"
    nodes.faults.error(typed.at, (*path, "rotation"), zh, f"{typed.value!r} should be daily, weekly or list")
    return None


def _start(nodes: Nodes, node: Node | None, path: KeyPath) -> date | None:
    typed = nodes.text(node, path) if node is not None else None
    if typed is None:
        return None
    found = _DATE.fullmatch(typed.value)
    if found:
        year, month, day = map(int, found.groups())
        try:
            if year in _YEARS:
                return date(year, month, day)
        except ValueError:
            pass
    zh = f"「{typed.value}」不是日期, 应如 2026-11-02"
    nodes.faults.error(typed.at, path, zh, f"{typed.value!r} is no date: write 2026-11-02")
    return None


def _handover(nodes: Nodes, node: Node | None, path: KeyPath) -> time:
    typed = nodes.text(node, path) if node is not None else None
    if typed is None:
        return time(0)
    found = _TIME.fullmatch(typed.value)
    if found:
        return time(int(found.group(1)), int(found.group(2)))
    zh, en = f"「{typed.value}」不是时间, 应如 08:30", f"{typed.value!r} is no time of day: write 08:30"
    nodes.faults.error(typed.at, path, zh, en)
    return time(0)
