"""Where: places (địa bàn) and the tree of units by management (đơn vị).

Owns the words *place*, *unit*, *path*. Not here: people and their roles (people), figures about units (indicators).
"""
