"""Pictures made ready for the line they travel on. Speech, slides and video come with their lessons.

Knows no word of the domain.
"""
