"""What is known of the works: the city pack, works, events, facilities, indicators, progress."""
