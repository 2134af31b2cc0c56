"""The drawn half of a report: a static map in the look of the web layers, and the command that writes files."""
