"""Học vụ số: the software of the digital-literacy movement, as one Django project."""

__version__ = "0.1.0"
