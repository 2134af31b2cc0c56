"""CQL filters: read by pygeofilter, bounded here, so that no filter can hold a worker."""

from __future__ import annotations

from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pygeoapi.provider.base import ProviderInvalidQueryError
from pygeofilter import ast
from pygeofilter.backends.geopandas.evaluate import GeoPandasEvaluator

from geo.errors import ParameterError
from geo.text import mark as _

MAX_LENGTH: Final = 1000
MAX_DEPTH: Final = 20
MAX_NODES: Final = 100
MAX_WILDCARDS: Final = 4
"""Wildcards of a LIKE pattern: matching takes the length of the text to this power at worst."""


def check_text(text: str) -> None:
    """Refuse a filter that is too long or nested too deep, before any parser sees it."""
    depth = deepest = 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        deepest = max(deepest, depth)
    if len(text) > MAX_LENGTH or deepest > MAX_DEPTH:
        raise ParameterError(
            _("筛选式太长或嵌套太深。"),
            hint=_("至多 {length} 个字符、{depth} 层括号。"),
            length=MAX_LENGTH,
            depth=MAX_DEPTH,
        )


def matching_rows(frame: gpd.GeoDataFrame, root: Any) -> NDArray[np.bool_]:
    """Which rows pass a parsed filter, shape (n,); ``ProviderInvalidQueryError`` (400) for what cannot be asked."""
    _check_tree(root)
    try:
        found = GeoPandasEvaluator(_comparable(frame)).evaluate(root)
    except (KeyError, TypeError, ValueError, AttributeError, NotImplementedError, AssertionError) as error:
        raise ProviderInvalidQueryError(user_msg=f"this filter cannot be answered: {error}"[:200]) from error
    if not isinstance(found, pd.Series) or len(found) != len(frame):
        raise ProviderInvalidQueryError(user_msg="a filter must be a condition on properties")
    return found.fillna(value=False).to_numpy(bool)


def _comparable(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The frame with types that know "unknown", so that NOT of an unknown is unknown too; dates as ISO text."""
    kinds = {"b": "boolean", "f": "Float64", "i": "Int64"}
    names = [name for name in frame.columns if name != "geometry"]
    typed = {name: frame[name].astype(kinds.get(frame[name].dtype.kind, "string")) for name in names}
    return frame.assign(**{str(name): column for name, column in typed.items()})


def _check_tree(root: Any) -> None:
    nodes = [root]
    for _node in range(MAX_NODES + 1):
        if not nodes:
            return
        node = nodes.pop()
        if isinstance(node, ast.Like):
            _check_pattern(node)
        if isinstance(node, ast.Node):
            nodes.extend(node.get_sub_nodes())
    raise ProviderInvalidQueryError(user_msg=f"a filter may have at most {MAX_NODES} parts")


def _check_pattern(node: ast.Like) -> None:
    if str(node.pattern).count(node.wildcard or "%") > MAX_WILDCARDS:
        raise ProviderInvalidQueryError(user_msg=f"a pattern may have at most {MAX_WILDCARDS} wildcards")
