"""From what is to be said of people to changes of single places in the text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from yaml import MappingNode, Node, ScalarNode, SequenceNode

from routing.editing.places import Places, end_of, is_flow, line_end, line_start, start_of
from routing.loading.nodes import is_blank
from routing.model import UnitPath
from routing.names import is_plain


class CantEdit(Exception):  # noqa: N818 - it is what happened
    """The text is written in a way that nothing can be put into; holds the account that it was about."""


@dataclass(frozen=True, slots=True)
class PersonEdit:
    """What is to be said of a person; None leaves it as it is. `joins`: a group to be a member of besides."""

    account: str
    is_new: bool
    name: str | None = None
    phone: str | None = None
    """E.164."""
    email: str | None = None
    active: bool | None = None
    joins: UnitPath | None = None

    @property
    def says_anything(self) -> bool:
        """Whether it changes the chart."""
        said = (self.name, self.phone, self.email, self.active, self.joins)
        return self.is_new or any(one is not None for one in said)

    def fields(self) -> dict[str, str]:
        """Keys and values as YAML has them."""
        said = {
            "name": quoted(self.name) if self.name is not None else None,
            "phone": f'"{self.phone.removeprefix("+86")}"' if self.phone is not None else None,
            "email": quoted(self.email) if self.email is not None else None,
            "active": ("true" if self.active else "false") if self.active is not None else None,
        }
        if self.is_new and self.active:
            said["active"] = None
        return {key: value for key, value in said.items() if value is not None}


@dataclass(frozen=True, slots=True)
class _Patch:
    """The characters from `start` to `stop` become the text; of several at one place the first comes first."""

    start: int
    stop: int
    text: str


def edited(text: str, edits: Iterable[PersonEdit]) -> str:
    """The text (that loads, with `\\n`) with all edits in it. Raises CantEdit."""
    places = Places(text)
    patches: list[_Patch] = []
    joining: dict[UnitPath, list[str]] = {}
    adding: list[PersonEdit] = []
    for edit in edits:
        if edit.is_new:
            adding.append(edit)
        else:
            patches += _said(text, places, edit)
        if edit.joins is not None:
            joining.setdefault(edit.joins, []).append(edit.account)
    patches += _added(text, places, adding)
    for path, accounts in joining.items():
        patches.append(_joined(text, places, path, accounts))
    return _patched(text, patches)


def quoted(value: str) -> str:
    """A value as it can stand in brackets: plain where that is safe."""
    return value if is_plain(value) and not value.startswith(".") else json.dumps(value, ensure_ascii=False)


def _patched(text: str, patches: list[_Patch]) -> str:
    parts: list[str] = []
    at = 0
    for patch in sorted(patches, key=lambda one: one.start):
        parts += (text[at : patch.start], patch.text)
        at = max(at, patch.stop)
    return "".join((*parts, text[at:]))


def _said(text: str, places: Places, edit: PersonEdit) -> Iterator[_Patch]:
    """Values of somebody who is there."""
    key, person = places.person_of[edit.account.lower()]
    missing: dict[str, str] = {}
    for name, value in edit.fields().items():
        node = places.value(person, name)
        if node is not None and _is_replaceable(node):
            yield _Patch(start_of(node), end_of(node), value)
        elif node is not None:
            raise CantEdit(edit.account)
        else:
            missing[name] = value
    if missing:
        yield _entered(text, key, person, missing, edit.account)


def _is_replaceable(node: Node) -> bool:
    """Whether it stands in one place: a value, or a list in brackets."""
    if isinstance(node, ScalarNode):
        return end_of(node) > start_of(node)
    return isinstance(node, SequenceNode) and is_flow(node)


def _entered(text: str, key: ScalarNode, node: Node, fields: dict[str, str], about: str) -> _Patch:
    """More keys for a mapping, whichever way it is written."""
    pairs = [f"{name}: {value}" for name, value in fields.items()]
    if isinstance(node, MappingNode) and is_flow(node):
        if not node.value:
            return _Patch(start_of(node) + 1, start_of(node) + 1, ", ".join(pairs))
        last = end_of(node.value[-1][1])
        return _Patch(last, last, "".join(f", {pair}" for pair in pairs))
    if isinstance(node, MappingNode) and node.value:
        indent = " " * node.value[0][0].start_mark.column
        first = line_start(text, start_of(node.value[0][0]))
        return _Patch(first, first, "".join(f"{indent}{pair}\n" for pair in pairs))
    if is_blank(node) and start_of(node) == end_of(node):
        indent = " " * (key.start_mark.column + 2)
        end = line_end(text, end_of(key))
        return _Patch(end, end, "".join(f"\n{indent}{pair}" for pair in pairs))
    raise CantEdit(about)


def _added(text: str, places: Places, edits: list[PersonEdit]) -> Iterator[_Patch]:
    """New people: behind those of their group, or behind all."""
    people = places.people
    for edit in edits:
        values = ", ".join(f"{name}: {value}" for name, value in edit.fields().items())
        if not isinstance(people, MappingNode) or not people.value:
            raise CantEdit(edit.account)
        if is_flow(people):
            end = end_of(people.value[-1][1])
            yield _Patch(end, end, f", {edit.account}: {{{values}}}")
            continue
        key, value = _neighbour(places, edit, people)
        end = line_end(text, end_of(value))
        yield _Patch(end, end, f"\n{_label(key, value, edit.account)}{{{values}}}")


def _neighbour(places: Places, edit: PersonEdit, people: MappingNode) -> tuple[Node, Node]:
    """The entry behind which the person stands: the last in the text of those who are members already."""
    group = places.group(edit.joins) if edit.joins is not None else None
    members = places.value(group[1], "members") if group is not None else None
    known = [
        places.person_of[item.value.lower()]
        for item in (members.value if isinstance(members, SequenceNode) else ())
        if item.value.lower() in places.person_of
    ]
    if known:
        return max(known, key=lambda entry: start_of(entry[0]))
    last: tuple[Node, Node] = people.value[-1]
    return last


def _label(key: Node, value: Node, account: str) -> str:
    """`account: `, its value in the same column as the neighbour's."""
    indent = " " * key.start_mark.column
    same_line = key.start_mark.line == value.start_mark.line
    width = value.start_mark.column - key.start_mark.column if same_line else 0
    return indent + f"{account}: ".ljust(width)


def _joined(text: str, places: Places, path: UnitPath, accounts: list[str]) -> _Patch:
    """More members of a group."""
    found = places.group(path)
    if found is None:
        raise CantEdit(str(path))
    members = places.value(found[1], "members")
    if members is None:
        return _entered(text, *found, {"members": f"[{', '.join(accounts)}]"}, str(path))
    if not isinstance(members, SequenceNode):
        raise CantEdit(str(path))
    if is_flow(members):
        if not members.value:
            return _Patch(start_of(members) + 1, start_of(members) + 1, ", ".join(accounts))
        end = end_of(members.value[-1])
        return _Patch(end, end, "".join(f", {account}" for account in accounts))
    # the dash stands at the list's own mark
    indent = " " * members.start_mark.column
    end = line_end(text, end_of(members))
    return _Patch(end, end, "".join(f"\n{indent}- {account}" for account in accounts))
