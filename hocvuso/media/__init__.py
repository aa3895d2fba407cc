"""Pictures made ready for the line they travel on, and speech. Slides and video come with their lessons.

Knows no word of the domain.
"""
