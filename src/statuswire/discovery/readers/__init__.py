"""What files name: pure functions from the text of one kind of file to `Seen`, or ConfigError in our own words."""
