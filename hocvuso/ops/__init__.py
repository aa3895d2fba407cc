"""Operating: the `hocvuso` command and what it does — serve, setup, doctor, backup, restore, publish."""
