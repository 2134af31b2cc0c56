"""Waits for an expression on a page. The browser lets a tester evaluate one under the page's policy, but not a script that waits for it."""

from __future__ import annotations

import time
from typing import Any

from tools.serving import PATIENCE_S


def until(place: Any, expression: str, arg: Any = None) -> Any:
    """The value of an expression on a page or in a frame, once it is true; an ``AssertionError`` if it never is.

    Parameters
    ----------
    place : Page or Frame
    expression : str
        JavaScript: an expression, or a function of ``arg``.
    arg : object

    Returns
    -------
    object
    """
    end = time.monotonic() + PATIENCE_S
    while not (value := place.evaluate(expression, arg)):
        assert time.monotonic() < end, f"it never came to be: {expression}"
        place.wait_for_timeout(50)  # lets the messages of the browser in
    return value
