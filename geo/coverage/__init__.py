"""Who is served by facilities: the questions and their answers."""
