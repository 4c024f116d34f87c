"""What is in each CMPP frame: by hand, from the tables and hexadecimal of cmpp.md 11 and the lines of peers.txt."""

from __future__ import annotations

from typing import Any

from smsgate.carriers.codec import cmpp20, cmpp30
from tests.test_carriers.expected_smpp import DISPATCHED, FIRST_67, WHOLE_71

PHONE, PHONE_86, SERVICE = "13800138000", "8613800138000", "1069012345678"
SUBMITTED = 3503961864087535617
"""The id that SUBMIT_RESP gives and reports repeat."""
LOGIN = bytes.fromhex("8b634cd33413072a21b2e24afa87b8df")
ARRIVED = "1 已到达".encode("utf-16-be")
BEGIN_86 = b"2503010809" + b"2503010810" + b"8613800138000"
REPORT_60 = bytes.fromhex("30a092c027740001") + b"DELIVRD" + BEGIN_86 + bytes(8) + b"\0\0\0\7"
REPORT_71 = bytes.fromhex("30a092c027740001") + b"DELIVRD" + BEGIN_86 + bytes(19) + b"\0\0\0\7"
REPORT_60_FAILED = (
    bytes.fromhex("30a092c027740001") + b"UNDELIV25030108092503010811" + b"8613800138000" + bytes(8) + b"\0\0\0\x08"
)

_SUBMIT: dict[str, Any] = {
    "pk_total": 1,
    "pk_number": 1,
    "registered_delivery": 1,
    "msg_level": 1,
    "service_id": "FAULT",
    "fee_user_type": 2,
    "msg_fmt": 8,
    "msg_src": "900001",
    "fee_type": "01",
    "fee_code": "000000",
    "src_id": SERVICE,
}
_DELIVER: dict[str, Any] = {"dest_id": SERVICE, "service_id": "FAULT"}


def submit20(**fields: Any) -> cmpp20.Submit:
    return cmpp20.Submit(**_SUBMIT | fields)


def deliver20(**fields: Any) -> cmpp20.Deliver:
    return cmpp20.Deliver(**_DELIVER | {"src_terminal_id": PHONE} | fields)


def deliver30(**fields: Any) -> cmpp30.Deliver:
    return cmpp30.Deliver(**_DELIVER | {"src_terminal_id": PHONE} | fields)


