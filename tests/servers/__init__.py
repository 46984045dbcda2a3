"""Real servers that tests start for themselves, on free ports and in temporary folders, and end again."""
