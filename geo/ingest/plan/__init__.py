"""Plans what an import writes: places, matches with known works, checks, events."""
