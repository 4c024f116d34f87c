"""What is looked at in the forms about users: names, passwords, accounts of the org chart."""

from __future__ import annotations

import re

from smsgate.service.passwords import LONGEST, SHORTEST, fault_of
from smsgate.web.pages.speech import Speech

_FAULTS = {
    "short": "password.short",
    "long": "password.long",
    "common": "password.common",
    "named": "password.named",
}
_NAME = re.compile(r"[\w.@+-]{1,64}")


def looked_at_name(speech: Speech, name: str) -> dict[str, str]:
    """What is wrong with a user's name, by field; empty: nothing."""
    return {} if _NAME.fullmatch(name) else {"name": speech.t("users.bad_name")}


def looked_at_password(speech: Speech, form: dict[str, str], *names: str) -> dict[str, str]:
    """What is wrong with a new password and its repetition, by field; empty: nothing."""
    password = form.get("password", "")
    fault = fault_of(password, *names)
    if fault:
        return {"password": speech.t(_FAULTS[fault], least=SHORTEST, most=LONGEST)}
    return {} if form.get("again", "") == password else {"again": speech.t("password.again_differs")}
