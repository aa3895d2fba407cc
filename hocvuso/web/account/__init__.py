"""For the person: signing in, my account, my data, guardians."""
