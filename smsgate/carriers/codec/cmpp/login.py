"""The digests of CONNECT and CONNECT_RESP (cmpp.md 3)."""

from __future__ import annotations

from hashlib import md5

from smsgate.carriers.codec.wire import text_octets, unsigned_octets

_NULS = bytes(9)


def authenticator_source(source_addr: str, secret: bytes, timestamp: int, padded: bool = False) -> bytes:
    """MD5(Source_Addr ‖ 9 NULs ‖ secret ‖ timestamp as ten digits).

    The specification doesn't say whether a Source_Addr shorter than six octets is filled up here as it is in its
    field: `padded` for gateways that do. Raises ProtocolError for a Source_Addr that is no text of octets.
    """
    address = text_octets(source_addr)
    return _md5((address.ljust(6, b"\0") if padded else address) + _NULS + secret + b"%010d" % timestamp)


def authenticator_ismg(status: int, status_width: int, source: bytes, secret: bytes) -> bytes:
    """MD5(Status ‖ AuthenticatorSource ‖ secret): the gateway's proof that it knows the secret too.

    Status takes one octet in 2.0 and four in 3.0; SMSGate hashes four in 2.0 as well, and others send anything, so
    that a wrong one is to be shown and not, by default, to be refused (cmpp.md 3).
    """
    return _md5(unsigned_octets(status, status_width) + source + secret)


def is_gateway_genuine(digest: bytes, status: int, source: bytes, secret: bytes) -> bool:
    """Whether the digest of a CONNECT_RESP is one made with the secret, with Status in either width."""
    return digest in (authenticator_ismg(status, width, source, secret) for width in (1, 4) if status < 1 << 8 * width)


def _md5(octets: bytes) -> bytes:
    return md5(octets, usedforsecurity=False).digest()
