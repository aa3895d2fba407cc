"""Questions about the movement."""
