"""Long work: asked for by a person, done by another process within limits, with progress, left and found again.

Owns the word *job*. Rooms above register kinds of work in their `jobs.py`; the processes are in `ops/worker.py`.
"""
