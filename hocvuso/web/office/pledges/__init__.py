"""Pledges and needs at `/dong-gop/`: lists, forms, one of each, what is given to whom and for how long."""