SHEET: dict[str, tuple[cmpp20.Pdu | cmpp30.Pdu, int]] = {
    "C2-CONNECT": (cmpp20.Connect("900001", LOGIN, 0x20, 301080910), 1),
    "C3-CONNECT": (cmpp30.Connect("900001", LOGIN, 0x30, 301080910), 1),
    "C2-CONNECT_RESP-ok": (
        cmpp20.ConnectResp(0, bytes.fromhex("5ef9e379c55a55a64f0c4932b2d27851"), 0x20),
        1,
    ),
    "C3-CONNECT_RESP-ok": (
        cmpp30.ConnectResp(0, bytes.fromhex("9252018870019d860d6f86650d60926d"), 0x30),
        1,
    ),
    "C-ACTIVE_TEST": (cmpp20.ActiveTest(), 2),
    "C-ACTIVE_TEST_RESP": (cmpp20.ActiveTestResp(0), 2),
    "C-TERMINATE": (cmpp20.Terminate(), 9),
    "C-TERMINATE_RESP": (cmpp20.TerminateResp(), 9),
    "C2-SUBMIT-ucs2": (submit20(dest_terminal_id=(PHONE_86,), msg_content=DISPATCHED), 3),
    "C3-SUBMIT-ucs2": (cmpp30.Submit(**_SUBMIT, dest_terminal_id=(PHONE_86,), msg_content=DISPATCHED), 3),
    "C2-SUBMIT_RESP": (cmpp20.SubmitResp(SUBMITTED, 0), 3),
    "C3-SUBMIT_RESP": (cmpp30.SubmitResp(SUBMITTED, 0), 3),
    "C2-SUBMIT_RESP-throttled": (cmpp20.SubmitResp(0, 8), 4),
    "C3-SUBMIT_RESP-throttled": (cmpp30.SubmitResp(0, 8), 4),
    "C2-SUBMIT-long-1of2": (
        submit20(pk_total=2, tp_udhi=1, dest_terminal_id=(PHONE,), msg_content=b"\5\0\3\x2a\2\1" + FIRST_67),
        10,
    ),
    "C2-SUBMIT-long-2of2": (
        submit20(
            pk_total=2,
            pk_number=2,
            tp_udhi=1,
            dest_terminal_id=(PHONE,),
            msg_content=b"\5\0\3\x2a\2\2" + WHOLE_71[134:],
        ),
        11,
    ),
    "C2-DELIVER-MO-ucs2": (deliver20(msg_id=3503976432616603650, msg_fmt=8, msg_content=ARRIVED), 7),
    "C3-DELIVER-MO-ucs2": (deliver30(msg_id=3503976432616603650, msg_fmt=8, msg_content=ARRIVED), 7),
    "C2-DELIVER-MO-gbk": (deliver20(msg_id=0x30A0A04027740003, msg_fmt=15, msg_content="1 已到达".encode("gbk")), 8),
    "C2-DELIVER-MO-ascii": (deliver20(msg_id=0x30A0A08027740004, msg_fmt=0, msg_content=b"1 OK"), 9),
    "C2-DELIVER-MO-part-16bitref-udhi64": (
        deliver20(
            msg_id=0x30A0A0C027740005,
            tp_udhi=0x40,
            msg_fmt=8,
            msg_content=b"\x06\x08\x04\x12\x34\x02\x01" + "已到达".encode("utf-16-be"),
        ),
        10,
    ),
    "C2-DELIVER-report60": (
        deliver20(msg_id=3503977532128231430, src_terminal_id=PHONE_86, registered_delivery=1, msg_content=REPORT_60),
        11,
    ),
    "C3-DELIVER-report71": (
        deliver30(msg_id=3503977532128231430, src_terminal_id=PHONE_86, registered_delivery=1, msg_content=REPORT_71),
        11,
    ),
    "C3-DELIVER-report60-in-30": (
        deliver30(
            msg_id=0x30A0A14027740007,
            src_terminal_id=PHONE_86,
            registered_delivery=1,
            msg_content=REPORT_60_FAILED,
        ),
        12,
    ),
    "C2-DELIVER_RESP": (cmpp20.DeliverResp(3503976432616603650, 0), 7),
    "C3-DELIVER_RESP": (cmpp30.DeliverResp(3503976432616603650, 0), 7),
}

PEERS: dict[str, tuple[cmpp20.Pdu | cmpp30.Pdu, int]] = {
    "C-QUERY": (cmpp20.Query("20250301", 1, "FAULT"), 5),
    "C-QUERY_RESP": (cmpp20.QueryResp("20250301", 1, "FAULT", 10, 9, 8, 1, 0, 4, 3, 2), 5),
    "C-CANCEL": (cmpp20.Cancel(SUBMITTED), 6),
    "C2-CANCEL_RESP": (cmpp20.CancelResp(0), 6),
    "C3-CANCEL_RESP": (cmpp30.CancelResp(1), 6),
    "C-ACTIVE_TEST_RESP-12": (cmpp30.ActiveTestResp(None), 2),
    "C3-DELIVER-short-linkid": (
        deliver30(msg_id=3503976432616603650, service_id="", msg_content=b"1 OK", link_id=bytes(9)),
        7,
    ),
    "C2-DELIVER-old-octets-behind-NUL": (
        deliver20(msg_id=3503976432616603650, service_id="", dest_id="10690123\x005678", msg_content=b"1 OK"),
        7,
    ),
}
