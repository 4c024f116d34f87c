"""The `people` section, and who owns which phone."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from yaml import Node, ScalarNode, SequenceNode

from routing.faults import At, KeyPath, dotted
from routing.loading.nodes import Nodes, Typed, is_straight
from routing.loading.plain_lines import Line
from routing.loading.yaml_reader import place
from routing.model import Person
from routing.names import NAME_LENGTH, fold, is_account, is_plain, shown, unusable_characters
from routing.phones import normalise_phone
from routing.schema import PERSON_KEYS

Listener = Callable[[Person], None]
"""Called with each person as soon as they are read, long before the whole is known to be good."""

_YES_NO = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class Phones:
    """Who owns which number; a second owner is a fault."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._owners: dict[str, tuple[KeyPath, int]] = {}

    def claim(self, node: Node, owner: KeyPath, path: KeyPath) -> str | None:
        """The node's number in E.164 for this owner, or None where it is no phone or somebody else's."""
        typed = node.value if is_straight(node) else self._text(node, path)
        if typed is None:
            return None
        phone = normalise_phone(typed)
        if phone is None:
            self._not_a_phone(typed, node, path)
            return None
        before = self._owners.setdefault(phone, (owner, node.start_mark.line + 1))
        if before[0] is owner:
            return phone
        self._second(typed, place(node), path, before)
        return None

    def claim_mobile(self, typed: str, owner: KeyPath, line: int, column: int) -> str | None:
        """The same for what is known to be a mainland mobile, and the `phone` of a person."""
        phone = "+86" + typed
        before = self._owners.setdefault(phone, (owner, line))
        if before[0] is owner:
            return phone
        self._second(typed, At(line, column), (*owner, "phone"), before)
        return None

    def _second(self, typed: str, at: At, path: KeyPath, before: tuple[KeyPath, int]) -> None:
        zh = f"号码 {typed} 已属于 {dotted(before[0])} (第{before[1]}行); 一个号码只能有一个主人"
        en = f"{typed} belongs to {dotted(before[0])} (line {before[1]}): a phone has one owner"
        self._nodes.faults.error(at, path, zh, en)

    def _text(self, node: Node, path: KeyPath) -> str | None:
        typed = self._nodes.text(node, path)
        return typed.value if typed else None

    def _not_a_phone(self, typed: str, node: Node, path: KeyPath) -> None:
        zh = f"「{typed}」不是电话号码; 手机号写11位, 国外号码以 + 开头"
        en = f"{typed!r} is no phone: 11 digits for a mainland mobile, + and country code for others"
        self._nodes.faults.error(place(node), path, zh, en)


