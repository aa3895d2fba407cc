"""Compiles a programme's source into an immutable, content-addressed, signed bundle on disk."""
