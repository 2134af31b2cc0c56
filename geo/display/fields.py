"""The names and labels of all fields: one table for files that leave, files that come in, forms and histories.

A field that files carry has a name (the column of GeoJSON, GeoPackage and GeoParquet), a name of at most ten letters
(shapefiles have no room for more) and a label in each language (the header of CSV and XLSX). All three find it again:
:func:`field_of`. Fields without the short name are known to forms, events and the importer only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from geo.text import LANGUAGES, translate
from geo.text import mark as _

Type = Literal["text", "number", "integer", "date", "boolean"]


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Attributes
    ----------
    name : str
        The register's own name; the same in every language.
    short : str
        Ten ASCII letters at most, unique, for shapefiles; empty for a field that no file carries.
    zh : str
        Chinese label, a message id of the catalogue; unique. Empty where ``shown_as`` says it.
    type : {"text", "number", "integer", "date", "boolean"}
    unit : str
        Unit of a number: ``m``, ``degree``, or empty.
    derived : bool
        Repeats other fields for people, or describes the whole file: an importer need not read it.
    shown_as : str
        Name of the field whose label a person reads instead: a form asks for 状态, a file's column of codes is 状态代码.
    of_facilities : bool
        Stands in files of facilities alone.
    """

    name: str
    short: str
    zh: str = ""
    type: Type = "text"
    unit: str = ""
    derived: bool = False
    shown_as: str = ""
    of_facilities: bool = False

    @property
    def en(self) -> str:
        """English label; unique."""
        return translate(self.zh, "en")

    def label(self, lang: str) -> str:
        """The label in ``lang``."""
        return translate(self.zh, lang)


FIELDS: Final[tuple[Field, ...]] = (
    Field("work_id", "WORK_ID", _("编号")),
    Field("name_zh", "NAME_ZH", _("名称")),
    Field("name_en", "NAME_EN", _("英文名")),
    Field("category_text", "CAT_TXT", _("类别"), derived=True),
    Field("district_text", "DIST_TXT", _("区县"), derived=True),
    Field("street", "STREET", _("街道/镇")),
    Field("status_text", "STAT_TXT", _("状态"), derived=True),
    Field("status_date", "STAT_DATE", _("状态日期"), "date"),
    Field("quantity", "QUANTITY", _("数量"), "number"),
    Field("unit", "UNIT", _("单位")),
    Field("quantity_done", "QTY_DONE", _("报道已完成"), "number"),
    Field("quantity_planned", "QTY_PLAN", _("计划数量"), "number"),
    Field("certainty_text", "CERT_TXT", _("位置有多准"), derived=True),
    Field("accuracy_m", "ACCURACY_M", _("位置误差（米）"), "number", "m"),
    Field("basis_text", "BASIS_TXT", _("位置依据"), derived=True),
    Field("lon", "LON", _("经度"), "number", "degree"),
    Field("lat", "LAT", _("纬度"), "number", "degree"),
    Field("x", "X_M", _("东坐标"), "number", "m", shown_as="given_x"),
    Field("y", "Y_M", _("北坐标"), "number", "m", shown_as="given_y"),
    Field("crs", "CRS", _("坐标系")),
    Field("year", "YEAR", _("年份")),
    Field("note_zh", "NOTE_ZH", _("说明")),
    Field("note_en", "NOTE_EN", _("英文说明")),
    Field("attributes", "ATTRS", _("其他内容")),
    Field("source_title", "SRC_TITLE", _("来源"), derived=True),
    Field("source_publisher", "SRC_PUB", _("发布者"), derived=True),
    Field("source_published", "SRC_DATE", _("发布日期"), derived=True),
    Field("source_url", "SRC_URL", _("网址"), derived=True),
    Field("item_id", "ITEM_ID", _("条目")),
    Field("parent_id", "PARENT_ID", _("上级项目")),
    Field("category", "CATEGORY", _("类别代码"), shown_as="category_text"),
    Field("kind", "KIND", _("类型")),
    Field("counted", "COUNTED", _("是否计入")),
    Field("district_code", "DIST_CODE", _("区县代码"), shown_as="district_text"),
    Field("status", "STATUS", _("状态代码"), shown_as="status_text"),
    Field("status_precision", "STAT_PREC", _("日期精度")),
    Field("status_source_id", "STAT_SRC", _("状态来源编号")),
    Field("certainty", "CERTAINTY", _("位置有多准（代码）"), derived=True, shown_as="certainty_text"),
    Field("location_basis", "LOC_BASIS", _("位置依据代码"), shown_as="basis_text"),
    Field("facility_kind", "FAC_KIND", _("设施类型代码"), shown_as="facility_kind_text"),
    Field("line_id", "LINE_ID", _("线路编号")),
    Field("reach", "REACH", _("范围类型")),
    Field("crs_original", "CRS_ORIG", _("原坐标系")),
    Field("x_original", "X_ORIG", _("原横坐标")),
    Field("y_original", "Y_ORIG", _("原纵坐标")),
    Field("count_note_zh", "CNT_ZH", _("计入说明")),
    Field("count_note_en", "CNT_EN", _("英文计入说明")),
    Field("source_id", "SOURCE_ID", _("来源编号")),
    Field("place_source_id", "PLACE_SRC", _("位置来源编号")),
    Field("wkt", "WKT", _("线形（WKT）"), derived=True),
    Field("as_of", "AS_OF", _("截至日期"), "date", derived=True),
    Field("licence", "LICENCE", _("许可与署名"), derived=True),
    # of facilities
    Field("facility_kind_text", "FAC_TXT", _("设施类型"), derived=True, of_facilities=True),
    Field("address", "ADDRESS", _("地址"), of_facilities=True),
    Field("opened", "OPENED", _("启用日期"), "date", of_facilities=True),
    Field("closed", "CLOSED", _("关闭日期"), "date", of_facilities=True),
    Field("capacity", "CAPACITY", _("容量"), "number", of_facilities=True),
    Field("capacity_unit", "CAP_UNIT", _("容量单位"), of_facilities=True),
    Field("level", "LEVEL", _("等级"), of_facilities=True),
    Field("area_m2", "AREA_M2", _("设施面积（平方米）"), "number", of_facilities=True),
    Field("service_population", "SERV_POP", _("服务人口"), "number", of_facilities=True),
    # of events, sources and remarks
    Field("value", "", _("内容")),
    Field("date", "", _("日期"), "date"),
    Field("date_precision", "", shown_as="status_precision"),
    Field("confirmed", "", _("确认"), "boolean"),
    Field("reason", "", _("理由")),
    Field("reason_zh", "", shown_as="reason"),
    Field("title", "", _("标题")),
    Field("publisher", "", shown_as="source_publisher"),
    Field("published", "", shown_as="source_published"),
    Field("url", "", shown_as="source_url"),
    Field("reliability", "", _("可靠程度")),
    Field("complete", "", _("齐全与否"), "boolean"),
    Field("text", "", _("哪里不对")),
    Field("contact", "", _("联系方式")),
    # of forms and lists: coordinates in the system that the person names, and what only lists have
    Field("given_x", "", _("经度或东坐标"), "number"),
    Field("given_y", "", _("纬度或北坐标"), "number"),
    Field("lonlat", "", _("坐标（两个数一格）")),
    Field("address_zh", "", shown_as="address"),
    Field("start_date", "", _("开工日期"), "date"),
    Field("end_date", "", _("竣工日期"), "date"),
    Field("planned_start", "", _("计划开工"), "date"),
    Field("planned_end", "", _("计划竣工"), "date"),
    Field("milestone", "", _("节点")),
    Field("source_text", "", shown_as="source_title"),
    Field("decision", "", _("导入决定")),
    Field("problems", "", _("导入问题")),
    Field("list_row", "", _("原表行号"), "integer"),
)
IN_FILES: Final = tuple(field for field in FIELDS if field.short)
NAMES: Final = tuple(field.name for field in IN_FILES)
_BY_NAME: Final = {field.name: field for field in FIELDS}
_QUALIFIER: Final = re.compile(r"\s*[（(][^（）()]*[）)]\s*$")  # 经度（GCJ-02）: `crs` names the system too
COORDINATES: Final = ("lon", "lat", "x", "y")


