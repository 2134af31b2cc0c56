"""What the page of cities shows: each city with what it has, and one indicator over the whole of all."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from geo.city_list import city_counts
from geo.coverage.compare_cities import CityComparison, indicators_of_cities
from geo.errors import AtlasError
from geo.questions.cities import CitiesQuestion
from geo.report.compare.cities import city_rows
from layers.analysis.cities import begin_comparison, comparison_csv
from layers.analysis.questions import Parameters, parameters_of
from pages.parts.coverage.question import set_names
from pages.parts.shell import city, downloads, filters, html, link, segments
from pages.parts.shell.texts import error_text, escaped, escaped_table, language, t
from pages.parts.shell.waiting import answer_or_wait

_PLACE = "cities"


def show_list() -> None:
    """A row a city: how many items, works, facilities and districts; why one cannot be read."""
    lang = language()
    rows = [
        {
            t("城市名"): row.get(f"name_{lang}") or row["slug"],
            t("条目"): row.get("items", "—"),
            t("项目"): row.get("works", "—"),
            t("设施"): row.get("facilities", "—"),
            t("区县"): row.get("districts", "—"),
            t("说明"): row["problem"],
        }
        for row in city_counts(lang)
    ]
    table = pd.DataFrame(rows).set_index(t("城市名"))
    st.table(escaped_table(table if table[t("说明")].any() else table.drop(columns=t("说明"))))


def show_comparison() -> None:
    """The question, the table with its bars, what must be known first, and the file."""
    parameters = _question()
    if parameters is None:
        return
    lang = language()
    try:
        answer = answer_or_wait(_PLACE, (parameters, lang), lambda: begin_comparison(parameters, lang))
    except AtlasError as error:
        st.error(error_text(error))
        return
    if answer is None:
        return
    _show(answer, lang)


def _question() -> Parameters | None:
    names = indicators_of_cities(language())
    if not names:
        st.info(t("没有一座城市有可以计算的指标。"))
        return None
    link.seed("ind", next(iter(names)), list(names))
    st.selectbox(t("指标"), list(names), format_func=lambda key: f"{names[key]} · {key}", key="ind")
    asked = {
        "indicator": str(link.record("ind")),
        "set": segments.linked("set", t("设施"), set_names(), "as_of"),
        "denominator": segments.linked(
            "of", t("分母"), {"residents": t("居民"), "land": t("陆地")}, "residents"
        ),
        "as_of": filters.date_slider().isoformat(),
    }
    return parameters_of(asked, CitiesQuestion)


def _show(answer: CityComparison, lang: str) -> None:
    html.show(
        "compare_cities.html",
        rows=city_rows(answer, lang),
        notes=answer.messages(lang),
        address=lambda slug: city.page_of(slug, "coverage"),
    )
    downloads.offer(
        downloads.Extra(
            t("比较表 CSV"),
            f"cities-{answer.inputs['indicator']}.csv",
            "text/csv",
            partial(comparison_csv, answer, lang),
            icon=":material/table:",
        )
    )
    st.caption(
        escaped(
            t("同样的问题：/api/cities/compare?indicator={indicator}", indicator=answer.inputs["indicator"])
        )
    )
