"""Which rows pass a filter. An unknown is neither true nor false, as CQL2 says: NOT of it is unknown too."""

from __future__ import annotations

import operator
import re
import unicodedata
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.text import mark as _
from layers.api.filtering import spatial, temporal
from layers.api.filtering.text import Filter
from layers.api.filtering.values import Value, cannot, column, compared, constant, kind_name, moments, truth

_COMPARE: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COMPUTE: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "%": np.fmod,
    "div": lambda a, b: np.trunc(np.divide(a, b)),
    "^": np.power,
}
_FOLD: Final[dict[str, Callable[[str], str]]] = {
    "casei": str.casefold,
    "accenti": lambda text: "".join(
        letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter)
    ),
}


def matching_rows(
    frame: gpd.GeoDataFrame, wanted: Filter, fields: Mapping[str, Mapping[str, str]]
) -> NDArray[np.bool_]:
    """Which rows pass a filter, shape (n,).

    Parameters
    ----------
    frame : GeoDataFrame
        EPSG:4326.
    wanted : Filter
    fields : mapping
        JSON schema of each column that may be asked for.

    Returns
    -------
    ndarray of bool

    Raises
    ------
    ParameterError
        What cannot be asked of these columns.
    """
    found = _Evaluation(frame, wanted.crs, fields).value(wanted.tree)
    if found.kind != "truth":
        raise cannot(_("整个筛选式要是一个条件。"))
    passing: NDArray[np.bool_] = found.cells.fillna(value=False).to_numpy(bool)
    return passing


