"""Use cases: what happens when a message arrives or somebody acts."""
