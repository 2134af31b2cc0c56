"""Files are written in columns: what leaves is, byte for byte, what a step a cell would write."""

from __future__ import annotations

import json
import zipfile
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.columns import json_cells
from geo.display import event_labels
from geo.files import Content, get_system, write_file
from geo.files.formats import csv_file, geojson, kml, xlsx
from geo.files.sheet_writer import SheetWriter, new_book
from geo.register.city import Atlas
from geo.table import FORMULA, csv_bytes, neutralise
from geo.values import is_unknown, json_value
from tests.files import kml_by_element

DAY = date(2021, 12, 31)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.text(
    "=+-@＝＋－＠\t\r\n'1aé,\"", max_size=6
)
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
NUMBERS = st.floats(allow_infinity=False) | st.integers(-(10**20), 10**20)
PLAIN = st.none() | TEXTS | NUMBERS | st.booleans() | DAYS | st.just(float("nan"))
ODD = (
    st.sampled_from([pd.NA, pd.NaT, np.float64(2.0), np.float64("nan"), np.int64(7), np.bool_(True)])
    | st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31))
    | st.decimals(allow_nan=False, allow_infinity=False, places=3)
)
ANY = PLAIN | ODD
LISTS = st.lists(TEXTS, max_size=2)


def columns(cells: st.SearchStrategy[Any]) -> st.SearchStrategy[pd.Series[Any]]:
    """Columns of mixed cells, and of one type alone, as frames of the register have them."""
    mixed = st.lists(cells, min_size=1, max_size=5).map(lambda each: pd.Series(each, dtype=object))
    texts = st.lists(TEXTS | st.none(), min_size=1, max_size=5).map(pd.Series)
    numbers = st.lists(st.floats(allow_infinity=False), min_size=1, max_size=5).map(pd.Series)
    whole = st.lists(st.integers(-9, 9) | st.none(), min_size=1, max_size=5)
    flags = st.lists(st.booleans(), min_size=1, max_size=5).map(pd.Series)
    return (
        mixed
        | texts
        | numbers
        | whole.map(lambda each: pd.Series(each, dtype=object))
        | whole.map(pd.Series)
        | flags
    )


def frames(cells: st.SearchStrategy[Any]) -> st.SearchStrategy[pd.DataFrame]:
    """Some columns beside each other; a shorter one ends in unknown cells."""
    return st.lists(columns(cells), min_size=1, max_size=4).map(
        lambda each: pd.concat(each, axis=1, keys=[f"c{at}" for at in range(len(each))])
    )


def by_cell(frame: pd.DataFrame, *, but_numbers: bool = False) -> pd.DataFrame:
    """:func:`geo.table.neutralise` as it was, a step a cell."""
    from geo.table import _NUMBER

    def safe(cell: Any) -> Any:
        if not isinstance(cell, str) or not cell.startswith(FORMULA):
            return cell
        return cell if but_numbers and _NUMBER.fullmatch(cell) else f"'{cell}"

    shown = frame.map(safe)
    shown.columns = pd.Index([safe(name) for name in frame.columns])
    return shown


def same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other or (pd.isna(one) and pd.isna(other)))


@given(columns(ANY | LISTS))
def test_json_of_a_column_is_that_of_its_cells(values: pd.Series[Any]) -> None:
    cells = json_cells(values)
    assert len(cells) == len(values)
    assert all(same(new, json_value(old)) for new, old in zip(cells, values, strict=True)), cells


@given(frames(ANY), st.booleans())
def test_a_neutralised_frame_is_that_of_its_cells(frame: pd.DataFrame, but_numbers: bool) -> None:
    new, old = (way(frame, but_numbers=but_numbers) for way in (neutralise, by_cell))
    assert new.to_csv(index=False) == old.to_csv(index=False)
    assert csv_bytes(frame) == ("\ufeff" + by_cell(frame).to_csv(index=False, lineterminator="\r\n")).encode()


def workbook(frame: pd.DataFrame, *, by_columns: bool) -> dict[str, bytes]:
    """The parts of a workbook of two sheets."""
    stream = BytesIO()
    book = new_book(stream, title="t", subject="s", comments="c", day=DAY)
    writer = SheetWriter(book)
    write = writer.table if by_columns else lambda *args, **more: table_by_cell(writer, *args, **more)
    for title in ("one", "two"):
        write(title, frame, {name: f"=项{name}" for name in frame.columns}, freeze=1)
    book.close()
    archive = zipfile.ZipFile(stream)
    return {name: archive.read(name) for name in archive.namelist()}


