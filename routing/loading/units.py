"""The `centers` and `dispatchers` sections, as typed: names and phones are checked, accounts are looked up later."""

from __future__ import annotations

from dataclasses import dataclass, field

from yaml import Node, ScalarNode, SequenceNode

from routing.faults import At, KeyPath
from routing.loading.nodes import Nodes, Typed
from routing.loading.people import Phones, check_name
from routing.loading.rosters import TypedRoster, read_roster
from routing.loading.yaml_reader import place
from routing.model import DISPATCH_DESK, UnitPath
from routing.names import fold
from routing.schema import CENTER_KEYS, DISPATCHER_KEYS, GROUP_KEYS, ROOM_KEYS


@dataclass(slots=True)
class TypedUnit:
    """A unit, or the dispatchers, with accounts as typed."""

    path: UnitPath
    at: At
    keys: KeyPath
    leader: Typed | None = None
    duty_phone: str | None = None
    members: list[Typed] = field(default_factory=list)
    roster: TypedRoster | None = None
    children: list[UnitPath] = field(default_factory=list)
    is_list: bool = False
    """Written as a plain list of members (the dispatchers may be)."""


class Units:
    """Reads centres one by one; keeps all units, each before what lies in it."""

    def __init__(self, nodes: Nodes, phones: Phones) -> None:
        self._nodes = nodes
        self._phones = phones
        self.found: list[TypedUnit] = []
        self.dispatchers: TypedUnit | None = None
        self._centers: dict[str, Typed] = {}

    def read_center(self, key: Node, value: Node) -> None:
        """Enter one centre with its rooms and groups."""
        keys: KeyPath = ("centers",)
        if not self._nodes.is_key(key, keys) or not self._is_new_name(key, keys, self._centers):
            return
        fields = self._nodes.fields(value, (*keys, key.value), CENTER_KEYS)
        center = self._entered(UnitPath(key.value), key, (*keys, key.value), fields)
        if fold(key.value) == fold(DISPATCH_DESK.center):
            zh = f"「{key.value}」是系统保留的名称, 请改名"
            self._nodes.faults.error(center.at, center.keys, zh, f"{key.value!r} is reserved: choose another name")
        if "rooms" in fields:
            self._read_rooms(center, fields["rooms"])

    def read_dispatchers(self, node: Node) -> None:
        """Enter the dispatchers: a mapping like a group's, or a plain list of accounts."""
        keys: KeyPath = ("dispatchers",)
        desk = TypedUnit(DISPATCH_DESK, place(node), keys)
        self.dispatchers = desk
        if isinstance(node, SequenceNode):
            desk.is_list = True
            desk.members = self._nodes.texts(node, keys)
            return
        fields = self._nodes.fields(node, keys, DISPATCHER_KEYS)
        self._fill(desk, fields)

    def _read_rooms(self, center: TypedUnit, node: Node) -> None:
        keys: KeyPath = (*center.keys, "rooms")
        seen: dict[str, Typed] = {}
        for key, value in self._nodes.entries(node, keys):
            if self._is_new_name(key, keys, seen):
                path = UnitPath(center.path.center, key.value)
                fields = self._nodes.fields(value, (*keys, key.value), ROOM_KEYS)
                room = self._entered(path, key, (*keys, key.value), fields)
                center.children.append(path)
                if "groups" in fields:
                    self._read_groups(room, fields["groups"])

    def _read_groups(self, room: TypedUnit, node: Node) -> None:
        keys: KeyPath = (*room.keys, "groups")
        seen: dict[str, Typed] = {}
        for key, value in self._nodes.entries(node, keys):
            if self._is_new_name(key, keys, seen):
                path = UnitPath(room.path.center, room.path.room, key.value)
                fields = self._nodes.fields(value, (*keys, key.value), GROUP_KEYS)
                group = self._entered(path, key, (*keys, key.value), fields)
                room.children.append(path)
                if not group.members:
                    self._nodes.faults.warning(group.at, group.keys, "没有成员 members", "has no members")

    def _entered(self, path: UnitPath, key: ScalarNode, keys: KeyPath, fields: dict[str, Node]) -> TypedUnit:
        unit = TypedUnit(path, place(key), keys)
        self.found.append(unit)
        self._fill(unit, fields)
        return unit

    def _fill(self, unit: TypedUnit, fields: dict[str, Node]) -> None:
        keys = unit.keys
        if "leader" in fields:
            unit.leader = self._nodes.text(fields["leader"], (*keys, "leader"))
        if "duty_phone" in fields:
            unit.duty_phone = self._phones.claim(fields["duty_phone"], keys, (*keys, "duty_phone"))
        if "members" in fields:
            unit.members = self._nodes.texts(fields["members"], (*keys, "members"))
        if "duty" in fields:
            unit.roster = read_roster(self._nodes, fields["duty"], (*keys, "duty"))

    def _is_new_name(self, key: ScalarNode, keys: KeyPath, seen: dict[str, Typed]) -> bool:
        at = place(key)
        typed = Typed(key.value, at.line, at.column)
        keys = (*keys, key.value)
        if not check_name(self._nodes, typed, keys):
            return False
        before = seen.setdefault(fold(key.value), typed)
        if before is typed:
            return True
        if before.value == typed.value:
            self._nodes.duplicate(at, keys, before.at)
            return False
        zh = f"「{typed.value}」与第{before.line}行的「{before.value}」只差全半角或大小写, 请改名"
        en = f"{typed.value!r} reads like {before.value!r} on line {before.line}: rename one"
        self._nodes.faults.error(at, keys, zh, en)
        return False
