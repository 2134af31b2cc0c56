"""Reads header words and cell texts as typed values."""
