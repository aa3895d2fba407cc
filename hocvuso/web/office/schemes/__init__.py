"""Schemes: links, shares, the matrix, sums without double counting."""
