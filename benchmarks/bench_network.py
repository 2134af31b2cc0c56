"""Walking distance along streets: ours, pandana and networkx on the same planar network, the ways taking turns.

``python -m benchmarks.bench_network [--quick]``. Answers are compared before any time counts. Prints Markdown tables
and writes ``docs/performance/network.json``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.timing import (
    digits,
    in_fresh_process,
    interleaved,
    machine,
    once_ms,
    peak_growth_mib,
    print_table,
    rows_of,
    write_record,
)
from geo.kernels.network import Snapped, StreetNetwork, snap, walk_distance

SEED = 2026
BLOCK_M = 100.0
LIMIT_M = 2_000.0
KEPT = 0.8176  # share of a grid's edges that leaves 326,000 of 200,000 nodes
TOLERANCE_M = 0.1  # pandana adds up edges rounded to millimetres
OURS = "ours, walk_distance"
BARE = "scipy dijkstra alone"
PANDANA = "pandana nearest_pois"
NETWORKX = "networkx multi_source_dijkstra"
SIDES = (150, 447)  # nodes a side: 22,500 and 199,809


def streets(side: int) -> StreetNetwork:
    """A grid of streets, its crossings moved by up to a quarter of a block, some of its streets left out."""
    rng = np.random.default_rng([SEED, side])
    number = np.arange(side * side).reshape(side, side)
    u = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    v = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    kept = rng.random(u.size) < KEPT
    used, ends = np.unique(np.stack([u, v])[:, kept], return_inverse=True)
    u, v = np.ascontiguousarray(ends.reshape(2, -1))
    row, column = np.divmod(used, side)
    nodes = (np.column_stack([column, row]) + rng.uniform(-0.25, 0.25, (used.size, 2))) * BLOCK_M
    return StreetNetwork(nodes, u, v, np.hypot(*(nodes[u] - nodes[v]).T), {"source": "simulated"})


@dataclass(frozen=True)
class Case:
    """A network, and facilities that stand on nodes of it: half anywhere, half around 30 centres."""

    side: int
    facilities: int

    @cached_property
    def network(self) -> StreetNetwork:
        return streets(self.side)

    @cached_property
    def origins(self) -> np.ndarray:
        rng = np.random.default_rng([SEED, self.facilities])
        nodes, half = self.network.nodes, self.facilities // 2
        centres = nodes[rng.integers(0, len(nodes), 30)][rng.integers(0, 30, self.facilities - half)]
        near = nearest_nodes(self.network, centres + rng.normal(0, 1_000, centres.shape))
        return np.unique(np.concatenate([rng.integers(0, len(nodes), half), near]))

    @cached_property
    def snapped(self) -> Snapped:
        return snap(self.network, *self.network.nodes[self.origins].T)

    @cached_property
    def targets(self) -> Snapped:
        return at_nodes(self.network)


def nearest_nodes(network: StreetNetwork, places: np.ndarray) -> np.ndarray:
    from scipy.spatial import cKDTree

    return cKDTree(network.nodes).query(places)[1]


def at_nodes(network: StreetNetwork) -> Snapped:
    """Every node as a place on one of its streets."""
    number = np.arange(len(network.nodes))
    edge = np.empty(number.size, "int64")
    for ends in (network.v, network.u):
        edge[ends] = np.arange(ends.size)
    along = np.where(network.v[edge] == number, network.length[edge], 0.0)
    return Snapped(edge, along, np.zeros(number.size))


def query_ours(case: Case) -> Callable[[], Any]:
    _built = case.network.matrix
    return lambda: walk_distance(case.network, case.snapped, case.targets, limit=LIMIT_M)


def query_bare(case: Case) -> Callable[[], Any]:
    """What cannot be saved: the search itself."""
    from scipy.sparse.csgraph import dijkstra

    matrix = case.network.matrix
    return lambda: dijkstra(matrix, indices=case.origins, min_only=True, limit=LIMIT_M)


def build_pandana(case: Case) -> Any:
    import pandana

    nodes, network = case.network.nodes, case.network
    return pandana.Network(
        pd.Series(nodes[:, 0]),
        pd.Series(nodes[:, 1]),
        pd.Series(network.u),
        pd.Series(network.v),
        pd.DataFrame({"length": network.length}),
        twoway=True,
    )


def set_pois(case: Case, built: Any) -> None:
    places = pd.DataFrame(case.network.nodes[case.origins], columns=["x", "y"])
    built.set_pois("facility", LIMIT_M, 1, places["x"], places["y"])


def query_pandana(case: Case, built: Any = None) -> Callable[[], Any]:
    built = built or build_pandana(case)
    set_pois(case, built)

    def way() -> np.ndarray:
        return built.nearest_pois(LIMIT_M, "facility", num_pois=1, max_distance=np.inf)[1].to_numpy()

    return way


def build_networkx(case: Case) -> Any:
    import networkx

    graph = networkx.Graph()
    lengths = zip(
        *(values.tolist() for values in (case.network.u, case.network.v, case.network.length)), strict=True
    )
    graph.add_weighted_edges_from(lengths)
    return graph


def query_networkx(case: Case, built: Any = None) -> Callable[[], Any]:
    import networkx

    graph, origins = built or build_networkx(case), set(case.origins.tolist())
    return lambda: networkx.multi_source_dijkstra_path_length(graph, origins, cutoff=LIMIT_M)


QUERIES: dict[str, Callable[[Case], Callable[[], Any]]] = {OURS: query_ours, BARE: query_bare}
if find_spec("pandana"):
    QUERIES[PANDANA] = query_pandana
if find_spec("networkx"):
    QUERIES[NETWORKX] = query_networkx


def build_all(case: Case) -> tuple[dict[str, float], dict[str, Callable[[], Any]], Any]:
    """Milliseconds of everything done once before queries, each way's steps one by one; the queries; pandana's network."""
    for query in QUERIES.values():
        query(Case(20, 3))()  # loads the code
    ms = {"ours: matrix": once_ms(lambda: case.network.matrix)[1]}
    ms["ours: edges for the tree"] = once_ms(lambda: case.network.tree)[1]
    ms["ours: tree and snapping the facilities"] = once_ms(lambda: case.snapped)[1]
    ways = {OURS: query_ours(case), BARE: query_bare(case)}
    if NETWORKX in QUERIES:
        graph, ms["networkx: graph"] = once_ms(lambda: build_networkx(case))
        ways[NETWORKX] = query_networkx(case, graph)
    built = None
    if PANDANA in QUERIES:
        built, ms["pandana: Network"] = once_ms(lambda: build_pandana(case))
        ms["pandana: set_pois"] = once_ms(lambda: set_pois(case, built))[1]
        ways[PANDANA] = query_pandana(case, built)
    return ms, ways, built


def precompute_ms(built: Any, query: Callable[[], Any]) -> dict[str, float]:
    """pandana's precompute, which aggregations need and nearest_pois does not; and a query after it."""
    return {
        "pandana: precompute": once_ms(lambda: built.precompute(LIMIT_M))[1],
        "pandana: a query after precompute": once_ms(query)[1],
    }


