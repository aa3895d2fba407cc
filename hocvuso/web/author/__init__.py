"""For authors and reviewers: editions, their checks, review and publishing."""
