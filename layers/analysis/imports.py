"""What an import would do, worked out by workers: the file's rows go there in a parcel, the plan comes back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from geo.atlas import load_atlas, load_gazetteer
from geo.ingest.plan.import_plan import ImportPlan, make_plan
from geo.ingest.plan.osm import Baseline, read_osm
from layers.workers.handover import Parcel
from layers.workers.heavy import heavy
from layers.workers.limits import FILE_S


@heavy(seconds=FILE_S, remembered=0)
def planned(parcel: Parcel) -> ImportPlan:
    """What ``(layer, mapping, options, of_plan)`` would write, previewed; without the atlas, which whoever asks has.

    ``of_plan`` is the plan whose items the list is of: an id, ``all``, or empty for the first.
    """
    layer, mapping, options, of_plan = parcel.value
    plan = make_plan(layer, mapping, options, load_atlas(plan=of_plan), load_gazetteer()).previewed()
    return _without_atlas(plan)


@heavy(seconds=FILE_S, remembered=0)
def baseline_of(parcel: Parcel) -> Baseline:
    """What an OSM extract holds for this city; the parcel has the objects that were read."""
    return read_osm(parcel.value, load_atlas())


def _without_atlas(plan: ImportPlan) -> ImportPlan:
    return _same(plan, atlas=None)


def with_atlas(plan: ImportPlan, of_plan: str = "") -> ImportPlan:
    """A plan of :func:`planned` with the atlas of this process, by the same plan of the city."""
    return _same(plan, atlas=load_atlas(plan=of_plan))


def _same(plan: ImportPlan, **changed: Any) -> ImportPlan:
    """A copy that has the preview too: it is a part of the answer that was worked out already."""
    copy = replace(plan, **changed)
    copy.__dict__["preview"] = plan.preview
    return copy
