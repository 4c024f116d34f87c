"""Settings of the daily report (docs/reports.md)."""

from __future__ import annotations

import re
from datetime import time
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from smsgate.accounts.base import Named, Section

_Address = Annotated[str, StringConstraints(pattern=r"^[^@\s<>,]+@[^@\s<>,]+$")]
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


class ReportSettings(Section):
    """What is made of yesterday every morning; nothing, unless somebody is to get it or a folder is named."""

    at: str = Field("07:30", description="when, in the org chart's time zone")
    to: tuple[_Address, ...] = Field((), description="who gets it by e-mail")
    account: Named | None = Field(None, description="the e-mail account whose mail server takes it")
    folder: Path | None = Field(None, description="where it is put as a file, smsgate-report-2026-11-22.xlsx")
    keep_days: int = Field(90, ge=1, le=3660, description="older files of ours in that folder are deleted")

    @field_validator("at")
    @classmethod
    def _a_time(cls, given: str) -> str:
        if _CLOCK.fullmatch(given.strip()) is None:
            raise ValueError(f"{given!r} is no time of day: write it like 07:30")
        return given.strip()

    @model_validator(mode="after")
    def _sent_by_somebody(self) -> Self:
        if bool(self.to) != (self.account is not None):
            raise ValueError("to and account belong together: who gets it, and whose mail server takes it")
        return self

    @property
    def due(self) -> time:
        """When, by the wall clock."""
        return time.fromisoformat(self.at)

    @property
    def wanted(self) -> bool:
        """Whether there is to be one at all."""
        return bool(self.to) or self.folder is not None
