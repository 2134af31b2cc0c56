"""What axe-core finds on a page and in all its frames: rules of any kind, best practices among them."""

from __future__ import annotations

from typing import Any, Final

from axe_playwright_python.base import AXE_SCRIPT

_ALL: Final = """(only) => axe.run(document, { resultTypes: ["violations"], ...(only ? { runOnly: { type: "rule", values: only } } : {}) })
  .then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`)))"""

COLOURS: Final = ["color-contrast", "link-in-text-block"]
"""Rules on what another theme changes: colours, and nothing else (layers/static/pages.css, atlas.css)."""


def findings(page: Any, only: list[str] | None = None) -> list[str]:
    """Rule and place of each finding.

    Parameters
    ----------
    page : Page
        Its context goes past the page's policy, which would not let axe in (``bypass_csp``).
    only : list of str or None
        The rules that are held; by default all.

    Returns
    -------
    list of str
    """
    for frame in page.frames:
        frame.evaluate(f"() => {{ if (!window.axe) {{ {AXE_SCRIPT} }} }}")
    return list(page.evaluate(_ALL, only))
