"""Keeps what an import brings beside the register: land and streets of an extract, outlines of works as drawn."""

from __future__ import annotations

from geo.coverage.saved_data import Saved, save_dataset
from geo.ingest.plan.import_plan import ImportPlan
from geo.ingest.plan.osm import Baseline
from geo.places.base_map import OSM_CREDIT


def save_baseline(baseline: Baseline, name: str) -> list[Saved]:
    """Keep the residential land and the streets of an OSM extract, those that it has, with their credit."""
    parts = {"residential": baseline.residential, "streets": baseline.streets}
    return [
        save_dataset(kind, frame, name=name, credit=OSM_CREDIT) for kind, frame in parts.items() if len(frame)
    ]


def save_outlines(plan: ImportPlan) -> Saved | None:
    """Keep the polygons of an import's good rows as drawn, beside the register; None where it has none."""
    outlines = plan.outlines
    if outlines.empty:
        return None
    title = str(plan.options.source_row()["title"])
    return save_dataset("outlines", outlines, name=plan.options.file_name or title, credit=title)
