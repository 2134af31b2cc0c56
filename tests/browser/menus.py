"""The menus of a page, which stand behind buttons: filters, layers."""

from __future__ import annotations

from typing import Any

FILTERS, LAYERS = "filters", "map_layers"


def open_menu(page: Any, key: str) -> Any:
    """Press the button of a menu, unless it is open; the panel with its fields, which closes by Escape or a press beside it."""
    button = page.locator(f".st-key-{key} button").first
    if button.get_attribute("aria-expanded") != "true":
        button.click()
    panel = page.locator('[data-testid="stPopoverBody"]')
    panel.wait_for()
    return panel


def close_menu(page: Any) -> None:
    """Put the menu that is open away."""
    page.keyboard.press("Escape")
    page.locator('[data-testid="stPopoverBody"]').wait_for(state="detached")
