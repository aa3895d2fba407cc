"""For communes: their own page."""
