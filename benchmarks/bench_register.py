"""The register at 100,000 works and 1,000,000 invented events beside the shipped one: how long each way takes, and how it grows.

Seconds of processor time, for other work keeps the machine busy; wall time stands beside it. Each register is measured in a process of
its own. Run: ``python -m benchmarks.bench_register [--quick]``; what is invented is told by
:mod:`benchmarks.made_up_register`.
"""

from __future__ import annotations

import json
import math
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.made_up_list import made_up_list
from benchmarks.made_up_register import EVENTS, WORKS, made_up_pack
from benchmarks.timing import in_fresh_process, is_quick, machine, print_table, write_record
from geo.paths import DATA_DIR

DAY, OTHER_DAY, TODAY = date(2021, 12, 31), date(2023, 6, 30), date(2026, 11, 30)
ITEM = "C06"  # of the plan: what rows of the list belong to


def measured(root: Path) -> dict[str, Any]:
    """Processor and wall seconds of each way over the pack in ``root``."""
    from geo.atlas import load_gazetteer
    from geo.files import Content, get_system, write_file
    from geo.register.city import atlas_of
    from geo.register.pack import load_pack
    from geo.register.progress import progress
    from geo.register.search import rank_works, search
    from geo.register.selection import Selection

    steps: dict[str, dict[str, float]] = {}

    def step(name: str, action: Callable[[], Any]) -> Any:
        cpu, wall = time.process_time(), time.perf_counter()
        answer = action()
        steps[name] = {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall}
        print(name, steps[name], file=sys.stderr, flush=True)
        return answer

    atlas = step("load the files", lambda: atlas_of(load_pack(root)))
    register, gazetteer = atlas.register, load_gazetteer(root)
    step("first state: events put in order", lambda: register.state(OTHER_DAY))
    state = step("state of another day", lambda: register.state(DAY))
    step("all changes of status", register.intervals)
    for by in ("item", "category", "district"):
        step(f"progress by {by}", lambda by=by: progress(register, DAY, by))
    work = str(register.works.index[-1])
    step("history of a work, first", lambda: register.timeline(work))
    step("history of a work", lambda: register.timeline(str(register.works.index[-2])))
    chosen = Selection(
        categories=("community",), districts=("320211", "320213"), statuses=("completed",), scope="all"
    )
    rows = step("filter of the list", lambda: chosen.apply(state))
    step("search in the list, first: pinyin of all names", lambda: rank_works(register, rows, "清名"))
    step("search in the list", lambda: rank_works(register, rows, "梧桐"))

    def found(text: str) -> Any:
        return search(register, gazetteer, text, as_of=DAY, districts=atlas.districts)

    step("search, first", lambda: found("qmyc"))
    step("search", lambda: found("wutong"))
    step("search of what is written almost so, first", lambda: found("hongqihuayuam"))
    step("search of what is written almost so", lambda: found("chunqiangxincum"))
    for form in ("csv", "geojson", "xlsx", "kml", "shapefile"):
        content = Content(atlas, state, DAY, get_system("wgs84", atlas.city))
        step(f"export {form}", lambda content=content, form=form: write_file(content, form))
    _import_steps(step, atlas, gazetteer)
    return {"works": len(register.pack.works), "events": len(register.pack.events), "steps": steps}


def _import_steps(step: Callable[[str, Callable[[], Any]], Any], atlas: Any, gazetteer: Any) -> None:
    """A list of a tenth as many rows as there are works, from its file through the plan into a store and back."""
    from geo.ingest.plan.import_plan import Options, make_plan
    from geo.ingest.plan.proposed_mapping import proposed_mapping
    from geo.reading.read_file import read_file
    from geo.store.model import Actor, Role
    from geo.store.store import connect
    from geo.text_tables import table_bytes

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        path.write_bytes(table_bytes(made_up_list(atlas, len(atlas.pack.works) // 10)))
        store = connect(f"sqlite:///{folder}/store.db", atlas.pack.root)
        step("store: the pack is loaded", store.sync)
        step("store: read as an atlas", store.pack)
        atlas.register.state(TODAY)
        opened = step("import: the file is read", lambda: read_file(path))
        layer = opened.only()
        mapping = proposed_mapping(layer, atlas, item_id=ITEM)
        options = Options(
            item_id=ITEM, crs="WGS84", rules={"differs": "file"}, today=TODAY, file_name=opened.name,
            source={"title": "虚构名单", "publisher": "-", "published": "2024-07-01"}, sha256=opened.sha256,
        )  # fmt: skip
        plan = step("import: plan", lambda: make_plan(layer, mapping, options, atlas, gazetteer))
        step("import: counts before and after", lambda: plan.preview)
        editor = Actor("made up", Role.editor)
        done = step("import: checked and written", lambda: store.apply(editor, plan.batch()))
        step("import: store read after it", store.pack)
        step("import: undone", lambda: store.undo_batch(editor, done.batch_id, "made up"))


def _slope(small: dict[str, Any], large: dict[str, Any], name: str) -> float:
    """How time grows with works: 1 is as they do."""
    ratio = large["steps"][name]["cpu_s"] / max(small["steps"][name]["cpu_s"], 1e-3)
    return math.log(ratio) / math.log(large["works"] / small["works"])


def main(works: int, events: int) -> None:
    record: dict[str, Any] = {
        "machine": machine(),
        "shipped": in_fresh_process("benchmarks.bench_register", "of", str(DATA_DIR)),
    }
    with tempfile.TemporaryDirectory() as folder:
        made_up_pack(Path(folder), works, events)
        record["invented"] = in_fresh_process("benchmarks.bench_register", "of", folder)
    small, large = record["shipped"], record["invented"]
    record["slopes"] = {name: _slope(small, large, name) for name in large["steps"]}
    rows = [
        [name, f"{small['steps'][name]['cpu_s']:.3f}", f"{told['cpu_s']:.3f}", f"{told['wall_s']:.2f}",
         f"{record['slopes'][name]:.2f}"]
        for name, told in large["steps"].items()
    ]  # fmt: skip
    print_table("Register", ["", "shipped, cpu s", "invented, cpu s", "invented, wall s", "slope"], rows)
    write_record("register", record, quick=works < WORKS)


if __name__ == "__main__":
    if sys.argv[1:2] == ["of"]:
        print(json.dumps(measured(Path(sys.argv[2]))))
    else:
        main(*((WORKS // 50, EVENTS // 50) if is_quick(__doc__) else (WORKS, EVENTS)))
