"""What works, facilities and districts can be found by, folded, weightiest first: names, ids, pinyin, initials, streets, kinds."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import geopandas as gpd
import pandas as pd

from geo.places.pinyin import folded, pinyin_keys
from geo.register.register import Register
from geo.text_tables import read_city_table


@lru_cache(maxsize=4)
def work_keys(register: Register) -> pd.DataFrame:
    """What a work can be found by."""
    works = register.works
    names = pinyin_keys(list(works["name_zh"])).set_index(works.index)
    streets = pinyin_keys(list(works["street"].fillna(""))).set_index(works.index)
    labels = _labels(register.pack.root, "categories", "category_id", works["category"])
    return folded(
        pd.DataFrame(
            {
                "zh": works["name_zh"],
                "id": works.index,
                "initials": names["initials"],
                "full": names["full"],
                "street": works["street"],
                "street_full": streets["full"],
                "en": works["name_en"],
                "category_zh": labels["name_zh"],
                "category_en": labels["name_en"],
            }
        )
    )


@lru_cache(maxsize=4)
def facility_keys(register: Register) -> pd.DataFrame:
    """What a facility can be found by."""
    rows = register.facilities
    names = pinyin_keys(list(rows["name_zh"])).set_index(rows.index)
    labels = _labels(register.pack.root, "kinds", "kind_id", rows["kind"])
    return folded(
        pd.DataFrame(
            {
                "zh": rows["name_zh"],
                "id": rows.index,
                "initials": names["initials"],
                "full": names["full"],
                "street": rows["address_zh"],
                "en": rows["name_en"],
                "kind_zh": labels["name_zh"],
                "kind_en": labels["name_en"],
            }
        )
    )


def district_keys(districts: gpd.GeoDataFrame) -> pd.DataFrame:
    """What a district can be found by: name, code, initials, pinyin."""
    names = pinyin_keys(list(districts["name_zh"])).set_index(districts.index)
    return folded(
        pd.DataFrame(
            {
                "zh": districts["name_zh"],
                "id": districts.index,
                "initials": names["initials"],
                "full": names["full"],
                "en": districts["name_en"],
            }
        )
    )


def _labels(root: Path, table: str, key: str, codes: pd.Series[str]) -> pd.DataFrame:
    """Names of the words of a vocabulary of the pack, for each of ``codes``."""
    words = read_city_table(root, f"{table}.csv", (key, "name_zh", "name_en"))
    return words.set_index(key).reindex(codes).set_index(codes.index)
