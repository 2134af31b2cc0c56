"""Public transport: a timetable in seconds and places, and the engines that can compute with it."""
