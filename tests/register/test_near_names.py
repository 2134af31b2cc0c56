"""Names like a name come first where a person chooses what a work is merged into."""

from __future__ import annotations

import pandas as pd

from geo.register.near_names import nearest_names


def test_like_names_come_first_and_others_stay_in_order() -> None:
    rows = pd.DataFrame({"name_zh": ["丙苑", "槐古二村", "乙园", "槐古新村一期"]}, index=list("abcd"))
    assert list(nearest_names(rows, "槐古新村").index)[:2] == ["d", "b"]
    assert set(nearest_names(rows, "槐古新村").index) == set("abcd")
    assert nearest_names(rows.iloc[:0], "槐古新村").empty
