"""What is taught: programmes, modules, lessons; editions, their review, and publishing into immutable bundles.

Owns the words *programme*, *lesson*, *edition*, *bundle*. Not here: questions' life and tests (assess), progress
(learning).
"""
