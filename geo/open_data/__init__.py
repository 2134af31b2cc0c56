"""Open data that a person asks for: what the pack names, fetched from the network or taken from a folder."""
