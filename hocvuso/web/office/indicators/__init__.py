"""Indicators and figures: see, drill down, declare, targets, quality flags."""
