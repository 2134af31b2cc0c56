"""Tells which coordinate system a layer is really in."""
