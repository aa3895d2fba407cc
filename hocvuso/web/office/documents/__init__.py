"""Administrative documents and numbering books."""
