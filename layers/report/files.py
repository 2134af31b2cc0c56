"""Reports as files, made by workers."""

from __future__ import annotations

from geo.atlas import load_atlas
from geo.report import ReportRequest
from layers.report.build import build
from layers.workers.heavy import heavy
from layers.workers.limits import FILE_S


@heavy(seconds=FILE_S, remembered=32)
def report_file(request: ReportRequest, form: str) -> bytes:
    """The report as ``pdf`` or ``html``."""
    return build(load_atlas(), request, form)
