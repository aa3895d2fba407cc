"""What brings a learner back: the goal of a week, reminders of what is about to be forgotten."""
