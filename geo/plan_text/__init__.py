"""From the text of a plan to drafted promises, their review by a person, and a city pack."""