def compare(answers: dict[str, Any], gaps: dict[str, float]) -> None:
    """The same distance from every node, infinite beyond the limit; only at the limit itself may millimetres decide."""
    ours = answers[OURS]
    for name, answer in answers.items():
        theirs = dense(answer, ours.size) if isinstance(answer, dict) else answer
        both = np.isfinite(ours) & np.isfinite(theirs)
        one = np.isfinite(ours) ^ np.isfinite(theirs)
        gaps[name] = float(np.abs(ours[both] - theirs[both]).max())
        assert gaps[name] <= TOLERANCE_M, (name, gaps[name])
        assert (np.minimum(ours, theirs)[one] >= LIMIT_M - TOLERANCE_M).all(), name


def dense(lengths: dict[int, float], count: int) -> np.ndarray:
    out = np.full(count, np.inf)
    out[list(lengths)] = list(lengths.values())
    return out


def peak_mib(way: str, case: Case) -> float:
    question = json.dumps([way, case.side, case.facilities])
    return float(in_fresh_process("benchmarks.bench_network", "--peak", question)["mib"])


def answer_peak(question: str) -> None:
    """The other end of :func:`peak_mib`: a query on what is built already, after a small one has loaded the code."""
    way, side, number = json.loads(question)
    QUERIES[way](Case(20, 3))()
    print(json.dumps({"mib": peak_growth_mib(QUERIES[way](Case(side, number)))}))


def bench(case: Case, rounds: int, *, memory: bool) -> dict[str, Any]:
    once, ways, built = build_all(case)
    gaps: dict[str, float] = {}
    ms = interleaved(ways, rounds, check=lambda answers: compare(answers, gaps))
    reached = int(np.isfinite(ways[OURS]()).sum())
    size = {"nodes": len(case.network.nodes), "edges": case.network.u.size, "facilities": case.origins.size}
    record = size | {"limit_m": LIMIT_M, "nodes_within": reached, "once_ms": once}
    if built:
        once |= precompute_ms(built, ways[PANDANA])
    peaks = {name: peak_mib(name, case) for name in ways} if memory else {}
    return record | {"ways": rows_of(ms, OURS, largest_gap_m=gaps, peak_mib=peaks)}


def show(cases: list[dict[str, Any]]) -> None:
    queries, once = [], []
    for case in cases:
        what = f"{case['nodes']:,} nodes, {case['edges']:,} edges, {case['facilities']} facilities"
        for name, way in case["ways"].items():
            peak = digits(way["peak_mib"]) if "peak_mib" in way else ""
            gap = f"{way['largest_gap_m'] * 1000:.2g} mm"
            queries.append((what, name, digits(way["ms"]), digits(way["times_ours"]), gap, peak))
        once += [(what, name, digits(ms)) for name, ms in case["once_ms"].items()]
    head = ("network", "way", "ms", "ours is faster, times", "largest difference", "peak memory, MiB")
    print_table(f"Walk from every node to the nearest facility within {LIMIT_M:,.0f} m", head, queries)
    print_table("Done once, before queries", ("network", "step", "ms"), once)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the small network, nothing recorded in docs/")
    parser.add_argument("--peak", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peak:
        answer_peak(arguments.peak)
        return
    full = not arguments.quick
    record: dict[str, Any] = {"machine": machine(), "seed": SEED, "cases": []}
    for side, number in ((SIDES[0], 34), (SIDES[1], 300))[: 2 if full else 1]:
        record["cases"].append(bench(Case(side, number), 7 if full else 3, memory=full))
    show(record["cases"])
    write_record("network", record, quick=arguments.quick)


if __name__ == "__main__":
    main()
