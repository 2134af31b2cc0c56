"""The tool that makes a pack's roads reads the package's literals and runs none of its code."""

from __future__ import annotations

from pathlib import Path

import shapely

from tools.base_map import edges, network

PACKAGE = """
from scgraph.core import GeoGraph
graph=[{1: 2.0, 0: 0.0}, {0: 2.0, 2: 9.9, 3: 0.0}, {1: 9.9}, {1: 0.0}]
nodes=[[31.5, 120.3], [31.6, 120.4], [40.0, 116.0], [31.6, 120.4]]
tiny_geograph = GeoGraph(graph=graph, nodes=nodes)
"""


def test_each_edge_within_the_frame_is_there_once(tmp_path: Path) -> None:
    file = tmp_path / "tiny.py"
    file.write_text(PACKAGE, "utf-8")
    neighbours, nodes = network(file)
    assert nodes[0].tolist() == [120.3, 31.5]
    lines = edges(neighbours, nodes, (120.0, 31.0, 121.0, 32.0))
    assert list(lines) == [shapely.LineString([(120.3, 31.5), (120.4, 31.6)])]
