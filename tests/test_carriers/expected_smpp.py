"""What is in each SMPP frame: by hand, from the tables and hexadecimal of smpp.md 7 and the lines of peers.txt."""

from __future__ import annotations

from typing import Any

from smsgate.carriers.codec import smpp34
from smsgate.carriers.codec.smpp34 import Tlv

SERVICE, PHONE = "10690123", "8613800138000"
DISPATCHED = "工单A12已派发，回复1确认".encode("utf-16-be")
WHOLE_71 = ("故障工单" * 18)[:71].encode("utf-16-be")
FIRST_67 = WHOLE_71[:134]
# smpp.md 4: the id is 0x5f3a9c01 in decimal
RECEIPT = b"id:1597676545 sub:001 dlvrd:001 submit date:2503010809 done date:2503010810 stat:DELIVRD err:000 text:"


def submit(**fields: Any) -> smpp34.SubmitSm:
    """As all examples are: from the service to the phone, with a receipt."""
    given: dict[str, Any] = {
        "source_addr_ton": 0,
        "source_addr_npi": 1,
        "source_addr": SERVICE,
        "dest_addr_ton": 1,
        "dest_addr_npi": 1,
        "destination_addr": PHONE,
        "registered_delivery": 1,
        "data_coding": 8,
    }
    return smpp34.SubmitSm(**given | fields)


def deliver(**fields: Any) -> smpp34.DeliverSm:
    """From the phone to the service."""
    given: dict[str, Any] = {
        "source_addr_ton": 1,
        "source_addr_npi": 1,
        "source_addr": PHONE,
        "dest_addr_ton": 0,
        "dest_addr_npi": 1,
        "destination_addr": SERVICE,
    }
    return smpp34.DeliverSm(**given | fields)


SHEET: dict[str, tuple[smpp34.Pdu, int]] = {
    "P-BIND_TRX": (smpp34.BindTransceiver(system_id="901782", password="ICP", interface_version=0x34), 1),
    "P-BIND_TRX_RESP": (smpp34.BindTransceiverResp(system_id="SMSC", tlvs=(Tlv(0x0210, b"\x34"),)), 1),
    "P-BIND_TRX_RESP-fail": (smpp34.BindTransceiverResp(system_id=None, status=0x0D), 1),
    "P-SUBMIT-ucs2": (submit(short_message=DISPATCHED), 3),
    "P-SUBMIT-udh-1of2": (submit(esm_class=0x40, short_message=b"\5\0\3\x2a\2\1" + FIRST_67), 4),
    "P-SUBMIT-payload": (submit(tlvs=(Tlv(0x0424, WHOLE_71),)), 5),
    "P-SUBMIT-sar-1of2": (
        submit(short_message=FIRST_67, tlvs=(Tlv(0x020C, b"\0\x2a"), Tlv(0x020E, b"\2"), Tlv(0x020F, b"\1"))),
        6,
    ),
    "P-SUBMIT-gsm7-unpacked": (submit(data_coding=0, short_message=b"Ticket A12 \x1b\x65 open"), 7),
    "P-SUBMIT_RESP": (smpp34.SubmitSmResp(message_id="5f3a9c01"), 3),
    "P-SUBMIT_RESP-throttled": (smpp34.SubmitSmResp(message_id=None, status=0x58), 4),
    "P-SUBMIT_RESP-queuefull": (smpp34.SubmitSmResp(message_id="", status=0x14), 5),
    "P-DELIVER-MO": (
        deliver(destination_addr="106901234567", data_coding=8, short_message="1 已到达".encode("utf-16-be")),
        7,
    ),
    "P-DELIVER-receipt": (
        deliver(esm_class=0x04, short_message=RECEIPT, tlvs=(Tlv(0x001E, b"5f3a9c01\0"), Tlv(0x0427, b"\2"))),
        8,
    ),
    "P-DELIVER_RESP": (smpp34.DeliverSmResp(message_id=""), 7),
    "P-ENQUIRE_LINK": (smpp34.EnquireLink(), 2),
    "P-ENQUIRE_LINK_RESP": (smpp34.EnquireLinkResp(), 2),
    "P-UNBIND": (smpp34.Unbind(), 9),
    "P-UNBIND_RESP": (smpp34.UnbindResp(), 9),
    "P-GENERIC_NACK": (smpp34.GenericNack(status=3), 10),
}

PEERS: dict[str, tuple[smpp34.Pdu, int]] = {
    "P-BIND_RX": (smpp34.BindReceiver(system_id="901782", password="ICP"), 7),
    "P-BIND_TX": (
        smpp34.BindTransmitter(
            system_id="901782", password="ICP", system_type="VMS", addr_ton=1, addr_npi=1, address_range="^1069"
        ),
        7,
    ),
    "P-SUBMIT-validity": (
        submit(esm_class=0x40, validity_period="250301081000032+", short_message=b"\5\0\3\x2a\2\1\x5d\xe5"),
        7,
    ),
    "P-DATA": (
        smpp34.DataSm(
            source_addr_npi=1,
            source_addr=SERVICE,
            dest_addr_ton=1,
            dest_addr_npi=1,
            destination_addr=PHONE,
            registered_delivery=1,
            data_coding=8,
            tlvs=(Tlv(0x0424, "工单".encode("utf-16-be")),),
        ),
        7,
    ),
    "P-DATA_RESP": (smpp34.DataSmResp(message_id="5f3a9c01"), 7),
    "P-QUERY": (smpp34.QuerySm(message_id="5f3a9c01", source_addr_npi=1, source_addr=SERVICE), 7),
    "P-QUERY_RESP": (
        smpp34.QuerySmResp(message_id="5f3a9c01", final_date="250301081000032+", message_state=2, error_code=0),
        7,
    ),
    "P-ALERT": (
        smpp34.AlertNotification(
            source_addr_ton=1,
            source_addr_npi=1,
            source_addr=PHONE,
            esme_addr_npi=1,
            esme_addr=SERVICE,
            tlvs=(Tlv(0x0422, b"\0"),),
        ),
        7,
    ),
    "P-CANCEL": (
        smpp34.CancelSm(
            message_id="5f3a9c01",
            source_addr_npi=1,
            source_addr=SERVICE,
            dest_addr_ton=1,
            dest_addr_npi=1,
            destination_addr=PHONE,
        ),
        7,
    ),
    "P-CANCEL_RESP": (smpp34.CancelSmResp(), 7),
    "P-REPLACE": (
        smpp34.ReplaceSm(
            message_id="5f3a9c01", source_addr_npi=1, source_addr=SERVICE, registered_delivery=1, short_message=b"OK"
        ),
        7,
    ),
    "P-REPLACE_RESP": (smpp34.ReplaceSmResp(status=0x13), 7),
    "P-OUTBIND": (smpp34.Outbind(system_id="SMSC", password="secret12"), 1),
    "P-BIND_RX_RESP-fail-with-NUL": (smpp34.BindReceiverResp(system_id="", status=0x0D), 1),
    "P-BIND_TX_RESP": (smpp34.BindTransmitterResp(system_id="SMSC"), 1),
    "P-DELIVER_RESP-without-body": (smpp34.DeliverSmResp(message_id=None, status=0x64), 7),
    "P-QUERY_RESP-without-body": (
        smpp34.QuerySmResp(message_id=None, final_date=None, message_state=None, error_code=None, status=0x67),
        7,
    ),
    "P-SUBMIT_MULTI": (smpp34.Unknown(0x21, b"\0\0\0\0\1"), 7),
}
