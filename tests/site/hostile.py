"""A pack with names that try to run, in a page, in a script, in a spreadsheet."""

from __future__ import annotations

import shutil
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from geo.coverage.saved_data import save_dataset
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
OWN = '{"户数": 412, "<b>标段</b>": "二标"}'
"""What a list says of the first of them beyond the register's fields."""


def draw_outline(atlas: Atlas) -> str:
    """Save a square of some 1.1 km around the first counted work with a place, and for the first facility, where outlines
    are looked for; the id of the work.
    """
    works = atlas.pack.works
    placed = (works["counted"] == "yes") & (works["kind"] == "work") & works["lon"].notna()
    work_id = str(works.index[placed][0])
    lon, lat = works.loc[work_id, ["lon", "lat"]]
    square = shapely.box(lon - 0.006, lat - 0.005, lon + 0.006, lat + 0.005)
    ids = [work_id, str(atlas.register.facilities.index[0])]
    frame = gpd.GeoDataFrame({"work_id": ids, "accuracy_m": 100.0}, geometry=[square, square], crs=4326)
    save_dataset("outlines", frame, name="清单")
    return work_id


def hostile_atlas(folder: Path) -> Atlas:
    """The real pack copied to ``folder``, with six works of the plan that have a place named so."""
    copy = folder / "data"
    shutil.copytree(DATA_DIR, copy)
    works = pd.read_csv(copy / "works.csv", dtype=str, keep_default_na=False)
    real = load_pack(copy).works
    chosen = real.index[(real["counted"] == "yes") & (real["kind"] == "work") & real["lon"].notna()]
    for work_id, name in zip(chosen, NAMES, strict=False):
        works.loc[works["work_id"] == work_id, ["name_zh", "name_en", "note_zh", "street"]] = name
    works["attributes"] = ""
    works.loc[works["work_id"] == chosen[0], "attributes"] = OWN
    works.to_csv(copy / "works.csv", index=False)
    return atlas_of(load_pack(copy))
