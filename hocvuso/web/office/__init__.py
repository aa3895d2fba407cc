"""For offices that steer: plans, reports, indicators and what goes with them."""
