"""Status of CONNECT_RESP and Result of SUBMIT_RESP and DELIVER_RESP (cmpp.md 3, 5 and 6)."""

from __future__ import annotations

OK = 0
STRUCTURE = 1
FLOW_CONTROL = 8

CONNECT_STATUSES: dict[int, str] = {
    OK: "ok",
    STRUCTURE: "message structure is wrong",
    2: "source address (or IP address) is not allowed",
    3: "authentication failed",
    4: "version is too high",
}
"""5 and more: others; SMSGate's 5 is too many connections."""

RESULTS: dict[int, str] = {
    OK: "ok",
    STRUCTURE: "message structure is wrong",
    2: "command id is wrong",
    3: "sequence is repeated",
    4: "message length is wrong",
    5: "fee code is wrong",
    6: "message is too long",
    7: "service id is wrong",
    FLOW_CONTROL: "flow control",
    9: "gateway does not serve the charged number",
    10: "Src_Id is wrong",
    11: "Msg_src is wrong",
    12: "Fee_terminal_Id is wrong",
    13: "Dest_terminal_Id is wrong",
}
"""0–9 in both versions, 10–13 in 3.0; 100–199 are the vendor's own."""

RETRYABLE = SLOW_DOWN = frozenset({FLOW_CONTROL})
"""Try again, and more slowly; all the rest is permanent."""


def sentence(result: int, names: dict[int, str] = RESULTS) -> str:
    """For operators: what a result (or, by CONNECT_STATUSES, a status) says."""
    return f"{result} {meaning(result, names)}"


def meaning(result: int, names: dict[int, str] = RESULTS) -> str:
    """The same without the number, for where that stands already."""
    return names.get(result, "vendor" if 100 <= result <= 199 else "other")
