"""HTML fragments from templates that escape every value: the only way this project writes HTML."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from jinja2 import Environment

from geo.cities import city_called
from geo.register.photos import photo_name
from geo.report.blocks import block_environment
from geo.values import is_unknown
from layers import browser_code
from layers.city_addresses import HEADER, with_prefix
from pages.parts.shell import link
from pages.parts.shell.texts import language, t

_TEMPLATES = Path(__file__).parents[1] / "templates"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    templates = block_environment(_TEMPLATES)
    templates.filters["number"] = number
    return templates


def number(value: Any) -> str:
    """``20000.0`` -> ``20,000``; one decimal where there is one; a dash for unknown."""
    if is_unknown(value):
        return "—"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def show_style() -> None:
    """Load the style sheet of all fragments; by address, because Streamlit sends the text of a page with every run."""
    imports = [f'@import url("{assets_path()}/{name}");' for name in ("pages.css", "message.css")]
    st.html(f"<style>{''.join(imports)}</style>")


def server_path() -> str:
    """What stands before every address of this server: empty, or ``/prefix`` as ``server.baseUrlPath`` says."""
    return with_prefix(str(st.get_option("server.baseUrlPath")))


def base_path() -> str:
    """What stands before every address of this session: :func:`server_path`, and ``/c/<slug>`` where it was opened below that."""
    slug = st.context.headers.get(HEADER)
    return f"{server_path()}{city_called(slug).address}" if slug else server_path()


def page_address(page: str, **values: str) -> str:
    """Address of another page, short enough for every row of a table: ``values``, and the language where it is not the first."""
    view = {name: value for name, value in link.parameters().items() if name in ("lang", "plan")}
    return f"{page}?{urlencode(values | view, doseq=True)}"


def chart_files(chart: str, **values: str) -> list[tuple[str, str]]:
    """Label and address of the files of a chart of the API: ``values`` are the words of its question."""
    words = values | {"lang": language()}
    forms = {"csv": t("数据 CSV"), "svg": t("图 SVG"), "png": t("图 PNG")}
    return [
        (label, f"{base_path()}/api/{chart}?{urlencode(words | {'format': form})}")
        for form, label in forms.items()
    ]


def assets_path() -> str:
    """Where the browser code is: an address that changes with it, so that a page never mixes two versions."""
    return f"{base_path()}/atlas/{browser_code.asset('')}".rstrip("/")


def picture_address(photo_id: str, size: str) -> str:
    """Address of a photo's picture on this server."""
    return f"{base_path()}/atlas/photos/{photo_name(photo_id, size)}"


def show(template: str, **values: Any) -> None:
    """Render ``template`` with ``values`` and put it on the page."""
    text = _environment().get_template(template).render(t=t, picture=picture_address, **values)
    st.html(text)
