"""Reports: the numbers of the register, every source named, two languages, and nothing a text can break out of."""

from __future__ import annotations

import dataclasses
import io
import re
from datetime import date
from pathlib import Path

import pytest
import typst
from typer.testing import CliRunner

from geo.errors import AtlasError, ParameterError
from geo.register.city import Atlas, atlas_of
from geo.register.progress import progress
from geo.report import Report, ReportRequest, report, to_html, to_pdf, year_before
from geo.report.counts import number
from geo.report.model import Cell, Figures, Heading, Sources, Table, Text
from geo.report.references import References
from geo.report.request import selected_works
from layers.report.build import build, parts
from layers.report.cli import app
from layers.report.report_names import report_name

DAY, SINCE = date(2021, 12, 31), date(2021, 1, 1)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"/>'
EVIL = 'x" #panic("ran") *b* $y$ <script>alert(1)</script> \\ @cite'


@pytest.fixture(scope="module")
def code(atlas: Atlas) -> str:
    """The district with most works, whichever it is."""
    table = progress(atlas.register, DAY, "district")
    return str(table[table.index != ""]["named"].idxmax())


@pytest.fixture(scope="module")
def made(atlas: Atlas, code: str) -> Report:
    return report(atlas, ReportRequest(code, DAY, SINCE))


def tables(made: Report) -> list[Table]:
    return [block for block in made.blocks if isinstance(block, Table)]


def test_a_district_has_the_counts_of_its_page(atlas: Atlas, code: str, made: Report) -> None:
    row = progress(atlas.register, DAY, "district").loc[code]
    (figures,) = [block for block in made.blocks if isinstance(block, Figures)]
    shown = {label: value for value, label in figures.items}
    assert shown["点了名"] == str(row["named"])
    assert shown["知道在哪"] == str(row["placed"])
    assert shown["证实建成"] == str(row["done"])
    assert shown["不知道在哪"] == str(row["unplaced"])


def test_the_city_has_the_four_numbers_of_every_item(atlas: Atlas) -> None:
    items = progress(atlas.register, DAY, "item")
    table = tables(report(atlas, ReportRequest("", DAY, SINCE)))[0]
    shown = [[cell.text for cell in row] for row in table.rows]
    expected = [
        [item["name_zh"], *(number(item[name]) for name in ("target", "named", "placed", "done"))]
        for _id, item in items.iterrows()
    ]
    assert [row[:5] for row in shown] == expected


def test_named_works_of_a_district_item_by_item_add_up(atlas: Atlas, code: str, made: Report) -> None:
    state = selected_works(atlas, ReportRequest(code, DAY, SINCE))
    works = state[(state["kind"] == "work") & state["parent_id"].isna()]
    measures = atlas.pack.plan_items["measure"]
    counted = works[works["item_id"].map(measures) == "count"]
    rows = {row[0].small.split(" · ")[0]: row for row in tables(made)[0].rows}
    for item_id, group in counted.groupby("item_id"):
        assert rows[item_id][2].text == str(len(group))
        assert rows[item_id][3].text == str(int(group["placed"].sum()))


def test_every_work_is_listed_once_with_a_source(atlas: Atlas, code: str, made: Report) -> None:
    rows = selected_works(atlas, ReportRequest(code, DAY, SINCE))
    mine = rows[rows["kind"].isin(("work", "section"))]
    assert set(made.numbers) == set(mine.index)
    assert sorted(made.numbers.values()) == list(range(1, len(mine) + 1))
    table = next(block for block in tables(made) if block.columns[0].label == "序号")
    assert len(table.rows) == len(mine)
    (sources,) = [block for block in made.blocks if isinstance(block, Sources)]
    known = {source.number for source in sources.items}
    used = {ref for block in tables(made) for row in block.rows for cell in row for ref in cell.refs}
    assert used == known == set(range(1, len(known) + 1))
    assert all(row[-1].refs for row in table.rows)


def test_a_work_without_a_place_says_so(atlas: Atlas, code: str, made: Report) -> None:
    rows = selected_works(atlas, ReportRequest(code, DAY, SINCE))
    table = next(block for block in tables(made) if block.columns[0].label == "序号")
    for work_id, place in made.numbers.items():
        assert (table.rows[place - 1][3].text == "不知道在哪") == (rows.at[work_id, "certainty"] == "none")


def test_changes_are_between_the_two_days(atlas: Atlas, code: str) -> None:
    later = ReportRequest(code, date(2023, 6, 30), DAY)
    made = report(atlas, later)
    table = next(block for block in tables(made) if block.columns[0].label == "日期")
    events = atlas.pack.events
    kept = selected_works(atlas, later)
    kept = kept[kept["kind"] != "station"]
    mine = events[events["work_id"].isin(kept.index) & events["confirmed"].astype(bool)]
    expected = mine[[day is not None and DAY < day <= later.as_of for day in mine["date"]]]
    assert len(table.rows) == len(expected[expected["kind"].isin(("status", "quantity", "milestone"))])
    same = report(atlas, ReportRequest(code, DAY, DAY))
    assert not next(block for block in tables(same) if block.columns[0].label == "日期").rows


