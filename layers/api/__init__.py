"""OGC API - Features and Tiles over the register, by pygeoapi; this package writes providers and routes only."""
