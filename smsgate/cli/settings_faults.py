"""What is wrong with the settings, said to whoever writes them."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_settings import SettingsError

from smsgate.accounts import CmppAccount, HealthSettings, RouteSettings, SimulatorAccount, SmppAccount, TwilioAccount
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
_SECTIONS = (
    *(OfficeCalendar, Retry, SeverityLimits, RouteSettings, HealthSettings),
    *(SimulatorAccount, TwilioAccount, SmppAccount, CmppAccount),
)


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
    where = ".".join(parts) or "settings"
    if fault["type"] != "extra_forbidden":
        said = str(fault["msg"]).removeprefix("Value error, ")
        return f"{where}: {said}"
    models = (Settings,) if len(parts) == 1 else _SECTIONS
    near = get_close_matches(parts[-1], [name for model in models for name in model.model_fields], 1)
    return f"{where}: there is no such setting" + (f"; did you mean {near[0]}?" if near else "")
