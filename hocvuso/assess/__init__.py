"""Proof: items and their life, tests (placement and final), attempts, answers, results with uncertainty.

Owns the words *item*, *blueprint*, *attempt*, *result*. Keys never leave this room before the answer is recorded.
"""
