"""smsgate with the other end written by somebody else: what both understand alike is understood."""
