"""What the map and the API need of coverage answers. A package of its own, so that drawing does not import it."""
