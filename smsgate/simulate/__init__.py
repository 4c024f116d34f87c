"""Gateways of carriers to play with: what they do, right or wrong, is told to them while they run."""
