"""Where things are: coordinate systems, districts, place names, pinyin."""
