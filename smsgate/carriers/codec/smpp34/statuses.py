"""command_status (smpp.md 6) and the states of a message (smpp.md 4)."""

from __future__ import annotations

OK = 0x00
SYSTEM_ERROR = 0x08
BIND_FAILED = 0x0D
QUEUE_FULL = 0x14
THROTTLED = 0x58
RECEIVER_TEMPORARY = 0x64
"""Our answer to a deliver_sm that is to come again."""
RECEIVER_PERMANENT = 0x65
RECEIVER_REJECTS = 0x66

STATUSES: dict[int, str] = {
    OK: "ok",
    0x01: "message length is invalid",
    0x02: "command length is invalid",
    0x03: "command id is invalid",
    0x04: "bind status does not allow the command",
    0x05: "already bound",
    SYSTEM_ERROR: "system error",
    0x0A: "source address is invalid",
    0x0B: "destination address is invalid",
    0x0C: "message id is invalid",
    BIND_FAILED: "bind failed",
    0x0E: "password is invalid",
    0x0F: "system id is invalid",
    QUEUE_FULL: "message queue is full",
    0x15: "service type is invalid",
    0x33: "number of destinations is invalid",
    0x43: "esm_class is invalid",
    0x45: "submit failed",
    0x48: "source TON is invalid",
    0x49: "source NPI is invalid",
    0x50: "destination TON is invalid",
    0x51: "destination NPI is invalid",
    0x53: "system type is invalid",
    THROTTLED: "throttled",
    0x61: "scheduled time is invalid",
    0x62: "validity period is invalid",
    RECEIVER_TEMPORARY: "receiver: temporary error",
    RECEIVER_PERMANENT: "receiver: permanent error",
    RECEIVER_REJECTS: "receiver: rejected",
    0xC0: "optional parameters are in error",
    0xC1: "optional parameter is not allowed",
    0xC2: "optional parameter's length is invalid",
    0xC3: "optional parameter is missing",
    0xC4: "optional parameter's value is invalid",
    0xFE: "delivery failure",
    0xFF: "unknown error",
}
"""0x400–0x4FF are the vendor's own."""

RETRYABLE = frozenset({THROTTLED, QUEUE_FULL, SYSTEM_ERROR, RECEIVER_TEMPORARY})
"""Try again; all the rest is permanent."""
SLOW_DOWN = frozenset({THROTTLED, QUEUE_FULL})
"""Try again, and more slowly."""

MESSAGE_STATES: dict[int, str] = {
    1: "ENROUTE",
    2: "DELIVERED",
    3: "EXPIRED",
    4: "DELETED",
    5: "UNDELIVERABLE",
    6: "ACCEPTED",
    7: "UNKNOWN",
    8: "REJECTED",
}


def sentence(status: int) -> str:
    """For operators: what a status says."""
    return f"0x{status:x} {STATUSES.get(status, 'vendor' if 0x400 <= status <= 0x4FF else 'not in the specification')}"
