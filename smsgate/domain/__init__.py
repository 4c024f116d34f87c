"""What a ticket is and what may become of it: plain values and pure functions."""
