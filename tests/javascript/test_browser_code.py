"""What holds for all browser code: small files, text and never markup, documented exports, one version at a time."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geo.register.city import Atlas
from layers import browser_code
from layers.map.folium_map import map_page

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "layers" / "site" / "static"
SCRIPTS = sorted([*browser_code.STATIC_DIR.rglob("*.js"), *SITE.rglob("*.js")])
STYLES = sorted((ROOT / "layers").rglob("*.css"))
MARKUP = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|srcdoc|createContextualFragment|setHTML|\beval\(|new Function"
DECLARED = (
    r"(?:const|let|class|function)\s+(\w+)|^\s+(?:async |get |static )*(\w+)\([^)]*\) \{$|this\.(\w+) = "
)
PRIVATE_WORDS = {"told", "said", "asked", "found", "kept", "words", "look", "cfg", "el", "isoDay", "dayIso"}


def test_every_file_can_be_read_at_a_sitting() -> None:
    assert len(SCRIPTS) > 40
    long = [str(path) for path in SCRIPTS if len(path.read_text("utf-8").splitlines()) > 300]
    assert long + [str(path) for path in STYLES if len(path.read_text("utf-8").splitlines()) > 350] == []


def test_data_reaches_the_page_as_text_alone() -> None:
    assert [path.name for path in SCRIPTS if re.search(MARKUP, path.read_text("utf-8"))] == []


def test_names_are_plain() -> None:
    for path in SCRIPTS:
        names = {
            name for match in re.finditer(DECLARED, path.read_text("utf-8"), re.M) for name in match.groups()
        }
        assert not names & PRIVATE_WORDS, path


def test_every_export_says_what_it_is() -> None:
    for path in SCRIPTS:
        lines = path.read_text("utf-8").splitlines()
        for before, line in zip(["", *lines], lines, strict=False):
            if line.startswith("export "):
                assert before.rstrip().endswith("*/"), f"{path}: {line}"


FAULTS = {
    "no-undef": "export const a = () => undeclared;",
    "no-unused-vars": "const unused = 1;",
    "eqeqeq": "export const a = (b) => b == 1;",
    "prefer-const": "let a = 1;\nexport const b = () => a;",
    "max-lines": "".join(f"export const a{i} = {i};\n" for i in range(301)),
    "no-eval": "export const a = (b) => eval(b);",
    "max-params": "export const a = (b, c, d, e, f) => b + c + d + e + f;",
}


@pytest.mark.parametrize("rule", FAULTS)
def test_the_lint_of_make_check_finds(rule: str, tmp_path: Path) -> None:
    (tmp_path / "fault.js").write_text(FAULTS[rule], "utf-8")
    lint = [
        str(Path(sys.executable).parent / "oxlint"),
        "--config",
        str(ROOT / ".oxlintrc.json"),
        "--deny-warnings",
    ]
    done = subprocess.run([*lint, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert f"({rule})" in done.stdout
    (tmp_path / "fault.js").write_text("export const fine = 1;\n", "utf-8")
    assert subprocess.run([*lint, str(tmp_path)], capture_output=True, check=False).returncode == 0
    assert "oxlint --quiet --deny-warnings layers" in (ROOT / "Makefile").read_text("utf-8")


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The browser code somewhere else, to be changed."""
    folder = tmp_path / "layers" / "static"
    shutil.copytree(browser_code.STATIC_DIR, folder)
    monkeypatch.setattr(browser_code, "STATIC_DIR", folder)
    browser_code.version.cache_clear()
    yield folder
    browser_code.version.cache_clear()


def version() -> str:
    browser_code.version.cache_clear()
    return browser_code.version()


def test_any_change_of_any_file_is_another_version(copy: Path) -> None:
    seen = {version()}
    for path in sorted(path for path in copy.rglob("*") if path.is_file()):
        path.write_bytes(path.read_bytes() + b"\n")
        assert version() not in seen, path
        seen.add(version())
    (copy / "shared" / "days.js").rename(copy / "shared" / "day.js")
    assert version() not in seen


def test_a_new_way_of_drawing_is_one_file(copy: Path, atlas: Atlas) -> None:
    """Put into the folder it is loaded by the map's page and stands in the site's script; nothing else is edited."""
    (copy / "map" / "drawings" / "dots.js").write_text(
        'import { registerDrawing } from "../drawing_registry.js";\nregisterDrawing("dots", class { draw() { return 7; } });\n',
        "utf-8",
    )
    address = browser_code.asset("map/drawings/dots.js")
    page = map_page(atlas)
    assert f'"./{address}"' in page
    assert f'href="{address}"' in page
    script = browser_code.bundle([*browser_code.drawings(), copy / "map" / "atlas_map.js"]).decode()
    assert 'registerDrawing("dots"' in script


def test_a_bundle_is_one_classic_script_and_the_same_each_time(call: Callable[..., Any], page: Any) -> None:
    modules = [*browser_code.drawings(), SITE / "start.js"]
    script = browser_code.bundle(modules)
    assert script == browser_code.bundle(modules)
    text = script.decode()
    assert text.startswith('"use strict";\n(() => {')
    assert not re.search(r"^\s*(?:import|export)\b", text, re.M)
    assert str(ROOT) not in text
    page.add_script_tag(content=text)  # as a classic script: it would throw on `import`
    assert page.evaluate("typeof window.atlasTable + typeof window.atlasSite.searchAll") == "functionfunction"


def test_a_bundle_of_a_module_that_is_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.js").write_text('import { nothing } from "./missing.js";\nnothing();\n', "utf-8")
    with pytest.raises(RuntimeError, match=re.escape("missing.js")):
        browser_code.bundle([tmp_path / "broken.js"])
