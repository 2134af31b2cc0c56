"""Reads files in a process of its own, with limits."""
