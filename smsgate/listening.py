"""The socket on which a server takes connections."""

from __future__ import annotations

import socket

from smsgate.bootstrap import Unfit

BACKLOG = 2048
"""Connections that may wait to be taken."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that takes connections from now on. Raises Unfit."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends at once (TCP_NODELAY) only where the protocol is named; otherwise an answer may wait 40 ms
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        # before the address is announced: who comes at once waits in the backlog instead of being refused
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise Unfit(
            f"can't listen on {host}:{port}: {error.strerror}. Is smsgate running there already? Another port:"
            f" SMSGATE_LISTEN=127.0.0.1:{port + 1}"
        ) from error
    return listening
