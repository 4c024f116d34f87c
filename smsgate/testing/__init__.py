"""Shipped fakes: frozen clock, phones that expect and reply, faulty providers."""
