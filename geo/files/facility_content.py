"""What goes into a file of facilities that already stand: the fields of works where they mean the same, and those of facilities."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import shapely

from geo.files.content import Content, labels_of_codes
from geo.text import mark as _
from geo.text import translate

_SAME_FIELDS: dict[str, str] = {
    "facility_id": "work_id",
    "kind": "facility_kind",
    "address_zh": "address",
}
"""Column of the register -> the field that a file calls it: an importer knows a row by it, whatever it is of."""


class FacilityContent(Content):
    """Facilities on a day, ready to be written: ``state`` holds rows of ``Register.facilities_on``."""

    layer: ClassVar[str] = "facilities"
    one: ClassVar[str] = "facility"
    sheet: ClassVar[str] = _("现状设施")
    group: ClassVar[str] = "facility_kind"

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row a facility, the columns of :data:`geo.display.fields.FIELDS` that it has, in their order."""
        rows = self.state.rename(columns=_SAME_FIELDS)
        kinds: Any = labels_of_codes(self.state["kind"], self.atlas.names("kinds", self.lang))
        return self._as_fields(rows.assign(facility_kind_text=kinds))

    @cached_property
    def shapes(self) -> np.ndarray[Any, np.dtype[Any]]:
        """A point in the file's system, None without a place."""
        points = shapely.points(self.state["lon"].to_numpy("float64"), self.state["lat"].to_numpy("float64"))
        return self._rounded(np.where(self.state["lon"].notna().to_numpy(), points, None))

    @property
    def _log(self) -> pd.DataFrame:
        events = self.atlas.pack.facility_events
        return events[events["facility_id"].isin(self.state.index)].rename(columns={"facility_id": "work_id"})

    @property
    def _place_facts(self) -> Mapping[str, str]:
        placed = int(self.state["lon"].notna().sum())
        return {
            _("有位置"): str(placed),
            _("没有位置"): str(len(self.state) - placed),
            _("齐全与否"): translate(_("登记里的设施并不齐全"), self.lang),
        }
