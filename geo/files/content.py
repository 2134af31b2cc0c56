"""What goes into a file, whatever its format: rows with every field, shapes, and where it all comes from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Any, ClassVar

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.columns import Array, labels_of, objects
from geo.display.fields import NAMES, get_field
from geo.display.labels import district_names, plan_name
from geo.files.systems import System
from geo.places.crs import convert, convert_geometry
from geo.register.city import Atlas
from geo.register.order_of_events import day_number, day_numbers
from geo.register.work_counts import work_counts
from geo.register.work_outlines import work_outlines
from geo.table import table_text
from geo.text import mark as _
from geo.text import translate
from geo.vocabulary import CERTAINTY_LABELS, LOCATION_BASIS_LABELS, STATUS_LABELS


@dataclass(frozen=True, eq=False)
class Content:
    """Rows of the register on a day, ready to be written.

    Attributes
    ----------
    atlas : Atlas
    state : DataFrame
        The rows of ``Register.state`` that leave.
    as_of : date
    system : System
        What coordinates are written in.
    lang : str
        Language of headers, of words for codes, and of notes.
    encoding : str
        ``utf-8`` or ``gbk``, for the formats that have a choice.
    title : str
        What a person calls this selection.
    link : str
        Address of the view it was taken from; empty if none.
    """

    layer: ClassVar[str] = "works"
    """Name of the layer, and of files that hold it."""
    one: ClassVar[str] = "work"
    """What one row is, in ids."""
    sheet: ClassVar[str] = _("项目清单")
    """What people call the table (a message id)."""
    group: ClassVar[str] = "status"
    """The field that a legend would go by."""

    atlas: Atlas
    state: pd.DataFrame
    as_of: date
    system: System
    lang: str = "zh"
    encoding: str = "utf-8"
    title: str = ""
    link: str = ""

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row a work, the columns of :data:`geo.display.fields.FIELDS` that have a meaning in this system, in their order.

        Texts are str or None, numbers float64 with NaN, dates ``datetime.date`` or None.
        """
        state, lang = self.state, self.lang
        words: dict[str, Any] = {
            "category_text": labels_of_codes(state["category"], self.atlas.names("categories", lang)),
            "status_text": labels_of_codes(state["status"], STATUS_LABELS, lang),
            "certainty_text": labels_of_codes(state["certainty"], CERTAINTY_LABELS, lang),
        }
        return self._as_fields(state.assign(**words))

    def _as_fields(self, rows: pd.DataFrame) -> pd.DataFrame:
        """``rows`` with what every file says of each: place in its system, words for codes, source, shape, day and licence."""
        state, lang, city = self.state, self.lang, self.atlas.city
        cited = self.atlas.pack.sources[["title", "publisher", "published", "url"]].add_prefix("source_")
        frame = rows.join(cited, on="source_id")
        x, y = convert(
            state["lon"].to_numpy("float64"),
            state["lat"].to_numpy("float64"),
            source="WGS84",
            target=self.system.id,
        )
        first, second = self.system.axes
        extra: dict[str, Any] = {
            "district_text": self._districts(),
            "basis_text": labels_of_codes(state["location_basis"], LOCATION_BASIS_LABELS, lang),
            "crs": self.system.code,
            "wkt": self._drawn(),
            "as_of": self.as_of,
            "licence": f"{city.licence.label}; {city.credit_line(lang)}",
            first: np.round(x, self.system.digits),
            second: np.round(y, self.system.digits),
        }
        frame = frame.assign(**extra)
        kept = [name for name in NAMES if name in frame.columns and name not in self._other_axes()]
        return frame[kept].rename_axis(None)

    def _other_axes(self) -> tuple[str, str]:
        return ("lon", "lat") if self.system.metric else ("x", "y")

    def _districts(self) -> list[str | None]:
        names = {str(code): str(name) for code, name in self.atlas.districts[f"name_{self.lang}"].items()}
        return labels_of(
            self.state["district_code"], lambda codes: district_names(codes, names, self.lang) or None
        )

    def _drawn(self) -> Array:
        """Lines and outlines as WKT, None for a row that has neither."""
        texts = np.full(len(self.state), None, object)
        places = self.outlines.index.get_indexer(self.state.index.astype(str))
        texts[places >= 0] = self.outlines.geometry.to_wkt().to_numpy(object)[places[places >= 0]]
        lines = self.shape_kinds == "line"
        texts[lines] = shapely.to_wkt(self.shapes[lines], rounding_precision=-1)
        return texts

    @cached_property
    def shapes(self) -> np.ndarray[Any, np.dtype[Any]]:
        """Shapely geometry of each row in the file's system: a line, a point, or None without a place."""
        x, y = (self.state[name].to_numpy("float64") for name in ("lon", "lat"))
        shapes: Any = np.where(self.state["lon"].notna().to_numpy(), shapely.points(x, y), None)
        lines = labels_of(self.state["line_id"], self.atlas.pack.lines.geometry.get)
        drawn = objects(lines)
        is_line = ~shapely.is_missing(drawn)
        shapes[is_line] = drawn[is_line]
        return self._rounded(shapes)

    @cached_property
    def shape_kinds(self) -> np.ndarray[Any, np.dtype[np.object_]]:
        """``point``, ``line`` or ``none`` for each row."""
        types = shapely.get_type_id(self.shapes)
        kinds = np.select(
            [types == shapely.GeometryType.MISSING, types == shapely.GeometryType.POINT],
            ["none", "point"],
            "line",
        )
        return kinds.astype(object)

    def _rounded(self, shapes: Any) -> np.ndarray[Any, np.dtype[Any]]:
        moved = convert_geometry(shapes, source="WGS84", target=self.system.id)
        digits = self.system.digits
        return np.asarray(shapely.transform(moved, lambda xy: np.round(xy, digits)))

    @cached_property
    def codec(self) -> str:
        """The encoding that holds every letter: ``utf-8``; or ``gbk`` where that was asked for and has them all; or
        its superset ``gb18030``, for the rare letters of place names. Never one that would write question marks.
        """
        if self.encoding != "gbk":
            return self.encoding
        texts = pd.unique(self.frame[columns_of_type(self.frame, "text")].to_numpy(object).ravel())
        try:
            "".join(map(str, texts)).encode("gbk")
        except UnicodeEncodeError:
            return "gb18030"
        return "gbk"

    @property
    def crs(self) -> str | None:
        """What a file may declare: ``EPSG:4326``, the code of the projection, or None for GCJ-02, which has no code."""
        return f"EPSG:{self.system.epsg}" if self.system.epsg else None

    @cached_property
    def features(self) -> gpd.GeoDataFrame:
        """:attr:`frame` with its shapes."""
        return gpd.GeoDataFrame(self.frame, geometry=self.shapes, crs=self.crs)

    def part(self, kind: str) -> gpd.GeoDataFrame:
        """The rows whose shape is of a ``kind`` (``point``, ``line``, ``none``)."""
        return self.features[self.shape_kinds == kind]

    @cached_property
    def districts(self) -> gpd.GeoDataFrame:
        """Outlines (for drawing only) with their names and official areas, in the file's system."""
        rows = self.atlas.districts
        kept = rows[["name_zh", "name_en", "official_area_km2", "residents_2020"]].rename_axis(
            "district_code"
        )
        shapes = self._rounded(rows.geometry.to_numpy())
        return gpd.GeoDataFrame(kept.reset_index(), geometry=shapes, crs=self.crs)

    @cached_property
    def outlines(self) -> gpd.GeoDataFrame:
        """Outlines of the rows that have one, by id, with ``name_zh``, ``accuracy_m`` and ``area_m2``, in the file's system."""
        rows = self._own_outlines
        names = self.state["name_zh"].reindex(rows.index)
        shapes = self._rounded(rows.geometry.to_numpy())
        kept = rows[["accuracy_m", "area_m2"]].round(1).assign(name_zh=names)
        return gpd.GeoDataFrame(kept, geometry=shapes, crs=self.crs)

    @property
    def _own_outlines(self) -> gpd.GeoDataFrame:
        drawn = work_outlines(self.atlas.register)
        return gpd.GeoDataFrame(drawn.loc[drawn.index.intersection(self.state.index)])

    @cached_property
    def events(self) -> pd.DataFrame:
        """What happened to the rows up to the day, oldest first."""
        mine = self._log
        days = day_numbers(mine["date"])
        rows = np.flatnonzero(days <= day_number(self.as_of))  # an unknown day is before all
        return _by_work(mine.iloc[rows], days[rows])

    @property
    def _log(self) -> pd.DataFrame:
        events = self.atlas.pack.events
        return events[events["work_id"].isin(self.state.index)]

    @cached_property
    def sources(self) -> pd.DataFrame:
        """Every source that the rows or their events name."""
        names = ("source_id", "place_source_id", "status_source_id")
        columns = [self.state[name] for name in names if name in self.state] + [self.events["source_id"]]
        cited = set(chain.from_iterable(map(pd.unique, columns)))
        sources = self.atlas.pack.sources
        return sources[sources.index.isin(cited)].reset_index(drop=True)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the rows with their records, sources and shapes: the same in every form, language and coordinate system, whatever
        else the register learns.
        """
        total = hashlib.sha256()
        for table in (self.state, self.events, self.sources):
            total.update(table_text(table).encode())
        drawn: Any = self.state.get("line_id", [])
        lines = self.atlas.pack.lines.geometry
        shapes = [*(lines[line] for line in drawn if line in lines.index), *self._own_outlines.geometry]
        total.update(repr(shapely.to_wkb(shapes, hex=True).tolist()).encode())
        return total.hexdigest()

    @property
    def version(self) -> str:
        """Which content this is, to be cited: the start of :attr:`digest`, and the day of the last record that is in it where there is one.

        It is not the version of the register: that is another after every record, of whatever work.
        """
        learnt = max((str(day)[:10] for day in self.events["recorded_at"].dropna()), default="")
        return " · ".join(filter(None, (self.digest[:12], learnt)))

    @property
    def facts(self) -> Mapping[str, str]:
        """What a reader must know of the file, label -> text, in its language."""
        city = self.atlas.city
        told = {
            _("标题"): self.title,
            _("计划"): plan_name(self.atlas, self.lang) if self.atlas.has_several_plans else "",
            _("截至日期"): self.as_of.isoformat(),
            _("坐标系"): f"{self.system.title}: {self.system.remark(self.lang)}",
            _("条数"): str(len(self.state)),
            **self._place_facts,
            _("许可与署名"): f"{city.licence.label} ({city.licence.path}). {city.credit_line(self.lang)}",
            _("区县界"): translate(_("区县界为示意，不作权属依据"), self.lang),
            _("内容版本"): self.version,
            _("链接"): self.link,
        }
        return {translate(label, self.lang): text for label, text in told.items() if text}

    @property
    def _place_facts(self) -> Mapping[str, str]:
        sentence = work_counts(self.state).sentence(self.lang).replace("*", "")
        return {_("项目数"): sentence}


def labels_of_codes(codes: pd.Series[Any], labels: Mapping[str, str], lang: str = "") -> list[str | None]:
    """The word of each code (translated if ``lang`` is given), the code itself where there is none.

    Parameters
    ----------
    codes : Series
    labels : mapping
        Code -> word.
    lang : str
        ``zh`` or ``en``; empty for words that are in their language already.

    Returns
    -------
    list of str or None
    """

    def label(code: str) -> str:
        return translate(labels.get(code, code), lang) if lang else labels.get(code, code)

    return labels_of(codes, label)


def _by_work(events: pd.DataFrame, days: Array) -> pd.DataFrame:
    """Events by work, day and id, those without a day last; ids are compared only where nothing else tells."""
    latest = np.iinfo(np.int64).max
    days = np.where(days == np.iinfo(np.int64).min, latest, days)
    works = pd.factorize(events["work_id"].to_numpy(object), sort=True)[0]
    at = np.lexsort([days, works])
    same = (works[at[1:]] == works[at[:-1]]) & (days[at[1:]] == days[at[:-1]])
    tied = at[np.append(same, False) | np.append(False, same)] if len(at) else at
    ids = np.zeros(len(events), np.int64)
    ids[tied] = pd.factorize(events["event_id"].to_numpy(object)[tied], sort=True)[0]
    return events.iloc[np.lexsort([ids, days, works])].reset_index(drop=True)


def columns_of_type(frame: pd.DataFrame, kind: str) -> list[str]:
    """Names of the columns of a frame whose field is of a type."""
    return [str(name) for name in frame.columns if get_field(str(name)).type == kind]
