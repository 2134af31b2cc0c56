"""A pack with names that try to run, in a page, in a script, in a spreadsheet."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd

from geo.paths import DATA_DIR
from geo.register.city import Atlas, atlas_of
from geo.register.pack import load_pack

NAMES = (
    "<script>window.__xss=1</script>",
    "</script><script>window.__xss=1</script>",
    "'+(window.__xss=1)+'\\",
    '"><img src=x onerror=window.__xss=1>\u2028',
    '=HYPERLINK("http://x.invalid","y")',
    "${window.__xss=1}{{7*7}}{% x %}",
)


def hostile_atlas(folder: Path) -> Atlas:
    """The real pack copied to ``folder``, with six works of the plan that have a place named so."""
    copy = folder / "data"
    shutil.copytree(DATA_DIR, copy)
    works = pd.read_csv(copy / "works.csv", dtype=str, keep_default_na=False)
    real = load_pack(copy).works
    chosen = real.index[(real["counted"] == "yes") & (real["kind"] == "work") & real["lon"].notna()]
    for work_id, name in zip(chosen, NAMES, strict=False):
        works.loc[works["work_id"] == work_id, ["name_zh", "name_en", "note_zh", "street"]] = name
    works.to_csv(copy / "works.csv", index=False)
    return atlas_of(load_pack(copy))
