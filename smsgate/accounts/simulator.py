"""Settings of the phone simulator."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from smsgate.accounts.base import NumberedAccount


class SimulatorAccount(NumberedAccount):
    """The phone simulator: an account at no carrier at all."""

    kind: Literal["simulator"] = "simulator"
    service_number: Annotated[str, StringConstraints(pattern=r"^[0-9]{3,20}$")] = "10657500"
    extension_digits: int = Field(8, ge=0)
    rate: float = Field(0, ge=0, description="segments a second at most; 0: no limit")

    @property
    def is_simulated(self) -> bool:
        """It is nothing else."""
        return True
