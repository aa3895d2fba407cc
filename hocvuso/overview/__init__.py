"""Questions over several rooms, for pages and programs: a commune's page, dashboards.

It has no nouns and writes nothing: rows come from the rooms beneath, as typed rows.
"""
