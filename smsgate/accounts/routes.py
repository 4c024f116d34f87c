"""Settings of routes, and of how accounts are judged (docs/routes.md)."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from smsgate.accounts.base import Named, Section

_PREFIX = re.compile(r"\+?[0-9]{0,15}")


def _listed(given: object) -> object:
    return (given,) if isinstance(given, str) else given


class RouteSettings(Section):
    """One `[[routes]]`: where numbers go that begin so."""

    prefix: Annotated[tuple[str, ...], BeforeValidator(_listed)] = Field(
        ("+",), description="of numbers in E.164, or a list of them; the longest decides; +: all numbers"
    )
    classes: Annotated[tuple[Literal["alarm", "answer", "bulk"], ...], BeforeValidator(_listed)] = Field(
        ("alarm", "answer", "bulk"), description="what it carries"
    )
    accounts: Annotated[tuple[Named, ...], BeforeValidator(_listed)] = Field(
        description="the first that is not bad is taken"
    )

    @field_validator("prefix", "classes", "accounts")
    @classmethod
    def _some(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        if not given:
            raise ValueError("write at least one: a route without any carries nothing")
        return given

    @field_validator("prefix")
    @classmethod
    def _dialable(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for one in given:
            if not _PREFIX.fullmatch(one):
                raise ValueError(f"{one!r} is no beginning of a number in E.164: write it like +86134, or + for all")
        return tuple(f"+{one.removeprefix('+')}" for one in given)

    @field_validator("accounts")
    @classmethod
    def _each_once(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for one in given:
            if given.count(one) > 1:
                raise ValueError(f"{one!r} is named twice: each account has one place in a route")
        return given


class HealthSettings(Section):
    """When an account is bad, and when it is good again."""

    window_seconds: float = Field(120, ge=1, le=3600, description="how long a result or a receipt counts")
    down_seconds: float = Field(15, ge=0, le=3600, description="a link that is down for longer makes its account bad")
    hold_seconds: float = Field(60, ge=1, le=3600, description="without trouble, until a bad one is used again")
    hold_longest_seconds: float = Field(900, ge=1, le=86400, description="hold_seconds doubles with each relapse")
    error_rate: float = Field(0.5, gt=0, le=1, description="the part of the requests that may fail or hang")
    least_results: int = Field(10, ge=1, description="requests without which nothing is said of errors")
    slow_times: float = Field(4, gt=1, description="how much later receipts come than the fastest other account's")
    slow_seconds: float = Field(60, ge=0, description="receipts that come sooner are never slow")
    least_receipts: int = Field(10, ge=1, description="receipts without which nothing is said of slowness")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.hold_seconds > self.hold_longest_seconds:
            raise ValueError("hold_seconds is longer than hold_longest_seconds")
        return self
