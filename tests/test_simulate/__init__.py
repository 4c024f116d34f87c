"""The simulated gateways: their API and page, and clients that aren't ours."""
