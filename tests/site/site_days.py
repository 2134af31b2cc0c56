"""Days that tests of the public site ask for."""

from __future__ import annotations

from datetime import date

DAY = date(2026, 11, 23)
