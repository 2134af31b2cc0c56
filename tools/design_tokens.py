"""Write the design tokens out for what cannot read ``geo/display/tokens.toml``: ``python -m tools.design_tokens`` (``make tokens``)."""

from __future__ import annotations

import json
from typing import Final

from geo.display.tokens import COLOURS, DETAILED_MAP, DRAWINGS, TEXT, style_sheet
from tools.serving import ROOT

CONFIG: Final = ".streamlit/config.toml"
STYLES: Final = ROOT / "layers" / "static"
_THEME: Final = "[theme]"
_MADE: Final = "Made from geo/display/tokens.toml by 'make tokens'; do not edit."
_OF_STREAMLIT: Final = {
    "primaryColor": "accent",
    "backgroundColor": "paper",
    "secondaryBackgroundColor": "soft",
    "textColor": "ink",
    "linkColor": "link",
    "borderColor": "line",
}


def files() -> dict[str, str]:
    """Path from the project's root -> what the tokens make of it."""
    styles = [path.read_text("utf-8") for path in sorted(STYLES.glob("*.css")) if path.name != "tokens.css"]
    config = (ROOT / CONFIG).read_text("utf-8")
    return {
        "layers/static/tokens.css": f"/* {_MADE} */\n{style_sheet(*styles)}",
        "layers/static/shared/tokens.js": _script(),
        CONFIG: config[: config.index(_THEME)] + _theme(),
    }


def _script() -> str:
    drawings = {name: colour.light for name, colour in DRAWINGS.items()}
    ground = {
        theme: {name: getattr(colour, theme) for name, colour in DETAILED_MAP.items()}
        for theme in ("light", "dark")
    }
    return (
        f"/* {_MADE} */\n\n"
        "/** Colours of what is drawn on the map; a canvas knows no custom property. */\n"
        f"export const DRAWINGS = {json.dumps(drawings, indent=2)};\n\n"
        "/** Colours of the detailed base map, on a light and on a dark page. */\n"
        f"export const DETAILED_MAP = {json.dumps(ground, indent=2)};\n"
    )


def _theme() -> str:
    """Two themes and none by default: pages follow the system's own choice of light or dark, as the map does."""
    sizes = [TEXT[name] for name in ("head", "title", "lead", "body", "body", "small")]
    lines = [
        _THEME,
        f"# {_MADE}",
        f"font = {json.dumps(TEXT['font'])}",
        f"headingFontSizes = {json.dumps(sizes)}",
    ]
    for theme in ("light", "dark"):
        lines += ["", f"[theme.{theme}]"]
        lines += [f'{key} = "{getattr(COLOURS[name], theme)}"' for key, name in _OF_STREAMLIT.items()]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the files."""
    for path, text in files().items():
        (ROOT / path).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
