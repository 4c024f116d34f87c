"""The `smsgate` command."""
