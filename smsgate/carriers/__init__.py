"""The carriers' own protocols: what a gateway says on a TCP connection, read and written here.

`codec/` knows PDUs, `text/` what is in a short message, `receipts.py` what a delivery receipt means. All of it is
values in, values out: no I/O, no clock, nothing to be opened.
"""
