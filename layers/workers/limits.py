"""How long a whole answer may take, from the beginning of the work to its end; then its worker is stopped."""

from __future__ import annotations

from typing import Final

ANSWER_S: Final = 30.0
"""An analysis: gaps, equity, impact, a walk along a person's streets."""
API_SITES_S: Final = 10.0
"""A siting question of the open API, whose solver has 2 seconds of these."""
SITES_MORE_S: Final = 20.0
"""A siting question of a page: so long beside the time that its solver is given."""
FILE_S: Final = 60.0
"""A report, a picture, a file."""
