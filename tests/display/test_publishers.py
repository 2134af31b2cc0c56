"""Who published a source, for readers of English: as it calls itself, or pinyin that says so; in Chinese always as it calls itself."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from geo.display.labels import publisher_name
from geo.places.english_names import MARK
from geo.register.city import Atlas

HAN = re.compile(r"[\u3400-\u9fff]")
NAMES = st.text(st.sampled_from("无锡市教育局高德地图日报网"), min_size=1, max_size=12)


@given(NAMES)
def test_a_chinese_name_is_pinyin_and_says_so(name: str) -> None:
    english = publisher_name(name, "en")
    assert not HAN.search(english)
    assert english.endswith(MARK)
    assert publisher_name(name, "zh") == name


@given(st.text(st.sampled_from("abcdefgh OSMN"), min_size=1).map(str.strip).filter(bool))
def test_a_name_without_chinese_stays(name: str) -> None:
    assert publisher_name(" ".join(name.split()), "en") == " ".join(name.split())


def test_every_publisher_of_the_pack_can_be_read(atlas: Atlas) -> None:
    for name in atlas.pack.sources["publisher"]:
        assert not HAN.search(publisher_name(name, "en"))
