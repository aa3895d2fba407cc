"""Questions about steering, by subject."""
