"""What is wrong with the settings, said to whoever writes them."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_settings import SettingsError

from smsgate.accounts import (
    Alarm,
    CmppAccount,
    EmailAccount,
    HealthSettings,
    MailDoor,
    MailGateway,
    RouteSettings,
    SimulatorAccount,
    SmppAccount,
    TwilioAccount,
)
from smsgate.config import OfficeCalendar, Retry, Settings, SeverityLimits

_PREFIX = "SMSGATE_"
_EXAMPLES = {
    "service_numbers": '["106512345"]',
    "routes": '[{"prefix": "+86134", "accounts": ["cmpp", "smpp"]}]',
    "office__hours": '["08:30-12:00", "14:00-17:30"]',
    "office__weekdays": "[1, 2, 3, 4, 5]",
    "office__workdays": '["2026-10-10"]',
    "office__days_off": '["2026-10-01"]',
}
"""How the lists among the settings are written in the environment."""
_ACCOUNTS: tuple[type[BaseModel], ...] = (SimulatorAccount, TwilioAccount, EmailAccount, SmppAccount, CmppAccount)
_KINDS = tuple(str(get_args(model.model_fields["kind"].annotation)[0]) for model in _ACCOUNTS)
_SECTIONS: tuple[type[BaseModel], ...] = (
    *(OfficeCalendar, Retry, SeverityLimits, RouteSettings, HealthSettings, Alarm, MailGateway, MailDoor),
    *_ACCOUNTS,
)
_WHOLE: tuple[type[BaseModel], ...] = (Settings,)


def faults_of_settings(error: ValidationError) -> str:
    """What is wrong with the settings, a line each."""
    return "\n".join(["The settings have faults:", *(f"  {_fault(fault)}" for fault in error.errors())])


def environment_faults(error: SettingsError, environment: Mapping[str, str]) -> str:
    """Which variables hold no JSON where a list belongs, a line each with what to write instead."""
    lines = [
        f"  {name}: {written!r} is no list: write it as JSON, such as '{_EXAMPLES[key]}'"
        for name, written in sorted(environment.items())
        if (key := name.upper().removeprefix(_PREFIX).lower()) in _EXAMPLES and not _is_json(written)
    ]
    return "\n".join(["The settings have faults:", *(lines or [f"  {error}: write it as JSON"])])


def _is_json(written: str) -> bool:
    try:
        json.loads(written)
    except ValueError:
        return False
    return True


def toml_fault(error: tomllib.TOMLDecodeError) -> str:
    """Where smsgate.toml can't be read; the parser's sentence names line and column."""
    return f"smsgate.toml: {error}"


def strange_variables(environment: Mapping[str, str]) -> Iterator[str]:
    """A line for each variable that looks like a setting and is none.

    Not refused: Kubernetes gives everybody SMSGATE_PORT and the like where a service is called smsgate.
    """
    for name in sorted(environment):
        first = name.upper().removeprefix(_PREFIX).partition("__")[0].lower()
        if name.upper().startswith(_PREFIX) and first not in Settings.model_fields:
            near = get_close_matches(first, Settings.model_fields, 1)
            meant = f"; did you mean {_PREFIX}{near[0].upper()}?" if near else ""
            yield f"warning: {name} is no setting and changes nothing{meant}"


def _fault(fault: Mapping[str, Any]) -> str:
    parts = [str(part) for part in fault["loc"]]
    # the union's tag is no part of what somebody wrote
    if parts[:1] == ["accounts"] and len(parts) > 2:
        del parts[2]
    if fault["type"] in ("union_tag_invalid", "union_tag_not_found"):
        parts.append("kind")
    where = ".".join(parts) or "settings"
    if fault["type"] != "extra_forbidden":
        return f"{where}: {_said(fault, parts)}"
    models = _WHOLE if len(parts) == 1 else _SECTIONS
    near = get_close_matches(parts[-1], [one for model in models for one in model.model_fields if one != parts[-1]], 1)
    return f"{where}: there is no such setting" + (f"; did you mean {near[0]}?" if near else "")


def _said(fault: Mapping[str, Any], parts: Sequence[str]) -> str:
    """What is wrong with a setting, and what to write; where pydantic says it better, its own sentence."""
    given = fault.get("input")
    # what isn't a plain word or number may have a secret in it
    shown = repr(given) if isinstance(given, str | int | float) else "this"
    match fault["type"]:
        case "missing":
            return f"is missing: {_meaning(parts[-1], fault['loc'])}"
        case "union_tag_not_found":
            return f"is missing: write {_either(_KINDS)}"
        case "union_tag_invalid":
            return _no_kind(str(fault["ctx"]["tag"]))
        case "tuple_type" | "list_type":
            example = _EXAMPLES.get("__".join(parts)) or (json.dumps([given]) if shown != "this" else "[…]")
            return f"{shown} is no list: write one, such as {example}"
        case "literal_error" | "enum":
            return f"{shown} can't stand there: write {fault['ctx']['expected']}"
        case "bool_parsing" | "bool_type":
            return f"{shown} can't stand there: write true or false"
        case "int_parsing" | "int_type" | "int_from_float":
            return f"{shown} is no whole number"
        case "float_parsing" | "float_type":
            return f"{shown} is no number"
        case _:
            return str(fault["msg"]).removeprefix("Value error, ")


def _no_kind(given: str) -> str:
    near = get_close_matches(given, _KINDS, 1)
    return f"there is no kind {given!r}: write {_either(_KINDS)}" + (f"; did you mean {near[0]}?" if near else "")


def _meaning(name: str, place: Sequence[object]) -> str:
    """What a setting is, in the words of whoever declared it: of an account, those of its kind, which stands in its
    place."""
    of_kind = [model for model, kind in zip(_ACCOUNTS, _KINDS, strict=True) if kind in place]
    fields = (model.model_fields[name] for model in (*of_kind, *_SECTIONS, *_WHOLE) if name in model.model_fields)
    return next((field.description for field in fields if field.description), "write it")


def _either(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
