"""Layers of more features than a browser should be sent: vector tiles, made here as they are asked for (docs/decisions/0062)."""
