"""YAML nodes read as what a chart has: mappings with known keys, texts, lists of texts. Every fault is noted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeGuard

from yaml import MappingNode, Node, ScalarNode, SequenceNode

from routing import nearest
from routing.faults import At, Faults, KeyPath
from routing.loading.yaml_reader import place

_NO_TAGS = frozenset(("", "tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"))
_BLANKS = ("", "~")
_OTHER_WORDS = {
    "姓名": "name",
    "电话": "phone",
    "手机": "phone",
    "mobile": "phone",
    "tel": "phone",
    "phones": "phone",
    "邮箱": "email",
    "mail": "email",
    "enabled": "active",
    "leaders": "leader",
    "member": "members",
    "成员": "members",
    "roster": "duty",
    "timezone": "time_zone",
    "tz": "time_zone",
    "centres": "centers",
}
"""What admins write instead of a key, besides near spellings."""


class Typed(NamedTuple):
    """A text as typed, and where."""

    value: str
    line: int
    column: int

    @property
    def at(self) -> At:
        """Where it begins."""
        return At(self.line, self.column)


class Nodes:
    """Reads nodes, and tells `faults` of what can't be read."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults

    def fields(self, node: Node, path: KeyPath, known: Sequence[str]) -> dict[str, Node]:
        """The values of a mapping's known keys; left out: what is blank, unknown, or there twice.

        A good mapping is read straight; only one that isn't plainly good is gone through again for its faults.
        """
        if is_blank(node):
            return {}
        found: dict[str, Node] = {}
        if type(node) is MappingNode and not node.tag:
            for key, value in node.value:
                if key.value not in known or key.tag or type(key) is not ScalarNode:
                    break
                if value.value in _BLANKS and is_blank(value):
                    break
                found[key.value] = value
            else:
                if len(found) == len(node.value):
                    return found
        return self._fields_with_faults(node, path, known)

    def _fields_with_faults(self, node: Node, path: KeyPath, known: Sequence[str]) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for key, value in self.entries(node, path):
            if key.value not in known:
                self._unknown_key(key, path, known)
            elif not is_blank(value):
                found[key.value] = value
        return found

    def entries(self, node: Node, path: KeyPath) -> Iterator[tuple[ScalarNode, Node]]:
        """The entries of a mapping. A key that is there twice is a fault: plain YAML would keep the last, silently."""
        if not isinstance(node, MappingNode):
            self.faults.error(place(node), path, "此处应写成「键: 值」", "keys with values are wanted here")
            return
        if not self.is_untagged(node, path):
            return
        first: dict[str, At] = {}
        for key, value in node.value:
            if self.is_key(key, path) and self._is_new(key, path, first):
                yield key, value

    def is_key(self, key: Node, path: KeyPath) -> TypeGuard[ScalarNode]:
        """Whether the node can be a key."""
        if is_straight(key):
            return True
        if isinstance(key, ScalarNode):
            return self.is_untagged(key, (*path, key.value))
        self.faults.error(place(key), path, "键必须是一个词", "a key must be a single word")
        return False

    def _is_new(self, key: ScalarNode, path: KeyPath, first: dict[str, At]) -> bool:
        before = first.setdefault(key.value, at := place(key))
        if before is not at:
            self.duplicate(at, (*path, key.value), before)
        return before is at

    def duplicate(self, at: At, path: KeyPath, before: At) -> None:
        """Note a key that is there twice."""
        zh = f"「{path[-1]}」重复, 第{before.line}行已有; 请删去一处"
        self.faults.error(at, path, zh, f"{path[-1]!r} is already on line {before.line}: drop one")

    def text(self, node: Node, path: KeyPath) -> Typed | None:
        """A scalar as the text that was typed."""
        if not isinstance(node, ScalarNode):
            self.faults.error(place(node), path, "此处只能写一个值", "a single value is wanted here")
            return None
        if not self.is_untagged(node, path):
            return None
        at = place(node)
        return Typed(node.value, at.line, at.column)

    def texts(self, node: Node, path: KeyPath) -> list[Typed]:
        """A list of texts."""
        if not isinstance(node, SequenceNode):
            self.faults.error(place(node), path, "此处要写成列表: [甲, 乙]", "a list is wanted here: [one, two]")
            return []
        if not self.is_untagged(node, path):
            return []
        read = (_straight(item) or self.text(item, (*path, index)) for index, item in enumerate(node.value))
        return [item for item in read if item is not None]

    def is_untagged(self, node: Node, path: KeyPath) -> bool:
        """Whether the node has no tag of its own; one that was typed is a fault."""
        if node.tag in _NO_TAGS:
            return True
        self.faults.error(place(node), path, f"不能用标签 {node.tag}, 请删去", f"tags are not taken: drop {node.tag}")
        return False

    def _unknown_key(self, key: ScalarNode, path: KeyPath, known: Sequence[str]) -> None:
        meant = _OTHER_WORDS.get(key.value.lower())
        offers = (meant,) if meant in known else nearest.names(key.value, known, limit=1)
        asked = f"是不是「{offers[0]}」?" if offers else f"可用: {'、'.join(known)}"
        asked_en = f"did you mean {offers[0]!r}?" if offers else f"known: {', '.join(known)}"
        zh, en = f"不认识的键「{key.value}」, {asked}", f"unknown key {key.value!r}, {asked_en}"
        self.faults.error(place(key), (*path, key.value), zh, en)


def is_straight(node: Node) -> bool:
    """Whether it is a scalar without a tag, so that its `value` is what was typed."""
    return type(node) is ScalarNode and not node.tag


def _straight(node: Node) -> Typed | None:
    if type(node) is not ScalarNode or node.tag:
        return None
    mark = node.start_mark
    return Typed(node.value, mark.line + 1, mark.column + 1)


def is_blank(node: Node) -> bool:
    """Whether nothing, or a plain `~`, was typed."""
    return node.value in _BLANKS and isinstance(node, ScalarNode) and node.style not in ("'", '"')
