"""Loops beside the doors: the outbox dispatcher, the chart watcher."""
