"""Moments of the store as people read them: by the clock of the city, not of the server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

_CHINA = timezone(timedelta(hours=8))


def local_time(moment: object) -> str:
    """A moment of the store (UTC, ISO 8601) by the one clock of the country; empty where nothing is recorded."""
    try:
        when = datetime.fromisoformat(str(moment))
    except ValueError:
        return ""
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return when.astimezone(_CHINA).strftime("%Y-%m-%d %H:%M")
