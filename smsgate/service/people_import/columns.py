"""Which column is what: by the words that lists of staff have in their first row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from smsgate.service.people_import.bad_sheet import BadSheet
from smsgate.service.people_import.sheets import Cells


class Field(StrEnum):
    """What a column may hold."""

    NAME = "name"
    ACCOUNT = "account"
    PHONE = "phone"
    EMAIL = "email"
    ACTIVE = "active"
    CENTER = "center"
    ROOM = "room"
    GROUP = "group"
    PATH = "path"
    """Centre, room and group in one cell, with dashes."""


WORDS = {
    Field.NAME: ("姓名", "名字", "员工姓名", "人员", "人员姓名", "name", "fullname", "displayname"),
    Field.ACCOUNT: (
        "账号", "帐号", "账户", "帐户", "用户名", "登录名", "工号", "登录账号", "account", "login", "user", "username",
        "userid", "id",
    ),
    Field.PHONE: (
        "手机", "手机号", "手机号码", "电话", "电话号码", "联系电话", "移动电话", "号码", "phone", "mobile", "tel",
        "telephone", "msisdn", "phonenumber", "mobilephone",
    ),
    Field.EMAIL: ("邮箱", "电子邮箱", "邮件", "电子邮件", "email", "e-mail", "mail"),
    Field.ACTIVE: ("在岗", "是否在岗", "启用", "是否启用", "有效", "active", "enabled"),
    Field.CENTER: ("中心", "所属中心", "center", "centre"),
    Field.ROOM: ("室", "科室", "维护室", "所属室", "处室", "room"),
    Field.GROUP: ("组", "班组", "小组", "所属组", "组别", "维护组", "group", "team"),
    Field.PATH: ("路径", "单位", "所属单位", "部门", "所属部门", "unit", "path", "department"),
}  # fmt: skip
_FIELD_OF = {word: field for field, words in WORDS.items() for word in words}
_NOISE = re.compile(r"[\s_:*.]+|\([^)]*\)")
LOOKED_AT = 12
"""Rows in which the first row is looked for: above it stands a title at times."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list: its number in the file, and what it says of the person; what it leaves out is not there."""

    line: int
    cells: Mapping[Field, str]

    def get(self, field: Field) -> str:
        """A cell; empty where there is none."""
        return self.cells.get(field, "")


def read_rows(sheet: Cells) -> tuple[dict[Field, str], list[Row]]:
    """The columns as they were recognised (with their own words), and the rows. Raises BadSheet."""
    for at, (_, cells) in enumerate(sheet[:LOOKED_AT]):
        columns = _columns(cells)
        if Field.NAME in columns.values() or (Field.ACCOUNT in columns.values() and len(columns) > 1):
            rows = [Row(line, _named(row, columns)) for line, row in sheet[at + 1 :]]
            return {field: cells[column] for column, field in columns.items()}, [row for row in rows if row.cells]
    raise BadSheet("no_columns")


def _columns(cells: list[str]) -> dict[int, Field]:
    found: dict[int, Field] = {}
    for column, cell in enumerate(cells):
        word = _NOISE.sub("", unicodedata.normalize("NFKC", cell).lower())
        field = _FIELD_OF.get(word)
        if field is not None and field not in found.values():
            found[column] = field
    return found


def _named(cells: list[str], columns: dict[int, Field]) -> dict[Field, str]:
    return {field: cells[column] for column, field in columns.items() if column < len(cells) and cells[column]}