class People:
    """Reads people one by one; keeps them by lower-case account, with their place in the file."""

    def __init__(self, nodes: Nodes, phones: Phones, listener: Listener) -> None:
        self._nodes = nodes
        self._phones = phones
        self._listener = listener
        self.found: dict[str, Person] = {}
        self._places: dict[str, tuple[int, int]] = {}

    def read(self, key: Node, value: Node) -> None:
        """Enter one person."""
        if not self._nodes.is_key(key, ("people",)) or not self._is_account(key):
            return
        if not self._is_new(key.value, (key.start_mark.line + 1, key.start_mark.column + 1)):
            return
        path: KeyPath = ("people", key.value)
        fields = self._nodes.fields(value, path, PERSON_KEYS)
        person = Person(
            key.value,
            self._name(fields.get("name"), path, key),
            self._phones_of(fields["phone"], path) if "phone" in fields else (),
            self._email(fields["email"], (*path, "email")) if "email" in fields else None,
            self._is_active(fields["active"], (*path, "active")) if "active" in fields else True,
        )
        self.found[key.value.lower()] = person
        self._listener(person)

    def read_plain(self, lines: Iterable[Line], first: int) -> None:
        """Enter the people of plain lines that stand one below the other; `first` is the first's number."""
        for number, line in enumerate(lines, first):
            account, name, mobile, email, active = line.group("account", "name", "mobile", "email", "active")
            if not self._is_new(account, (number, 3)):
                continue
            phone = self._phones.claim_mobile(mobile, ("people", account), number, line.start("r") - line.start() + 1)
            phones = () if phone is None else (phone,)
            person = Person(account, name, phones, email, active is None or _YES_NO[active])
            self.found[account.lower()] = person
            self._listener(person)

    def place(self, account: str) -> At:
        """Where the person of that lower-case account stands."""
        return At(*self._places[account])

    def _is_account(self, key: ScalarNode) -> bool:
        account = key.value
        if is_account(account):
            return True
        zh = f"账号「{account}」只能用1–32个英文字母、数字、_ 和 ."
        en = f"{account!r}: 1-32 of ASCII letters, digits, _ and ."
        self._nodes.faults.error(place(key), ("people", account), zh, en)
        return False

    def _is_new(self, account: str, at: tuple[int, int]) -> bool:
        before = self._places.setdefault(account.lower(), at)
        if before is not at:
            self._second(account, At(*at), At(*before))
        return before is at

    def _second(self, account: str, at: At, before: At) -> None:
        path: KeyPath = ("people", account)
        first = self.found.get(account.lower())
        if first is not None and first.account == account:
            self._nodes.duplicate(at, path, before)
            return
        zh = f"账号「{account}」与第{before.line}行的相同 (不分大小写); 请改名"
        en = f"{account!r} is the account of line {before.line} (case doesn't count): rename it"
        self._nodes.faults.error(at, path, zh, en)

    def _name(self, node: Node | None, path: KeyPath, key: Node) -> str:
        if node is None:
            self._nodes.faults.error(place(key), path, "缺少姓名, 请加上 name", "has no name: add name")
            return ""
        if is_straight(node) and is_plain(node.value):
            return str(node.value)
        typed = self._nodes.text(node, (*path, "name"))
        if typed is not None:
            check_name(self._nodes, typed, (*path, "name"))
        return typed.value if typed else ""

    def _phones_of(self, node: Node, path: KeyPath) -> tuple[str, ...]:
        if not isinstance(node, SequenceNode):
            phone = self._phones.claim(node, path, (*path, "phone"))
            return () if phone is None else (phone,)
        if not self._nodes.is_untagged(node, (*path, "phone")):
            return ()
        claimed = (self._phones.claim(one, path, (*path, "phone", index)) for index, one in enumerate(node.value))
        return tuple(dict.fromkeys(phone for phone in claimed if phone is not None))

    def _email(self, node: Node, path: KeyPath) -> str | None:
        typed = self._nodes.text(node, path)
        if typed is None:
            return None
        name, sign, domain = typed.value.partition("@")
        if name and sign and "." in domain and typed.value.isascii() and not set(typed.value) & set(" \t\n<>,;"):
            return typed.value
        self._nodes.faults.error(
            typed.at, path, f"「{typed.value}」不是邮箱地址", f"{typed.value!r} is no e-mail address"
        )
        return None

    def _is_active(self, node: Node, path: KeyPath) -> bool:
        typed = self._nodes.text(node, path)
        if typed is None:
            return True
        active = _YES_NO.get(typed.value.lower())
        if active is None:
            zh = f"「{typed.value}」应为 true 或 false (yes/no/on/off 也可)"
            self._nodes.faults.error(
                typed.at, path, zh, f"{typed.value!r} should be true or false (or yes, no, on, off)"
            )
        return active is not False


def check_name(nodes: Nodes, typed: Typed, path: KeyPath) -> bool:
    """Whether a unit or a person can be called so; the fault is noted."""
    if is_plain(typed.value):
        return True
    odd = unusable_characters(typed.value)
    if odd:
        zh = f"名称「{typed.value}」中的 {' '.join(map(shown, odd))} 在短信里打不出来或是分隔符, 请去掉"
        en = f"{typed.value!r} holds {' '.join(map(shown, odd))}, which a command drops or takes for a separator"
        nodes.faults.error(typed.at, path, zh, en)
    elif not 1 <= len(typed.value) <= NAME_LENGTH or not fold(typed.value):
        zh = f"名称应为1–{NAME_LENGTH}个字, 此处{len(typed.value)}个"
        nodes.faults.error(typed.at, path, zh, f"a name has 1-{NAME_LENGTH} characters, this has {len(typed.value)}")
    else:
        return True
    return False
