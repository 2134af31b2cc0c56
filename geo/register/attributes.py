"""What a list says beyond the register's own fields: 户数, 楼栋, 投资, 标段, further quantities. Kept beside a work as it stands.

A row holds them as a JSON object of header -> number or text, in the order of the list.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from geo.values import is_unknown

Attributes = dict[str, Any]


def read_attributes(text: object) -> Attributes:
    """The attributes of a row; none for an unknown text, or one that is no JSON object."""
    if is_unknown(text):
        return {}
    try:
        held = json.loads(str(text))
    except ValueError:
        return {}
    return dict(held) if isinstance(held, dict) else {}


def write_attributes(attributes: Mapping[str, Any]) -> str | None:
    """Attributes as a row holds them; None for none."""
    if not attributes:
        return None
    return json.dumps(dict(attributes), ensure_ascii=False, allow_nan=False)


def attribute_text(value: Any) -> str:
    """A value as people read it: ``691.6``, ``400``, a text as it stands."""
    return f"{value:,.10g}" if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)


def attributes_text(text: object) -> str:
    """The attributes of a row as one line: ``户数：400；投资（万元）：691.6``."""
    return "；".join(f"{name}：{attribute_text(value)}" for name, value in read_attributes(text).items())


def attribute_sums(texts: Iterable[object]) -> pd.DataFrame:
    """Each numeric attribute of rows summed.

    Parameters
    ----------
    texts : iterable of str or None
        The column ``attributes`` of rows.

    Returns
    -------
    DataFrame
        ``name``, ``rows`` (how many say a number), ``sum``; in the order in which the names come first.
    """
    rows: dict[str, int] = {}
    sums: dict[str, float] = {}
    for text in texts:
        for name, value in read_attributes(text).items():
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                rows[name] = rows.get(name, 0) + 1
                sums[name] = sums.get(name, 0.0) + float(value)
    return pd.DataFrame(
        {"name": list(rows), "rows": list(rows.values()), "sum": [sums[name] for name in rows]}
    )
