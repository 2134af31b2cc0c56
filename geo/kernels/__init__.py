"""Compiled measuring: discs, cells, walks along streets, rasters."""
