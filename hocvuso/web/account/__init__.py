"""For the person: sign-in, passkeys, my data, guardians."""
