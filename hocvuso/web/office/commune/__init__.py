"""A commune's workspace: duties, figures owed, morning brief."""
