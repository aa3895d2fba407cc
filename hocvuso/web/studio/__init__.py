"""For authors and reviewers of programmes."""
