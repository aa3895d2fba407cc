"""The door for machines: documented JSON, machine clients, signed web hooks, tables in the forms others use."""
