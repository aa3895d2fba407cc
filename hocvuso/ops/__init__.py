"""Operating: the `hocvuso` command and what it does — serve, setup, doctor, bench, backup, restore, publish."""