class _Evaluation:
    """Walks the tree of one filter over one frame."""

    def __init__(self, frame: gpd.GeoDataFrame, crs: str, fields: Mapping[str, Mapping[str, str]]) -> None:
        self.frame, self.crs, self.fields, self.rows = frame, crs, fields, len(frame)

    def value(self, node: Any) -> Value:
        """The values of a part on every row."""
        if isinstance(node, bool | int | float | str):
            return constant(node, self.rows)
        if not isinstance(node, dict):
            raise cannot(_("该写一个值的地方是一个列表。"))
        for member, read in (
            ("property", self._column),
            ("date", lambda text: moments(str(text), self.rows)),
            ("timestamp", lambda text: moments(str(text), self.rows)),
            ("bbox", lambda numbers: spatial.box(numbers, self.rows, self.crs)),
            ("interval", self._span),
        ):
            if member in node:
                return read(node[member])
        if "type" in node:
            return spatial.literal(node, self.rows, self.crs)
        return self._operation(str(node.get("op", "")), list(node.get("args", [])))

    def _column(self, name: str) -> Value:
        if name != "geometry" and name not in self.fields:
            meant = get_close_matches(name, self.fields, n=1)
            if meant:
                raise cannot(_("没有字段 {name}，是不是 {meant}？"), name=name[:60], meant=meant[0])
            raise cannot(_("没有字段 {name}。"), name=name[:60])
        return column(self.frame, name, date=self.fields.get(name, {}).get("format") == "date")

    def _span(self, ends: list[Any]) -> Value:
        return temporal.span([end if isinstance(end, str) else self.value(end) for end in ends], self.rows)

    def _operation(self, name: str, args: list[Any]) -> Value:
        if name.upper() == "ENVELOPE":
            return spatial.box(args, self.rows, self.crs)
        for names, least, answer in (
            (("and", "or"), 2, self._combined),
            (("not", "isNull"), 1, self._of_one),
            (tuple(_COMPARE), 2, self._compared),
            (tuple(_COMPUTE), 2, self._computed),
            (tuple(_FOLD), 1, self._folded),
            (("like", "in"), 2, self._chosen),
            (("between",), 2, self._between),
        ):
            if name in names:
                if len(args) < least:
                    raise cannot(_("{name} 要 {n} 个参数。"), name=name, n=least)
                return answer(name, args)
        low = name.lower()
        for relations, related in (
            (spatial.RELATIONS, spatial.related),
            (temporal.RELATIONS, temporal.related),
        ):
            if low in relations and len(args) == len(("this", "that")):
                return related(low, self.value(args[0]), self.value(args[1]))
        raise cannot(_("没有 {n} 个参数的函数 {name}。"), n=len(args), name=name[:40])

    def _truths(self, args: list[Any]) -> list[Any]:
        values = [self.value(arg) for arg in args]
        if any(value.kind != "truth" for value in values):
            raise cannot(_("AND、OR、NOT 连接的要是条件。"))
        return [value.cells for value in values]

    def _combined(self, name: str, args: list[Any]) -> Value:
        cells = self._truths(args)
        found = cells[0]
        for other in cells[1:]:
            found = found & other if name == "and" else found | other
        return Value("truth", found)

    def _of_one(self, name: str, args: list[Any]) -> Value:
        if name == "not":
            return Value("truth", ~self._truths(args[:1])[0])
        value = self.value(args[0])
        missing = pd.isna(value.cells) if value.ends is None else np.isnat(value.cells) | np.isnat(value.ends)
        return truth(np.asarray(missing, bool), np.ones(self.rows, bool))

    def _compared(self, name: str, args: list[Any]) -> Value:
        return compared(self.value(args[0]), self.value(args[1]), _COMPARE[name])

    def _computed(self, name: str, args: list[Any]) -> Value:
        one, other = self.value(args[0]), self.value(args[1])
        if (one.kind, other.kind) != ("number", "number"):
            raise cannot(
                _("{name} 要两个数，不是{one}和{other}。"),
                name=name,
                one=kind_name(one),
                other=kind_name(other),
            )
        numbers = [value.cells.to_numpy("float64", na_value=np.nan) for value in (one, other)]
        with np.errstate(all="ignore"):
            found = _COMPUTE[name](*numbers)
        return Value("number", pd.Series(np.where(np.isfinite(found), found, np.nan)).astype("Float64"))

    def _folded(self, name: str, args: list[Any]) -> Value:
        value = self.value(args[0])
        if value.kind != "text":
            raise cannot(_("{name} 要文本，不是{kind}。"), name=name, kind=kind_name(value))
        fold = _FOLD[name]
        fixed = fold(value.constant) if isinstance(value.constant, str) else None
        return Value("text", value.cells.map(fold, na_action="ignore").astype("string"), constant=fixed)

    def _chosen(self, name: str, args: list[Any]) -> Value:
        value = self.value(args[0])
        if name == "like":
            pattern = self.value(args[1]).constant
            if value.kind != "text" or not isinstance(pattern, str):
                raise cannot(_("LIKE 比较文本和写在筛选式里的模式。"))
            return Value("truth", value.cells.str.fullmatch(pattern_of(pattern)).astype("boolean"))
        if not isinstance(args[1], list) or not args[1]:
            raise cannot(_("IN 后面要一个列表。"))
        found = [compared(value, self.value(one), operator.eq).cells for one in args[1]]
        return Value("truth", pd.concat(found, axis=1).any(axis=1).astype("boolean").where(~found[0].isna()))

    def _between(self, _name: str, args: list[Any]) -> Value:
        ends = args[1] if len(args) == len(("value", "ends")) and isinstance(args[1], list) else args[1:]
        if len(ends) != len(("low", "high")):
            raise cannot(_("BETWEEN 要两个界限。"))
        low, high = (self.value(end) for end in ends)
        value = self.value(args[0])
        return Value(
            "truth", compared(value, low, operator.ge).cells & compared(value, high, operator.le).cells
        )


def pattern_of(text: str) -> re.Pattern[str]:
    """A LIKE pattern as a regular expression: ``%`` any letters, ``_`` one, a backslash before either means itself.

    What stands between two ``%`` is taken where it first fits and never tried elsewhere: no pattern takes long.
    """
    parts: list[str] = [""]
    letters = iter(text)
    for letter in letters:
        if letter == "%":
            parts.append("")
        elif letter == "\\":
            parts[-1] += re.escape(next(letters, "\\"))
        else:
            parts[-1] += "." if letter == "_" else re.escape(letter)
    first, *others = parts
    between = "".join(f"(?>.*?{part})" for part in others[:-1])
    return re.compile(first + between + (f".*{others[-1]}" if others else ""), re.DOTALL)
