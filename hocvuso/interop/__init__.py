"""The door for machines: documented JSON, machine clients, signed web hooks, tables and questions in the forms others use."""
