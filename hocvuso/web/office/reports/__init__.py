"""Reports: prefilled, narrative, submit, return, accept, aggregate; questions about a figure."""
