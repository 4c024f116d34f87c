"""Where things stand in a chart's text, by the marks of its YAML nodes; offsets count characters."""

from __future__ import annotations

from collections.abc import Iterator

from yaml import MappingNode, Node, ScalarNode, SequenceNode

from routing.loading.nodes import is_blank
from routing.loading.yaml_reader import compose
from routing.model import UnitPath


class Places:
    """The nodes of a text that loads."""

    def __init__(self, text: str) -> None:
        root = compose(text, frozenset(), _keep)
        self._root = root if isinstance(root, MappingNode) else MappingNode("", [])
        self.people = self.value(self._root, "people")
        self.person_of = {key.value.lower(): (key, value) for key, value in entries(self.people)}

    def group(self, path: UnitPath) -> tuple[ScalarNode, Node] | None:
        """Key and value of a group."""
        node: Node | None = self.value(self._root, "centers")
        for name, below in ((path.center, "rooms"), (path.room, "groups")):
            found = self.entry(node, name or "")
            node = self.value(found[1], below) if found is not None else None
        return self.entry(node, path.group or "")

    def entry(self, node: Node | None, name: str) -> tuple[ScalarNode, Node] | None:
        """Key and value of an entry of a mapping."""
        return next(((key, value) for key, value in entries(node) if key.value == name), None)

    def value(self, node: Node | None, name: str) -> Node | None:
        """The value alone."""
        found = self.entry(node, name)
        return found[1] if found is not None else None


def entries(node: Node | None) -> Iterator[tuple[ScalarNode, Node]]:
    """Those of a mapping; none of anything else."""
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if isinstance(key, ScalarNode):
                yield key, value


def start_of(node: Node) -> int:
    """Offset of its first character."""
    return int(node.start_mark.index)


def end_of(node: Node) -> int:
    """Offset behind its last character: a block's own mark stands where the next thing begins."""
    if isinstance(node, MappingNode | SequenceNode) and not node.flow_style and node.value:
        last = node.value[-1]
        key, value = last if isinstance(node, MappingNode) else (last, last)
        return end_of(key) + 1 if is_blank(value) and start_of(value) == end_of(value) else end_of(value)
    return int(node.end_mark.index)


def is_flow(node: Node) -> bool:
    """Whether it is written with brackets."""
    return bool(getattr(node, "flow_style", False))


def line_end(text: str, at: int) -> int:
    """Offset of the line end at or after `at`."""
    found = text.find("\n", at)
    return len(text) if found < 0 else found


def line_start(text: str, at: int) -> int:
    """Offset of the first character of the line."""
    return text.rfind("\n", 0, at) + 1


def _keep(_section: str, _key: Node, _value: Node) -> None:
    """No section is taken apart."""
