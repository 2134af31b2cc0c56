"""Scenarios: what edits to facilities and streets would change."""
