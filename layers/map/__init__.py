"""Map layers: what is drawn and how. A module here with a ``LAYER`` is a layer."""
