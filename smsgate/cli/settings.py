"""`smsgate config`: the settings in force, and where each came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import typer
from pydantic_settings import EnvSettingsSource, TomlConfigSettingsSource
from sqlalchemy.engine import make_url

from smsgate.config import Settings

_SECRET = ("token", "password", "secret")


def config_command() -> None:
    """Print every setting in force with where it came from; secrets are masked.

    Exit status 2 where one has a fault, or where a secret's file can't be read or is empty.

    Example: SMSGATE_LISTEN=127.0.0.1:9000 smsgate config
    """
    settings = Settings()
    said = {
        "environment": dict(_leaves(EnvSettingsSource(Settings)())),
        "smsgate.toml": dict(_leaves(TomlConfigSettingsSource(Settings)())),
    }
    rows = [
        (name, _shown(name, value), _origin(name, said)) for name, value in _leaves(settings.model_dump(mode="json"))
    ]
    name_width = max(len(name) for name, _, _ in rows)
    value_width = min(48, max(len(value) for _, value, _ in rows))
    for name, value, origin in rows:
        typer.echo(f"{name:<{name_width}}  {value:<{value_width}}  {origin}")
    settings.check_secrets()


def _leaves(values: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, f"{before}{name}.")
        elif isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
            yield from _leaves({f"{number}": one for number, one in enumerate(value)}, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def _origin(name: str, said: Mapping[str, Mapping[str, Any]]) -> str:
    for origin, values in said.items():
        if name.lower() in (given.lower() for given in values):
            return origin
    return "default"


def _shown(name: str, value: Any) -> str:
    if value is None or value == "" or value == []:
        return "-"
    last = name.rpartition(".")[2]
    if any(word in last for word in _SECRET) and not last.endswith("_file"):
        return "********"
    if name == "database":
        return _without_password(str(value))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _without_password(url: str) -> str:
    return make_url(url).render_as_string(hide_password=True)
