"""Three things that pygeoapi 0.21 has no setting for."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pygeoapi.api import itemtypes
from pygeofilter.parsers.cql2_text import parse as parse_cql2
from pygeofilter.parsers.ecql import parse as parse_ecql


@lru_cache(maxsize=1)
def adapt() -> None:
    """Claim no transactions, and read CQL2 text beside ECQL. Done once a process.

    The provider only reads, while the list of conformance classes names create-replace-delete for everybody; and
    pygeofilter brings a parser of CQL2 text that pygeoapi does not ask.
    """
    classes = itemtypes.CONFORMANCE_CLASSES_FEATURES
    classes[:] = [name for name in classes if "create-replace-delete" not in name]
    itemtypes.parse_ecql_text = parse_either


def parse_either(text: str) -> Any:
    """A filter as CQL2 text or, where that does not fit, as ECQL; raises what the second parser says."""
    from lark.exceptions import LarkError

    try:
        return parse_cql2(text)
    except (LarkError, ValueError, TypeError, KeyError):
        return parse_ecql(text)
