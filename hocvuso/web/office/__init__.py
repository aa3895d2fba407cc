"""For offices: places and units, imports, roles, the journal."""
