"""The printed matrix says every share and verdict of the matrix, and is refused where nobody could read it."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely
from pypdfium2 import PdfDocument

from geo.atlas import load_atlas
from geo.coverage.matrix import Matrix, matrix
from geo.coverage.matrix_table import NOT_COMPUTED
from geo.coverage.verdict import VERDICTS
from geo.errors import ParameterError
from geo.questions.matrix import MatrixQuestion
from geo.report import matrix_report
from geo.text import translate


def text_of(content: bytes) -> str:
    return "".join("".join(page.get_textpage().get_text_bounded().split()) for page in PdfDocument(content))


def asked(zones: gpd.GeoDataFrame | None = None, lang: str = "zh", **parameters: str) -> Matrix:
    question = MatrixQuestion.read({"as_of": "2021-12-31", **parameters})
    return matrix(load_atlas(), zones, question, lang=lang)


def squares(n: int) -> gpd.GeoDataFrame:
    """Squares of 1 km beside each other, in the middle of the city."""
    city = load_atlas().city
    x, y = (
        gpd.GeoSeries.from_xy(*([v] for v in load_atlas().middle), crs=4326)
        .to_crs(city.projected_crs)[0]
        .coords[0]
    )
    shapes = [shapely.box(x + 1000 * k, y, x + 1000 * k + 1000, y + 1000) for k in range(n)]
    return gpd.GeoDataFrame({"name": [f"街道{k}" for k in range(n)]}, geometry=shapes, crs=city.projected_crs)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("zones", [None, 12])
def test_every_share_and_verdict_is_printed(lang: str, zones: int | None) -> None:
    answer = asked(
        None if zones is None else squares(zones), lang, indicator="bus_500|metro_800|primary_walk_10"
    )
    content = matrix_report.matrix_pdf(load_atlas(), answer, lang)
    printed = text_of(content)
    rows = answer.rounded()
    for row in rows[rows["share"].notna()].to_dict("records"):
        assert f"{100 * row['share']:.1f}%" in printed
        if row["pass_mark"]:
            assert "".join(translate(VERDICTS[row["verdict"]], lang).split()) in printed
    (why,) = rows.loc[rows["reasons"] == NOT_COMPUTED, "why"].unique()
    assert "".join(why.split())[:20] in printed
    assert content == matrix_report.matrix_pdf(load_atlas(), answer, lang)


def test_what_nobody_could_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = asked(squares(12), indicator="metro_800", set="as_of")
    monkeypatch.setattr(matrix_report, "MOST_ROWS", 11)
    with pytest.raises(ParameterError) as refused:
        matrix_report.matrix_pdf(load_atlas(), answer, "zh")
    assert "12" in refused.value.text("zh")
