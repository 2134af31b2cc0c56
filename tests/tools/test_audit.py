"""`make audit` fails for a vulnerability alone, and never passes for an answer that nobody gave."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tools.audit import verdict

SOUND: dict[str, Any] = {"name": "numpy", "version": "2.0", "vulns": []}
FAULTY: dict[str, Any] = {
    "name": "urllib3",
    "version": "1.26.4",
    "vulns": [{"id": "CVE-2021-33503", "fix_versions": ["1.26.5"], "aliases": [], "description": ""}],
}
UNKNOWN: dict[str, Any] = {"name": "nowhere", "skip_reason": "Dependency not found"}


@pytest.mark.parametrize(
    ("packages", "code", "words"),
    [
        ([SOUND], 0, "1 packages audited, 0 known vulnerabilities."),
        ([SOUND, FAULTY], 1, "urllib3 1.26.4: CVE-2021-33503, mended in 1.26.5"),
        ([SOUND, UNKNOWN], 0, "Not known to the index: nowhere."),
        ([UNKNOWN], 0, "NOT AUDITED"),
    ],
)
def test_what_the_index_says_decides(packages: list[dict[str, Any]], code: int, words: str) -> None:
    text, ended = verdict(json.dumps({"dependencies": packages, "fixes": []}))
    assert ended == code
    assert words in text


@pytest.mark.parametrize("output", ["", "Traceback: no network"])
def test_no_answer_is_said_to_be_none(output: str) -> None:
    assert verdict(output) == ("NOT AUDITED: the index of vulnerabilities did not answer.", 0)
