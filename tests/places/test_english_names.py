"""No Chinese is left in a name for readers of English, and whoever reads it sees whether a source gave it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.places.english_names import MARK, display_names, english_name, written_before
from geo.register.city import Atlas

HAN = re.compile(r"[\u3400-\u9fff]")
COMMON = "无锡江阴宜兴惠山梁溪滨湖新吴太湖路站桥村苑区小学医院公园广场停车场一二三东西南北中大火车"


@given(st.text(alphabet=COMMON + "abAB 12（）()、-", max_size=24))
def test_no_chinese_is_left_and_pinyin_is_marked(name: str) -> None:
    written = english_name(name)
    assert not HAN.search(written)
    assert written.endswith(MARK) == bool(HAN.search(name))
    assert "  " not in written


@given(
    st.lists(
        st.tuples(st.text(alphabet=COMMON + "aB -", max_size=6), st.sampled_from(["", "Wuxi Zhan", None]))
    )
)
def test_a_name_that_was_written_before_is_the_same(names: list[tuple[str, str]]) -> None:
    expected, written = [english_name(*name) for name in names], dict[str, str]()
    for _run in range(2):
        with written_before(written):
            assert [english_name(*name) for name in names] == expected
    assert len(written) == len({(chinese, english or "") for chinese, english in names})


@given(
    st.text(alphabet=st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1).filter(str.strip)
)
def test_what_a_source_gives_in_english_stays(given_name: str) -> None:
    assert english_name("无锡市第一女子中学", given_name) == given_name.strip()


@pytest.mark.parametrize(
    ("chinese", "given_name", "shown"),
    [
        ("无锡火车站", "WuXi HuoCheZhan", "Wuxi Railway Station (pinyin)"),
        ("旺庄东路站", "Wangzhuang Donglu", "Wangzhuang East Road Station (pinyin)"),
        ("西园弄站", "XiYuan Long", "Xiyuan Long Station (pinyin)"),  # the source's own reading of 弄
        ("梅园开原寺站", "MeiYuan KaiYuan Si", "Meiyuan Kaiyuan Si Station (pinyin)"),  # and its words
        ("惠山区", "", "Huishan District (pinyin)"),
        ("永丰路停车场", "", "Yongfeng Road Car Park (pinyin)"),
        ("地铁4号线", "Metro Line 4", "Metro Line 4"),
        ("", "", ""),
    ],
)
def test_known_names(chinese: str, given_name: str, shown: str) -> None:
    assert english_name(chinese, given_name) == shown


def test_every_name_of_the_register_can_be_read_in_english(atlas: Atlas) -> None:
    for frame in (atlas.register.state(date(2026, 11, 29)), atlas.register.facilities, atlas.districts):
        names = display_names(frame, "en")
        assert names
        assert not [name for name in names if HAN.search(name)]
        assert display_names(frame, "zh") == list(frame["name_zh"].fillna("").astype(str))
