"""What: frameworks, domains, competencies, tiers, crosswalks, audiences, outcomes.

Owns the words *framework*, *competency*, *tier*, *outcome*, *audience*. Not here: lessons that teach them (library).
"""
