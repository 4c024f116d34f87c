"""What the settings of all provider accounts have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from smsgate.domain.service_number import LONGEST

Named = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class BadSecret(ValueError):  # noqa: N818 - the sentence is for whoever configures
    """A file that is to hold a secret can't be read, or holds none; its message names the setting."""


class Section(BaseModel):
    """A part of the settings: nothing that it doesn't know, and nothing changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def secret_in(file: Path, setting: str) -> str:
    """What a file holds, without blanks around it. Raises BadSecret, which names the setting."""
    try:
        found = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadSecret(f"{setting}: {file} can't be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise BadSecret(f"{setting}: {file} is no text in UTF-8") from error
    if not found:
        raise BadSecret(f"{setting}: {file} is empty; it has to hold the secret and nothing else")
    return found


class ProviderAccount(Section):
    """An account of any kind."""

    @property
    def is_simulated(self) -> bool:
        """Whether nothing that it sends reaches anybody."""
        return False

    def check_secrets(self) -> None:
        """Read its secrets once, before anything is started. Raises BadSecret, which names the setting."""


class NumberedAccount(ProviderAccount):
    """An account with a service number of its own, behind which the carrier may keep digits of ours."""

    service_number: Annotated[str, StringConstraints(pattern=r"^[0-9]{3,20}$")] = Field(
        description="the number that its SMS come from, digits alone: 10657500"
    )
    extension_digits: int = Field(
        0, ge=0, description="digits that the carrier allows behind it: a ticket's SMS come from number + code; 0: none"
    )

    @model_validator(mode="after")
    def _dialable(self) -> Self:
        if len(self.service_number) + self.extension_digits > LONGEST:
            raise ValueError(f"service_number and extension_digits come to over {LONGEST} digits, which no phone shows")
        return self
