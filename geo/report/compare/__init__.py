"""Districts side by side on any measure: the number, its range, what it is of, and how it changed."""
