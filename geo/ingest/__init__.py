"""Bringing files in: reading them safely, telling their coordinates, reading their cells, planning what to write."""
