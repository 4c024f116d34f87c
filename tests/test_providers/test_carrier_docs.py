"""The page for whoever connects a link leaves no setting out."""

import re
from pathlib import Path

import pytest

from smsgate.accounts import CmppAccount, SmppAccount

PAGE = Path(__file__).parents[2] / "docs" / "carriers.md"


@pytest.mark.parametrize("account", [SmppAccount, CmppAccount])
def test_every_setting_of_a_link_is_explained(account: type[SmppAccount | CmppAccount]) -> None:
    """By its name, in a table."""
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`([a-z_]+)`", row.split("|")[1])}
    assert set(account.model_fields) - {"kind"} <= named
