"""The protocol versions that are spoken here, by the names that accounts and captured frames use."""

from __future__ import annotations

from typing import Any

from smsgate.carriers.codec import cmpp20, cmpp30, smpp34
from smsgate.carriers.codec.seam import Codec

CODECS: dict[str, Codec[Any, int]] = {"cmpp20": cmpp20, "cmpp30": cmpp30, "smpp34": smpp34}
