"""PDUs: bytes ↔ typed values, one module per protocol version, all of the shape of `seam.Codec`.

Text fields are `str`, one character an octet (Latin-1), so that whatever octets a gateway puts there are written back
the same; a value ends before the NULs that fill its field. What a layout can't hold is a `wire.ProtocolError`, the
one exception of this room.
"""
