"""Carriers' gateways on loopback: to try a link, to learn it, and to see what smsgate does with a bad one.

`Gateway` plays the other end of a link in both protocols, with every fault that real ones have; tests use it as it is,
`smsgate simulate` puts a control page in front of it. Nothing here is ever part of a running service.
"""

from smsgate.simulate.faults import Faults, IdForm, ReceiptForm
from smsgate.simulate.gateway import Gateway
from smsgate.simulate.records import Submit, Taken
from smsgate.simulate.tongue import Login
from smsgate.simulate.writing import Injection, Parts

__all__ = ["Faults", "Gateway", "IdForm", "Injection", "Login", "Parts", "ReceiptForm", "Submit", "Taken"]
