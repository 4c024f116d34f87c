"""The ways to and from phones: one file or folder per provider, all of one shape."""
