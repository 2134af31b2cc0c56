"""The detailed base map: an OSM extract as vector tiles in one file, made when a person asks for it."""
