"""How long a whole answer may take, from the beginning of the work to its end; then its worker is stopped."""

from __future__ import annotations

import os
from typing import Final

_TIMES: Final = float(os.environ.get("ATLAS_TIME_FACTOR", "1"))
"""How many times as long as here everything may take, on a slower machine (docs/deploy.md)."""
ANSWER_S: Final = 30.0 * _TIMES
"""An analysis: gaps, equity, impact, a walk along a person's streets."""
API_SITES_S: Final = 10.0 * _TIMES
"""A siting question of the open API, whose solver has 2 seconds of these."""
SITES_MORE_S: Final = 20.0 * _TIMES
"""A siting question of a page: so long beside the time that its solver is given."""
FILE_S: Final = 60.0 * _TIMES
"""A report, a picture, a file."""
OPEN_DATA_S: Final = 1800.0 * _TIMES
"""An extract of a province, a raster of a country."""
