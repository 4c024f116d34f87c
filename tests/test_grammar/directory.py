"""A small organisation in memory: all that the parser asks of a chart, without a chart.

It has two centres with a room of one name, two people of one name in one group, one person in two groups, somebody
inactive, and a group whose name holds Latin letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from grammar import UnitNames

NOC = "网管维护中心"
IT = "信息技术中心"

_PINYIN = {"核": "he", "和": "he", "何": "he", "河": "he", "话": "hua", "画": "hua", "务": "wu", "物": "wu"}


@dataclass(frozen=True)
class InMemory:
    """A `Directory` from plain dictionaries."""

    groups: dict[tuple[str, str, str], tuple[str, ...]]
    names: dict[str, str]
    inactive: frozenset[str] = frozenset()
    default_center: str = NOC

    def find_center(self, name: str) -> str | None:
        return _find(name, (center for center, _, _ in self.groups))

    def find_room(self, center: str, name: str) -> str | None:
        return _find(name, self._rooms(center))

    def find_group(self, center: str, room: str, name: str) -> str | None:
        return _find(name, self._groups(center, room))

    def find_account(self, account: str) -> str | None:
        return _find(account, self.names)

    def in_group(self, center: str, room: str, group: str, account: str) -> bool:
        return account in self.groups[center, room, group]

    def is_active(self, account: str) -> bool:
        return account not in self.inactive

    def name_of(self, account: str) -> str:
        return self.names[account]

    def accounts_named(self, center: str, room: str, group: str, name: str) -> Sequence[str]:
        members = self.groups[center, room, group]
        return [account for account in members if _fold(self.names[account]) == _fold(name)]

    def people_named(self, name: str) -> Sequence[str]:
        return [account for account in self.names if self._is_called(account, name)]

    def joined_accounts(self, center: str, room: str, group: str, text: str) -> Sequence[tuple[str, ...]]:
        words = [(account, word) for account in self._active(center, room, group) for word in self._words(account)]
        return list(dict.fromkeys(_joined(_fold(text), words)))

    def groups_of(self, account: str) -> Sequence[UnitNames]:
        return [unit for unit, members in self.groups.items() if account in members]

    def rooms_named(self, name: str) -> Sequence[UnitNames]:
        rooms = dict.fromkeys((center, room) for center, room, _ in self.groups)
        return [(center, room, None) for center, room in rooms if _fold(room) == _fold(name)]

    def groups_named(self, name: str) -> Sequence[UnitNames]:
        return [unit for unit in self.groups if _fold(unit[2]) == _fold(name)]

    def nearest_centers(self, name: str) -> Sequence[str]:
        return _near(name, (center for center, _, _ in self.groups))

    def nearest_rooms(self, center: str, name: str) -> Sequence[str]:
        return _near(name, self._rooms(center))

    def nearest_groups(self, center: str, room: str, name: str) -> Sequence[str]:
        return _near(name, self._groups(center, room))

    def nearest_accounts(self, center: str, room: str, group: str, account: str) -> Sequence[str]:
        members = self._active(center, room, group)
        named = [member for member in members if _near(account, [self.names[member]])]
        return [*dict.fromkeys([*_near(account, members), *named])]

    def nearest_rooms_anywhere(self, name: str) -> Sequence[UnitNames]:
        near = _near(name, (room for _, room, _ in self.groups))
        return [unit for room in near for unit in self.rooms_named(room)]

    def nearest_groups_anywhere(self, name: str) -> Sequence[UnitNames]:
        near = _near(name, (group for _, _, group in self.groups))
        return [unit for group in near for unit in self.groups_named(group)]

    def nearest_people(self, account: str) -> Sequence[str]:
        return [near for near in _near(account, self.names) if near not in self.inactive]

    def _is_called(self, account: str, name: str) -> bool:
        return account not in self.inactive and _fold(self.names[account]) == _fold(name)

    def _words(self, account: str) -> tuple[str, str]:
        return _fold(account), _fold(self.names[account])

    def _active(self, center: str, room: str, group: str) -> list[str]:
        return [account for account in self.groups[center, room, group] if account not in self.inactive]

    def _rooms(self, center: str) -> Iterable[str]:
        return (room for its_center, room, _ in self.groups if its_center == center)

    def _groups(self, center: str, room: str) -> Iterable[str]:
        return (group for *path, group in self.groups if path == [center, room])


def _fold(name: str) -> str:
    return "".join(normalize("NFKC", name).casefold().split())


def _find(name: str, known: Iterable[str]) -> str | None:
    return next((candidate for candidate in known if _fold(candidate) == _fold(name)), None)


def _joined(text: str, words: Sequence[tuple[str, str]]) -> Iterable[tuple[str, ...]]:
    if not text:
        yield ()
    for account, word in words:
        if text.startswith(word):
            yield from (tuple(dict.fromkeys((account, *more))) for more in _joined(text.removeprefix(word), words))


def _near(name: str, known: Iterable[str]) -> list[str]:
    """Within two characters of ten left out, added or changed, or of the same sound; those that are equally near."""
    sounds = [_PINYIN.get(char, char) for char in _fold(name)]
    slips = {
        candidate: _distance(sounds, [_PINYIN.get(char, char) for char in _fold(candidate)])
        for candidate in dict.fromkeys(known)
    }
    near = {candidate: count for candidate, count in slips.items() if count <= max(1, len(candidate) // 5)}
    return [candidate for candidate, count in near.items() if count == min(near.values())]


def _distance(one: list[str], other: list[str]) -> int:
    row = list(range(len(other) + 1))
    for index, sound in enumerate(one, 1):
        above, row[0] = row[0], index
        for column, opposite in enumerate(other, 1):
            above, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, above + (sound != opposite))
    return row[-1]


OFFICE = InMemory(
    groups={
        (NOC, "核心维护室", "话务维护组"): ("helijia", "wangmin", "wangmin2", "liqiang"),
        (NOC, "核心维护室", "信令维护组"): ("sunhao",),
        (NOC, "传输维护室", "光缆组"): ("zhaolei", "helijia"),
        (IT, "业务维护室", "OA维护组"): ("miyonglin", "sunhao"),
        (IT, "业务维护室", "计费组"): ("qianjin",),
        (IT, "传输维护室", "接入组"): ("zhouyan",),
    },
    names={
        "helijia": "何丽佳",
        "wangmin": "王敏",
        "wangmin2": "王敏",
        "liqiang": "李强",
        "sunhao": "孙浩",
        "zhaolei": "赵磊",
        "miyonglin": "米永林",
        "qianjin": "钱进",
        "zhouyan": "周燕",
    },
    inactive=frozenset({"liqiang"}),
)
