"""Dashboards: map, ladders, trends; wall screen; open data."""
