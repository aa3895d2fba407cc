"""Where lessons are written: drafts of programmes as source text in tables, with history, checks and pictures.

Owns the words *draft* and *revision of a file*. Not here: what a source may say, compiling and publishing (library).
"""
