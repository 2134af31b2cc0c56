"""CQL2 filters (OGC 21-065r2): read by the cql2 library, answered on the rows of a frame."""
