"""The invented register that sizes are measured on fits the pack's own rules, says that it is invented, and comes out the same each time."""

from __future__ import annotations

from pathlib import Path

from benchmarks.made_up_register import SOURCE, made_up_pack
from geo.register.pack import load_pack
from geo.register.pack_check import check_pack
from geo.register.pack_files import pack_digest

WORKS, EVENTS = 900, 3000


def test_an_invented_register_is_a_sound_pack(tmp_path: Path) -> None:
    root = made_up_pack(tmp_path / "one", WORKS, EVENTS)
    assert not [problem.text() for problem in check_pack(root)]
    pack = load_pack(root)
    assert (len(pack.works), len(pack.events)) == (WORKS, EVENTS)
    invented = pack.works[pack.works["source_id"] == SOURCE]
    assert invented["name_zh"].str.startswith("虚构").all()
    assert "虚构" in pack.sources.at[SOURCE, "title"]
    assert set(pack.events["kind"]) >= {"status", "correction", "location", "undo", "merge"}
    assert pack_digest(made_up_pack(tmp_path / "two", WORKS, EVENTS)) == pack_digest(root)
