"""The HTTP doors and the windows: webhooks, API, pages, live log."""
