"""The keys of `orgchart.yaml`, and its JSON Schema for editors.

The loader checks more than a schema can say; both read the keys from here.
"""

from __future__ import annotations

from typing import Any

TOP_KEYS = ("version", "default_center", "dispatchers", "people", "centers", "time_zone")
PERSON_KEYS = ("name", "phone", "email", "active")
CENTER_KEYS = ("leader", "duty_phone", "rooms")
ROOM_KEYS = ("leader", "duty_phone", "groups")
GROUP_KEYS = ("leader", "duty_phone", "members", "duty")
DISPATCHER_KEYS = ("members", "duty", "duty_phone")
ROSTER_KEYS = ("rotation", "start", "handover", "people")

Schema = dict[str, Any]

_NAME = {"type": "string", "minLength": 1, "maxLength": 30, "pattern": r"^[^\s#;\-]+$"}
_ACCOUNT = {"type": ["string", "integer"], "pattern": r"^[A-Za-z0-9_.]{1,32}$"}
_ACCOUNTS = {"type": "array", "items": {"$ref": "#/$defs/account"}}
_PHONE = {
    "type": ["string", "integer"],
    "description": "手机号11位, 国外号码以 + 开头。A mainland mobile, or + and country code.",
}


def json_schema() -> Schema:
    """The JSON Schema (2020-12) of `orgchart.yaml`."""
    top = _mapping(
        TOP_KEYS,
        {
            "version": {"const": 1},
            "default_center": _said(_NAME, "短信中可以省略的中心。The centre that a command may leave out."),
            "dispatchers": _said(
                {"oneOf": [_ACCOUNTS, {"$ref": "#/$defs/dispatchers"}]},
                "调度: 可转派、归档、作废任何工单。May transfer, close and cancel any ticket.",
            ),
            "people": _named("#/$defs/person", {"pattern": _ACCOUNT["pattern"]}, "账号 → 人。Account to person."),
            "centers": _named("#/$defs/center", _NAME, "中心 → 室 → 组。Centres, rooms, groups."),
            "time_zone": {"type": ["string", "null"], "default": "Asia/Shanghai", "description": "IANA 时区。"},
        },
        required=["version", "default_center", "people", "centers"],
    )
    about = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "orgchart.yaml"}
    return {**about, **top, "$defs": _definitions()}


def _definitions() -> dict[str, Schema]:
    leader = _said(
        {"$ref": "#/$defs/account"}, "负责人。Told when a ticket comes to the room, and when one is overdue."
    )
    shared = {"leader": leader, "duty_phone": _said(_PHONE, "值班手机: 回复代表本单位。A shared handset.")}
    duty = {"$ref": "#/$defs/roster"}
    person: Schema = {
        "name": _NAME,
        "phone": {"oneOf": [_PHONE, {"type": "array", "items": _PHONE}]},
        "email": {"type": "string", "format": "email"},
        "active": {"type": ["boolean", "string"], "default": True, "description": "false: 停用, 收不到短信。"},
    }
    group = {**shared, "members": _ACCOUNTS, "duty": duty}
    return {
        "account": _ACCOUNT,
        "person": _mapping(PERSON_KEYS, person, required=["name"]),
        "center": _mapping(CENTER_KEYS, {**shared, "rooms": _named("#/$defs/room", _NAME, "室。Rooms.")}),
        "room": _mapping(ROOM_KEYS, {**shared, "groups": _named("#/$defs/group", _NAME, "组。Groups.")}),
        "group": _mapping(GROUP_KEYS, group),
        "dispatchers": _mapping(DISPATCHER_KEYS, {"members": _ACCOUNTS, "duty": duty, "duty_phone": _PHONE}),
        "roster": _roster(),
    }


def _roster() -> Schema:
    fields: Schema = {
        "rotation": {"enum": ["daily", "weekly", "list"], "description": "每天轮换 / 每周轮换 / 固定名单。"},
        "start": _said({"type": "string", "format": "date"}, "首班的日期; 每周轮换在这个星期几交接。"),
        "handover": {"type": "string", "pattern": r"^([01]?\d|2[0-3]):[0-5]\d$", "default": "00:00"},
        "people": {**_ACCOUNTS, "minItems": 1},
    }
    return _mapping(ROSTER_KEYS, fields, required=["rotation", "people"])


def _mapping(keys: tuple[str, ...], fields: Schema, required: list[str] | None = None) -> Schema:
    properties = {key: fields[key] for key in keys}
    schema: Schema = {"type": ["object", "null"], "additionalProperties": False, "properties": properties}
    return {**schema, "type": "object", "required": required} if required else schema


def _named(entry: str, names: Schema, description: str) -> Schema:
    """A mapping from names to entries."""
    limits = {key: value for key, value in names.items() if key != "type"}
    schema: Schema = {"type": "object", "propertyNames": limits, "additionalProperties": {"$ref": entry}}
    return _said(schema, description)


def _said(schema: Schema, description: str) -> Schema:
    return {**schema, "description": description}
