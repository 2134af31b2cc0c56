"""Pinyin of many names at once is that of each alone, phrases of characters with several readings included."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT

from geo.places import pinyin
from geo.places.pinyin import pinyin_keys

PHRASES = sorted(PHRASES_DICT)[::37]
PARTS = (
    st.sampled_from(PHRASES)
    | st.sampled_from(
        ["重庆", "长安", "长", "行", "银行", "乐", "音乐", "都", "大都会", "〇", "ΑΣ", "İ", "\n", " ", "12号"]
    )
    | st.text("重长行乐都车站朝阳曾单解", max_size=4)
    | st.text(max_size=3)
)
NAMES = st.lists(st.lists(PARTS, max_size=4).map("".join), max_size=8)


def alone(name: str) -> tuple[str, str]:
    return (
        "".join(lazy_pinyin(name)).lower(),
        "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower(),
    )


@given(NAMES)
def test_names_together_are_spelled_as_each_alone(names: list[str]) -> None:
    for _again in range(2):  # the second time they are remembered
        keys = pinyin_keys(names)
        assert list(keys.itertuples(index=False, name=None)) == [alone(name) for name in names]


def test_more_names_than_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pinyin, "_NAMES", 3)
    names = [f"长安路{number}号" for number in range(9)]
    for part in (names[:2], names[:5], names):
        assert list(pinyin_keys(part)["full"]) == [alone(name)[0] for name in part]
        assert len(pinyin._remembered) <= 3