def test_a_district_without_a_record_has_no_changes(atlas: Atlas, code: str) -> None:
    of_code = set(selected_works(atlas, ReportRequest(code, DAY, SINCE)).index)
    events = atlas.pack.events
    none = atlas_of(dataclasses.replace(atlas.pack, events=events[~events["work_id"].isin(of_code)]))
    made = report(none, ReportRequest(code, DAY, SINCE))
    assert next(block for block in tables(made) if block.columns[0].label == "日期").rows == ()


def test_coverage_has_low_and_high_and_no_number_where_nothing_is_placed(made: Report) -> None:
    table = next(block for block in tables(made) if block.columns[0].label == "指标")
    assert len(table.rows) > 3
    assert {row[1].text == "—" for row in table.rows} == {True, False}
    for row in table.rows:
        if row[1].text == "—":
            assert row[2].text == "—"
            continue
        low, high = (float(part.strip(" %")) for part in row[2].text.split("–"))
        assert low <= float(row[1].text.strip("%")) <= high
        assert "/" in row[5].text


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("form", ["pdf", "html"])
def test_it_is_written_in_both_forms_and_languages(atlas: Atlas, code: str, form: str, lang: str) -> None:
    asked = ReportRequest(code, DAY, SINCE, lang)
    data = build(atlas, asked, form)
    assert report_name(atlas, asked, form).endswith(f"-2021-12-31-{lang}.{form}")
    if form == "pdf":
        assert data.startswith(b"%PDF-")
        assert b"/StructTreeRoot" in data
        assert b"pdfuaid" in data
        assert f"/Lang({'zh-CN' if lang == 'zh' else 'en-GB'})".encode() in data.replace(b" ", b"")
        return
    text = data.decode("utf-8")
    assert re.search(r"<html lang=\"(zh-CN|en)\">", text)
    assert not re.search(r"<(script|link|iframe|img)\b", text)
    assert not re.search(r"(?:src|href)=\"(?!#|https?://)", text)
    headings = [block.text for block in parts(atlas, asked)[0].blocks if isinstance(block, Heading)]
    assert list(re.findall("<h2>(.*?)</h2>", text)) == headings
    if lang == "en":
        assert not any(re.search("[\u4e00-\u9fff]", heading) for heading in headings)


def test_the_same_report_gives_the_same_bytes(atlas: Atlas, made: Report, code: str) -> None:
    again = report(atlas, ReportRequest(code, DAY, SINCE))
    assert again == made
    assert to_pdf(made, SVG) == to_pdf(again, SVG)


def test_text_of_the_pdf_can_be_searched(made: Report) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(io.BytesIO(to_pdf(made, SVG)))
    text = "".join(page.get_textpage().get_text_range() for page in document)
    for word in (made.title, "计划条目", "来源", "GeoNames"):
        assert word in text.replace("\r\n", "")


def test_words_are_values_and_never_markup(made: Report) -> None:
    cell = Cell(EVIL, small=EVIL, strong=True)
    table = tables(made)[1]
    evil = dataclasses.replace(
        made,
        title=EVIL,
        subtitle=EVIL,
        running=EVIL,
        footer=EVIL,
        blocks=(Heading(EVIL), Text(EVIL), dataclasses.replace(table, rows=((cell,) * len(table.columns),))),
    )
    assert to_pdf(evil, SVG).startswith(b"%PDF-")  # typst would have stopped at #panic
    page = to_html(evil, SVG).decode("utf-8")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_publisher_is_said_once_and_remarks_on_a_text_never(atlas: Atlas) -> None:
    refs = References(atlas.pack.sources)
    refs.numbers_of(*atlas.pack.sources.index)
    listed = refs.as_block("zh").items
    assert not any("reworded mirror" in source.text for source in listed)
    for source, (_id, row) in zip(listed, atlas.pack.sources.iterrows(), strict=True):
        if row["publisher"]:
            assert not source.text.startswith(f"{row['publisher']}，{row['publisher']}")
            assert row["publisher"] in source.text


def test_the_template_asks_for_no_package() -> None:
    from geo.report.pdf import TEMPLATES

    text = (TEMPLATES / "report.typ").read_text("utf-8")
    assert "#import" not in text
    assert "eval(" not in text
    with pytest.raises(typst.TypstError, match="ran"):  # what the test above relies on
        typst.compile(b'#panic("ran")')


@pytest.mark.parametrize(
    ("district", "since", "words"), [("nowhere", SINCE, "nowhere"), ("", date(2022, 1, 1), "2022-01-01")]
)
def test_a_question_without_an_answer_is_told(atlas: Atlas, district: str, since: date, words: str) -> None:
    with pytest.raises(AtlasError, match=words):
        report(atlas, ReportRequest(district, DAY, since))
    with pytest.raises(ParameterError, match="docx"):
        build(atlas, ReportRequest("", DAY, SINCE), "docx")


def test_a_leap_day_has_a_year_before() -> None:
    assert year_before(date(2024, 2, 29)) == date(2023, 2, 28)
    assert year_before(date(2021, 12, 31)) == date(2020, 12, 31)


def test_all_reports_by_one_command(atlas: Atlas, tmp_path: Path) -> None:
    result = CliRunner().invoke(
        app, ["--all", "--as-of", "2021-12-31", "--since", "2021-01-01", "--out", str(tmp_path / "new")]
    )
    assert result.exit_code == 0, result.output
    files = sorted(path.name for path in (tmp_path / "new").iterdir())
    assert len(files) == len(atlas.districts) + 1
    assert all(name.endswith("-2021-12-31-zh.pdf") for name in files)
