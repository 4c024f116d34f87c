"""The `people` section, and who owns which phone."""

from __future__ import annotations

from yaml import Node, ScalarNode, SequenceNode

from routing.faults import At, KeyPath, dotted
from routing.loading.nodes import Nodes, Typed
from routing.loading.yaml_reader import place
from routing.model import Person
from routing.names import NAME_LENGTH, fold, is_account, shown, unusable_characters
from routing.phones import normalise_phone
from routing.schema import PERSON_KEYS

_YES_NO = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class Phones:
    """Who owns which number; a second owner is a fault."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._owners: dict[str, tuple[KeyPath, int]] = {}

    def claim(self, node: Node, owner: KeyPath, path: KeyPath) -> str | None:
        """The node's number in E.164 for this owner, or None where it is no phone or somebody else's."""
        typed = self._nodes.text(node, path)
        if typed is None:
            return None
        phone = normalise_phone(typed.value)
        if phone is None:
            zh = f"「{typed.value}」不是电话号码; 手机号写11位, 国外号码以 + 开头"
            en = f"{typed.value!r} is no phone: 11 digits for a mainland mobile, + and country code for others"
            self._nodes.faults.error(typed.at, path, zh, en)
            return None
        before = self._owners.setdefault(phone, (owner, typed.line))
        if before[0] is owner:
            return phone
        zh = f"号码 {typed.value} 已属于 {dotted(before[0])} (第{before[1]}行); 一个号码只能有一个主人"
        en = f"{typed.value} belongs to {dotted(before[0])} (line {before[1]}): a phone has one owner"
        self._nodes.faults.error(typed.at, path, zh, en)
        return None


class People:
    """Reads people one by one; keeps them by lower-case account, with their place in the file."""

    def __init__(self, nodes: Nodes, phones: Phones) -> None:
        self._nodes = nodes
        self._phones = phones
        self.found: dict[str, Person] = {}
        self.places: dict[str, At] = {}
        self._keys: dict[str, At] = {}

    def read(self, key: Node, value: Node) -> None:
        """Enter one person."""
        path: KeyPath = ("people", key.value) if isinstance(key, ScalarNode) else ("people",)
        if not self._nodes.is_key(key, ("people",), self._keys) or not self._is_new_account(key.value, place(key)):
            return
        fields = self._nodes.fields(value, path, PERSON_KEYS)
        name = self._name(fields.get("name"), path, place(key))
        self.found[key.value.lower()] = Person(
            account=key.value,
            name=name,
            phones=self._phones_of(fields.get("phone"), path),
            email=self._email(fields.get("email"), (*path, "email")),
            active=self._is_active(fields.get("active"), (*path, "active")),
        )

    def _is_new_account(self, account: str, at: At) -> bool:
        if not is_account(account):
            zh = f"账号「{account}」只能用1–32个英文字母、数字、_ 和 ."
            self._nodes.faults.error(
                at, ("people", account), zh, f"{account!r}: 1-32 of ASCII letters, digits, _ and ."
            )
            return False
        before = self.places.setdefault(account.lower(), at)
        if before is at:
            return True
        zh = f"账号「{account}」与第{before.line}行的相同 (不分大小写); 请改名"
        en = f"{account!r} is the account of line {before.line} (case doesn't count): rename it"
        self._nodes.faults.error(at, ("people", account), zh, en)
        return False

    def _name(self, node: Node | None, path: KeyPath, at: At) -> str:
        if node is None:
            self._nodes.faults.error(at, path, "缺少姓名, 请加上 name", "has no name: add name")
            return ""
        typed = self._nodes.text(node, (*path, "name"))
        if typed is not None:
            check_name(self._nodes, typed, (*path, "name"))
        return typed.value if typed else ""

    def _phones_of(self, node: Node | None, path: KeyPath) -> tuple[str, ...]:
        if node is None:
            return ()
        if not isinstance(node, SequenceNode):
            phone = self._phones.claim(node, path, (*path, "phone"))
            return () if phone is None else (phone,)
        claimed = (self._phones.claim(one, path, (*path, "phone", index)) for index, one in enumerate(node.value))
        return tuple(dict.fromkeys(phone for phone in claimed if phone is not None))

    def _email(self, node: Node | None, path: KeyPath) -> str | None:
        typed = self._nodes.text(node, path) if node is not None else None
        if typed is None:
            return None
        name, sign, domain = typed.value.partition("@")
        if name and sign and "." in domain and typed.value.isascii() and not set(typed.value) & set(" \t\n<>,;"):
            return typed.value
        self._nodes.faults.error(
            typed.at, path, f"「{typed.value}」不是邮箱地址", f"{typed.value!r} is no e-mail address"
        )
        return None

    def _is_active(self, node: Node | None, path: KeyPath) -> bool:
        typed = self._nodes.text(node, path) if node is not None else None
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
