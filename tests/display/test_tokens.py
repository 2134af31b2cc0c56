"""One look: no colour, size of text or roundness stands outside the file of tokens, and what is made of that file is up to date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from geo.display.tokens import CHARTS, COLOURS, MAP, STATUS, contrast, style_sheet
from tools.design_tokens import files
from tools.serving import ROOT

MADE = {"layers/static/tokens.css", "layers/static/shared/tokens.js"}
ENDINGS = {".css", ".js", ".py", ".typ", ".svg", ".html"}
SOURCES = sorted(
    path
    for part in ("geo", "layers", "pages")
    for path in (ROOT / part).rglob("*")
    if path.suffix in ENDINGS
    and path.relative_to(ROOT).as_posix() not in MADE
    and "node_modules" not in path.parts
)
STYLES = [path for path in SOURCES if path.suffix == ".css"]
NAMED = "white|black|red|green|blue|yellow|orange|purple|gr[ae]y|silver|navy|teal|maroon"
COLOUR = re.compile(
    r"(?<![&\w])#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})(?![\w-])|\b(?:rgb|hsl)a?\(\s*[\d.]|\b(?:ok)?l(?:ab|ch)\(\s*[\d.]"
)
NAMED_STYLE = re.compile(
    rf"(?:color|background|border[\w-]*|fill|stroke|shadow):[^;{{}}]*(?<!-)\b(?:{NAMED})\b(?!-)"
)
NAMED_CODE = re.compile(rf"(?:color|fill|stroke|ink)\w*[\"']?\s*[:=]\s*[\"'](?:{NAMED})[\"']", re.I)
SIZE = re.compile(r"(?:font-size|border-radius):[^;}]*?(?<![\w-])[\d.]+(?:px|rem)")


def literals(path: str, text: str) -> Iterator[str]:
    """Every colour, and in a style sheet every size of text and roundness, that a file says by itself."""
    yield from COLOUR.findall(text)
    yield from (NAMED_STYLE if path.endswith(".css") else NAMED_CODE).findall(text)
    if path.endswith(".css"):
        yield from SIZE.findall(text)


def test_nothing_has_a_colour_or_a_size_of_its_own() -> None:
    assert len(SOURCES) > 300
    found = {str(path): list(literals(path.name, path.read_text("utf-8"))) for path in SOURCES}
    assert {path: each for path, each in found.items() if each} == {}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.css", "a { color: #fff; }"),
        ("a.css", "a { color: rgba(0, 0, 0, .5); }"),
        ("a.css", "a { border: 1px solid white; }"),
        ("a.css", "a { font-size: 13px; }"),
        ("a.css", "a { border-radius: 0 7px; }"),
        ("a.js", 'const style = { fillColor: "#0b62a4" };'),
        ("a.js", 'const style = { color: "white" };'),
        ("a.py", 'axes.plot(x, y, color="#abc")'),
        ("a.py", 'look = {"edgecolor": "black"}'),
        ("a.typ", '#let ink = rgb("#1d2733")'),
    ],
)
def test_a_literal_would_be_seen(path: str, text: str) -> None:
    assert list(literals(path, text))


@pytest.mark.parametrize("path", sorted(files()))
def test_what_is_made_of_the_tokens_is_up_to_date(path: str) -> None:
    assert (ROOT / path).read_text("utf-8") == files()[path], "run `make tokens`"


def test_every_style_uses_tokens_that_there_are() -> None:
    """``--c``, ``--fill`` and ``--r`` are what a drawing says of itself."""
    for path in STYLES:
        text = path.read_text("utf-8")
        used = set(re.findall(r"var\((--[\w-]+)", text)) - {"--c", "--fill", "--r"}
        assert used <= set(re.findall(r"(--[\w-]+):", style_sheet(text))), path


def test_no_token_is_for_nothing() -> None:
    texts = "".join(path.read_text("utf-8") for path in SOURCES if path.name != "tokens.py")
    for name, table in (("colours", COLOURS), ("charts", CHARTS), ("map", MAP)):
        prefix = {"colours": "", "charts": "chart-", "map": "map-"}[name]
        unused = [
            key
            for key in table
            if f"var(--{prefix}{key})" not in texts and not re.search(rf"[\"'(]{re.escape(key)}[\"')]", texts)
        ]
        assert [key for key in unused if not key.startswith("level-")] == [], name


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_can_be_read_on_whatever_they_stand(theme: str) -> None:
    """4.5 to 1, WCAG 2 AA."""
    grounds, inks = (
        ("paper", "panel", "soft", "ground"),
        ("ink", "quiet", "link", "good", "warning", "bad"),
    )
    for ground, ink in [*product(grounds, inks), ("chosen", "chosen-ink"), ("accent", "accent-ink")]:
        pair = getattr(COLOURS[ground], theme), getattr(COLOURS[ink], theme)
        assert contrast(*pair) >= 4.5, (ground, ink)


@pytest.mark.parametrize("status", STATUS)
def test_a_sign_can_be_read_on_its_status(status: str) -> None:
    assert contrast(STATUS[status]["fill"], STATUS[status]["ink"]) >= 4.5


def test_the_sheet_of_a_page_holds_what_that_page_uses() -> None:
    sheet = style_sheet("a { color: var(--ink); font-size: var(--text-body); }")
    assert re.findall(r"--[\w-]+", sheet) == ["--text-body", "--ink"]
    assert Path(ROOT / "layers/static/tokens.css").stat().st_size < 6000
