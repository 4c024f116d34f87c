"""One connection to a gateway, and keeping it: every octet goes over a real socket."""
