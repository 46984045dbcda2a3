"""Whether something may go on, by how what it depends on is now: `statuswire gate` and `check_statuswire`."""
