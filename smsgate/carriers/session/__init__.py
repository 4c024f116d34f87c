"""Sessions with a gateway: one core for every protocol, and what each protocol says in it.

`dialect.py` is the seam: what a protocol version owes the core. The core (`session.py`, `keeper.py`) connects, logs in,
keeps the window, tests the link, ends in order and comes back; what a message means is not its business.
"""