def table_by_cell(
    writer: SheetWriter, title: str, frame: pd.DataFrame, labels: dict[str, str], *, freeze: int
) -> None:
    """:meth:`SheetWriter.table` as it was, a step a cell through the library's own ways."""
    sheet = writer.book.add_worksheet(title)
    sheet.set_row(0, 30)
    for column, name in enumerate(frame.columns):
        sheet.write_string(0, column, labels[str(name)], writer.head)
        sheet.set_column(column, column, width_by_cell(labels[str(name)], frame[name]))
        for row, value in enumerate(frame[name], start=1):
            if is_unknown(value):
                continue
            if isinstance(value, date):
                moment = datetime.combine(value, datetime.min.time())
                sheet.write_datetime(row, column, moment, writer.day)
            elif isinstance(value, str):
                sheet.write_string(row, column, value, writer.quoted if value.startswith(FORMULA) else None)
            else:
                sheet.write(row, column, json_value(value))
    sheet.freeze_panes(1, freeze)
    sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def width_by_cell(label: str, values: pd.Series[Any]) -> int:
    def letters(text: str) -> int:
        return sum(2 if letter > "\u2e80" else 1 for letter in text)

    longest = max((letters(str(value)) for value in values if not is_unknown(value)), default=0)
    return min(max(longest, letters(label) // 2 + 2, 8) + 2, 42)


@settings(max_examples=60, deadline=None)
@given(frames(ANY), st.integers(0, 40))
def test_a_sheet_in_columns_is_that_of_its_cells(frame: pd.DataFrame, blank: int) -> None:
    tall = pd.concat([frame, frame.iloc[:0].reindex(range(blank)), frame], ignore_index=True)
    assert workbook(tall, by_columns=True) == workbook(tall, by_columns=False)


@pytest.mark.parametrize("text", ["<r></r>", "<r><t>a</t></r>", "<r>&<b></r>", "<r> 半</r>"])
def test_a_text_that_looks_like_markup_stays_a_text(text: str) -> None:
    stream = BytesIO()
    book = new_book(stream, title="t", subject="s", comments="c", day=date(2021, 12, 31))
    SheetWriter(book).table("t", pd.DataFrame({"a": [text]}), {"a": text}, freeze=1)
    SheetWriter(book).facts("f", [(text, text)])
    book.close()
    for name in ("t", "f"):
        rows = list(openpyxl.load_workbook(BytesIO(stream.getvalue()))[name].values)
        assert {cell for row in rows for cell in row} == {text}


def test_a_cell_that_no_sheet_can_hold_is_refused() -> None:
    for value in (float("inf"), ["a"], Decimal("Infinity")):
        with pytest.raises(TypeError):
            workbook(pd.DataFrame({"a": pd.Series([value], dtype=object)}), by_columns=True)


# ---- whole files of the city, a step a cell


@pytest.fixture(scope="module", params=["zh", "en"])
def content(request: pytest.FixtureRequest, atlas: Atlas) -> Content:
    state = atlas.register.state(DAY)
    return Content(atlas, state, DAY, get_system("GCJ02", atlas.city), lang=request.param, title="全市")


def test_csv_and_geojson_are_those_of_their_cells(content: Content) -> None:
    frame = content.frame
    cells = frame.astype(object)
    for name in [*csv_file.columns_of_type(frame, "number"), *csv_file.columns_of_type(frame, "date")]:
        cells[name] = [json_value(value) for value in frame[name]]
    text = (
        by_cell(cells)
        .rename(columns=csv_file.headers(content, frame))
        .to_csv(index=False, lineterminator="\r\n")
    )
    assert write_file(content, "csv") == text.encode("utf-8-sig")
    frame = frame.drop(columns=["wkt", "licence", "as_of"])
    features = [
        {
            "type": "Feature",
            "id": str(work_id),
            "geometry": None if shape is None else shape.__geo_interface__,
            "properties": {name: json_value(value) for name, value in zip(frame.columns, cells, strict=True)},
        }
        for work_id, shape, cells in zip(
            frame.index, content.shapes, frame.itertuples(index=False, name=None), strict=True
        )
    ]
    collection = {"type": "FeatureCollection"} | geojson._head(content) | {"features": features}
    expected = json.dumps(collection, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    assert write_file(content, "geojson") == expected.encode()


def test_what_a_row_of_a_file_says_is_worked_out_for_each_row(content: Content) -> None:
    """Shapes, outlines, districts and events, against a step a row."""
    state, drawn = content.state, content.atlas.pack.lines.geometry
    names = {str(code): str(name) for code, name in content.atlas.districts[f"name_{content.lang}"].items()}
    between = ", " if content.lang == "en" else "、"
    for at, (work_id, row) in enumerate(state.iterrows()):
        shape = content.shapes[at]
        kind = "line" if row["line_id"] in drawn.index else "none" if is_unknown(row["lon"]) else "point"
        assert content.shape_kinds[at] == kind
        cells = content.frame.loc[work_id]
        if kind == "line":
            assert cells["wkt"] == shape.wkt
        expected = between.join(
            names.get(code, code) for code in str(row["district_code"] or "").split("|") if code
        )
        assert (None if is_unknown(cells["district_text"]) else cells["district_text"]) == (expected or None)
    mine = content.atlas.pack.events
    mine = mine[mine["work_id"].isin(state.index)]
    past = mine[[day is None or day <= DAY for day in mine["date"]]]
    past = past.sort_values(["work_id", "date", "event_id"], kind="stable").reset_index(drop=True)
    pd.testing.assert_frame_equal(content.events, past)


def test_events_of_a_workbook_say_what_each_says(content: Content) -> None:
    events = content.events
    shown = xlsx._with_labels(events[list(xlsx._EVENTS)], content.lang)
    expected = [
        row["value"] if row["kind"] == "quantity" else event_labels.event_text(row, content.lang)
        for _id, row in events.iterrows()
    ]
    assert list(shown["value"]) == expected


@settings(max_examples=25)
@given(
    st.lists(TEXTS, min_size=3, max_size=3),
    st.sampled_from(("zh", "en")),
    st.sampled_from(("wgs84", "gcj02")),
)
def test_kml_is_that_of_an_element_a_cell(atlas: Atlas, texts: list[str], lang: str, system: str) -> None:
    state = atlas.register.state(DAY)
    few = state[state["line_id"].notna()].index[:2].union(state[state["lon"].isna()].index[:2])
    state = state.loc[few.union(state.index[:6])].copy()
    state["name_zh"] = [*texts, *state["name_zh"].iloc[3:]]
    state["note_zh"] = [*texts[::-1], *state["note_zh"].iloc[3:]]
    content = Content(atlas, state, DAY, get_system(system, atlas.city), lang=lang, title=texts[0])
    assert kml.write(content) == kml_by_element.written(content)
