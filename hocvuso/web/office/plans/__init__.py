"""Plans and tasks: board, Gantt, list, calendar, mine today; approval; assignment to many."""