def get_field(name: str) -> Field:
    """The field called ``name``; ``KeyError`` for a name of no field."""
    return _BY_NAME[name]


def label_for_people(name: str, lang: str) -> str:
    """How forms, histories and messages call a field in ``lang``; the name itself where it names no field."""
    field = _BY_NAME.get(name)
    if field is None:
        return name
    return _BY_NAME[field.shown_as or name].label(lang)


def labels(names: Iterable[str], lang: str, *, system: str = "") -> dict[str, str]:
    """Name -> header in ``lang``; coordinates name their ``system`` (``经度（GCJ-02）``) where one is given.

    Parameters
    ----------
    names : iterable of str
        Columns.
    lang : str
        ``zh`` or ``en``.
    system : str
        Coordinate system named in the labels of coordinates.

    Returns
    -------
    dict
    """
    brackets = "（{}）" if lang == "zh" else " ({})"
    return {
        name: get_field(name).label(lang)
        + (brackets.format(system) if system and name in COORDINATES else "")
        for name in names
    }


@lru_cache(maxsize=1)
def _headers() -> dict[str, str]:
    """Header -> name, as written; in lower case too, where names go before labels."""
    words = [(name, name) for name in NAMES] + [(field.short, field.name) for field in IN_FILES]
    words += [(field.label(lang), field.name) for field in IN_FILES for lang in LANGUAGES]
    return {word.casefold(): name for word, name in reversed(words)} | dict(words)


def field_of(header: str) -> Field | None:
    """The field that a column's header names: by name, ten-letter name, or label in any language.

    Surrounding blanks, a byte order mark, and the system in brackets behind a coordinate do not matter; nor does case,
    but ``Category`` as written is the label (a word for people) and ``category`` the name (a code). None for a header
    of no export: it may still mean something, but that is for the importer to guess.
    """
    word = header.strip().lstrip("\ufeff").strip()
    name = _headers().get(word) or _headers().get(word.casefold())
    if name is None:
        bare = _QUALIFIER.sub("", word)
        name = _headers().get(bare) or _headers().get(bare.casefold())
        if name not in COORDINATES:
            return None
    return _BY_NAME[name]
