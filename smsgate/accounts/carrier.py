"""Settings of accounts at carriers' gateways: what SMPP and CMPP have in common, and each its own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, StringConstraints, model_validator

from smsgate.accounts.base import BadSecret, Named, NumberedAccount, secret_in
from smsgate.service.segments import Manner, Repertoire

CMPP_WHOLE = 159
"""Octets of a text in Msg_Fmt 0 that is one SMS: fewer than 160 (cmpp.md 5)."""
_REPERTOIRES = {
    "gsm7": Repertoire.GSM7,
    "gsm7_packed": Repertoire.GSM7,
    "latin1": Repertoire.LATIN1,
    "ascii": Repertoire.ASCII,
    "gb18030": Repertoire.ASCII,
}
"""What each alphabet says in one octet."""
LOOPBACK = ("127.0.0.1", "::1", "localhost")

_Seconds = Annotated[float, Field(gt=0, le=3600)]
_Octet = Annotated[int, Field(ge=0, le=255)]
_Ascii = StringConstraints(pattern=r"^[\x20-\x7e]*$")


class CarrierAccount(NumberedAccount):
    """An account at a gateway that we connect to and stay connected with."""

    host: Named = Field(description="the gateway's name or address")
    port: int = Field(ge=1, le=65535)
    tls: bool = Field(False, description="speak TLS from the first octet on")
    tls_ca: Path | None = Field(None, description="a file with the certificates to trust, instead of the system's")
    tls_name: str | None = Field(None, description="the name in the gateway's certificate, where it isn't host")
    simulated: bool = Field(
        False,
        description="the gateway is smsgate's own simulator, so that the sample chart may be used",
    )
    connections: int = Field(1, ge=1, le=16, description="kept open at once, each with its own login")
    window: int = Field(16, ge=1, le=1024, description="submits without an answer, on each connection")
    rate: float = Field(0, ge=0, description="segments a second at most; 0: no limit")
    number_format: Literal["international", "plus", "national"] = Field(
        "international", description="how recipients are written: 8613…, +8613… or 13…"
    )
    home_country: str = Field("86", pattern=r"^[1-9][0-9]{0,2}$", description="what national numbers lack")
    signature: int = Field(
        0, ge=0, le=30, description="characters of the 【签名】 that the gateway adds to each SMS and counts"
    )
    receipts: bool = Field(True, description="ask for delivery receipts")
    throttle_codes: tuple[int, ...] = Field((), description="answers that mean: slower; empty: the protocol's own")
    retry_codes: tuple[int, ...] = Field((), description="answers that mean: try again; empty: the protocol's own")
    connect_seconds: _Seconds = Field(10, description="for the connection, and for the answer to the login")
    response_seconds: _Seconds = Field(60, description="T: for the answer to a request; then its outcome is unknown")
    submit_tries: int = Field(
        1, ge=1, le=10, description="N: how often an unanswered submit is sent, same sequence; over 1 may double an SMS"
    )
    heartbeat_seconds: _Seconds = Field(30, description="C: of silence, until the link is tested")
    heartbeat_tries: int = Field(3, ge=1, le=10, description="N: unanswered tests, until the link is given up")
    heartbeat_wait_seconds: _Seconds = Field(20, description="for the answer to a test")
    reconnect_seconds: _Seconds = Field(1, description="until the first try to connect again; doubles, with jitter")
    reconnect_longest_seconds: _Seconds = 60
    refused_seconds: _Seconds = Field(60, description="the same after a refused login, which may lock an account")
    refused_longest_seconds: _Seconds = 900

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.reconnect_seconds > self.reconnect_longest_seconds:
            raise ValueError("reconnect_seconds is longer than reconnect_longest_seconds")
        if self.refused_seconds > self.refused_longest_seconds:
            raise ValueError("refused_seconds is longer than refused_longest_seconds")
        if self.simulated and self.host not in LOOPBACK:
            raise ValueError(
                f"simulated = true is for smsgate's own gateway on {' or '.join(LOOPBACK)}, not {self.host}"
            )
        if not self.tls and (self.tls_ca is not None or self.tls_name is not None):
            raise ValueError("tls_ca and tls_name mean nothing without tls = true")
        return self

    @property
    def is_simulated(self) -> bool:
        """Whether the other end is a gateway of ours."""
        return self.simulated

    @property
    def manner(self) -> Manner:
        """How its gateway takes texts."""
        return Manner(self.signature)

    def secret(self) -> str:
        """What we log in with. Raises BadSecret."""
        raise BadSecret("there is none")

    def check_secrets(self) -> None:
        """That one alone. Raises BadSecret."""
        self.secret()

    @property
    def longest_send(self) -> float:
        """Seconds that one request may take."""
        return self.response_seconds * self.submit_tries


class SmppAccount(CarrierAccount):
    """An account at an SMSC that speaks SMPP 3.4."""

    kind: Literal["smpp"]
    port: int = Field(2775, ge=1, le=65535)
    system_id: Annotated[str, _Ascii, Field(min_length=1, max_length=15)]
    password: SecretStr | None = Field(None, description="at most 8 characters")
    password_file: Path | None = Field(None, description="a file that holds the password, instead of password")
    system_type: Annotated[str, _Ascii, Field(max_length=12)] = ""
    bind: Literal["transceiver", "pair"] = Field(
        "transceiver", description="one session both ways, or a transmitter and a receiver for each of connections"
    )
    interface_version: _Octet = 0x34
    address_range: Annotated[str, _Ascii, Field(max_length=40)] = ""
    bind_ton: _Octet = 0
    bind_npi: _Octet = 0
    source_ton: _Octet = 0
    source_npi: _Octet = 1
    dest_ton: _Octet = 1
    dest_npi: _Octet = 1
    service_type: Annotated[str, _Ascii, Field(max_length=5)] = ""
    alphabet: Literal["gsm7", "gsm7_packed", "ascii", "latin1"] = Field(
        "gsm7", description="the SMSC's default alphabet, data_coding 0"
    )
    long_messages: Literal["udh", "sar", "payload"] = Field(
        "udh", description="how parts are told: in the text's header, in TLVs, or the whole text as message_payload"
    )
    send_validity: bool = Field(False, description="tell the SMSC when a message is of no use any more")
    trailing_nul: bool = Field(False, description="the SMSC ends each text with a NUL that is no part of it")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.password is None) == (self.password_file is None):
            raise ValueError("give either password or password_file")
        if self.password is not None:
            _fitting(self.password.get_secret_value(), "password")
        return self

    @property
    def manner(self) -> Manner:
        """How its SMSC takes texts."""
        return Manner(self.signature, repertoire=_REPERTOIRES[self.alphabet])

    def secret(self) -> str:
        """The password. Raises BadSecret."""
        if self.password_file is not None:
            return _fitting(secret_in(self.password_file, "password_file"), "password_file")
        if self.password is None:
            raise BadSecret("password is missing")
        return self.password.get_secret_value()


class CmppAccount(CarrierAccount):
    """An account at an ISMG that speaks CMPP 2.0 or 3.0."""

    kind: Literal["cmpp"]
    port: int = Field(7890, ge=1, le=65535)
    version: Literal["2.0", "3.0"] = Field("3.0", description="what we ask for; the gateway's answer decides")
    sp_id: Annotated[str, _Ascii, Field(min_length=1, max_length=6, description="the enterprise code, Source_Addr")]
    shared_secret: SecretStr | None = None
    shared_secret_file: Path | None = Field(None, description="a file that holds it, instead of shared_secret")
    padded_digest: bool = Field(False, description="an sp_id under 6 characters is filled up in the login's digest")
    strict_login: bool = Field(False, description="refuse a gateway whose AuthenticatorISMG is wrong; most are")
    service_id: Annotated[str, _Ascii, Field(max_length=10)] = ""
    msg_src: Annotated[str, _Ascii, Field(max_length=6)] = Field("", description="Msg_src; empty: sp_id")
    msg_level: Annotated[int, Field(ge=0, le=9)] = 1
    fee_user_type: Annotated[int, Field(ge=0, le=3)] = Field(2, description="who pays: 2 is us")
    fee_type: Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")] = "01"
    fee_code: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,6}$")] = "000000"
    alphabet: Literal["ascii", "gb18030", "latin1"] = Field("ascii", description="what Msg_Fmt 0 is read as")
    send_validity: bool = Field(False, description="fill ValId_Time")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.shared_secret is None) == (self.shared_secret_file is None):
            raise ValueError("give either shared_secret or shared_secret_file")
        if self.shared_secret is not None and not self.shared_secret.get_secret_value():
            raise ValueError("shared_secret is empty")
        return self

    @property
    def manner(self) -> Manner:
        """How its ISMG takes texts."""
        return Manner(self.signature, CMPP_WHOLE, _REPERTOIRES[self.alphabet])

    def secret(self) -> str:
        """The shared secret. Raises BadSecret."""
        if self.shared_secret_file is not None:
            return secret_in(self.shared_secret_file, "shared_secret_file")
        if self.shared_secret is None:
            raise BadSecret("shared_secret is missing")
        return self.shared_secret.get_secret_value()


def _fitting(password: str, setting: str) -> str:
    """SMPP has room for eight octets (smpp.md 3). Raises BadSecret, a ValueError, without the password."""
    if len(password) > 8 or not password.isascii():
        raise BadSecret(f"{setting}: SMPP has room for 8 characters of ASCII, this is longer or something else")
    return password
