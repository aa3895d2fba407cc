"""The door for machines: documented JSON, machine clients, web hooks; tables and questions in the forms others use."""
