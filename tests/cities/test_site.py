"""The public site of two cities: each folder is the site of a process with that pack alone, and a page leads to both."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from geo.cli.main import app
from layers.site import cli as site
from tests.second_city.reading import PACK

DAY = "2022-12-31"


@pytest.fixture
def packs(tmp_path: Path) -> list[Path]:
    """Two small cities: the simulated one, and the same under another name."""
    other = tmp_path / "other"
    shutil.copytree(PACK, other)
    about = json.loads((other / "datapackage.json").read_text("utf-8"))
    about["name"] = "other-2022"
    about["city"] |= {"slug": "other", "name_zh": "别的市", "name_en": "Other"}
    (other / "datapackage.json").write_text(json.dumps(about), "utf-8")
    return [PACK, other]


def published(out: Path, env: dict[str, str], *more: str) -> dict[str, bytes]:
    if site.app not in [group.typer_instance for group in app.registered_groups]:
        app.add_typer(site.app)
    done = CliRunner().invoke(app, [*more, "publish", "--out", str(out), "--as-of", DAY], env=env)
    assert done.exit_code == 0, (done.output, done.exception)
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and ".atlas" not in path.parts
    }


def test_each_folder_is_the_site_of_its_city_alone(packs: list[Path], tmp_path: Path) -> None:
    listed = {"ATLAS_CITIES": os.pathsep.join(map(str, packs)), "ATLAS_VAR": str(tmp_path / "var")}
    both = published(tmp_path / "both", listed)
    own = {"ATLAS_CITIES": "", "ATLAS_DATA": str(PACK), "ATLAS_VAR": str(tmp_path / "own")}
    alone = published(tmp_path / "alone", own)
    prefix = "c/jingdezhen/"
    assert {name.removeprefix(prefix): both[name] for name in both if name.startswith(prefix)} == alone
    assert "别的市" in both["index.html"].decode()
    front, english = both["index.html"].decode(), both["en/index.html"].decode()
    assert 'href="c/jingdezhen/index.html"' in front
    assert 'href="c/other/index.html"' in front
    assert 'href="../c/other/en/index.html"' in english
    assert "primary_1000" in front
    assert "不排名次" in front
    for page, text in (("", front), ("en/", english)):
        for address in re.findall(r'(?:href|src)="([^"#:]+)"', text):
            target = os.path.normpath(f"{page}{address}")
            assert target in both, target
    assert "/c/other/embed.html\n  Content-Security-Policy:" in both["_headers"].decode()
