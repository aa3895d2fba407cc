"""The desk of residents' requests: what waits, one with what was said, writing down, terms."""
