"""What ``import`` prints: how the file was read, what is asked, and what was written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import typer

from geo.cli.shared import Form

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from geo.ingest.cells.findings import Finding
    from geo.ingest.plan.import_plan import ImportPlan

_SHOWN: Final = 200
"""Lines printed as text; ``--format json`` and the rejected file hold all."""


def print_result(plan: ImportPlan, applied: Any, form: Form) -> None:
    """What the plan says, and what was written."""
    import pandas as pd

    from geo.cli.shared import out
    from geo.table import records

    written = (
        None
        if applied is None
        else {
            "works": applied.works,
            "facilities": applied.facilities,
            "events": applied.events,
            "revision": applied.revision,
        }
        | ({"outlines": plan.new_outlines} if plan.new_outlines else {})
    )
    if form is Form.json:
        answer = {
            "columns": plan.mapping.columns,
            "units": {name: guess.unit for name, guess in plan.mapping.guesses.items() if guess.unit},
            "unused": list(plan.mapping.unused),
            "crs": plan.system.system,
            "notes": [note.text() for note in (*plan.layer.notes, *plan.system.notes)],
            "rows": plan.counts,
            "system": plan.system.how,
            "findings": [_finding(one) for one in (*plan.findings, *plan.preview.over)],
            "items": records(plan.preview.items.reset_index(names="item_id")),
            "districts": records(plan.preview.districts.reset_index(names="district_code")),
            "events": len(plan.made.events),
            "works": len(plan.made.works),
            "facilities": plan.kinds,
            "written": written,
        }
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=1, default=str))
        return
    _print_reading(plan, form)
    lines = _lines(plan.findings)
    for line in lines[:_SHOWN]:
        typer.echo(line, err=True)
    if len(lines) > _SHOWN:
        typer.echo(f"... {len(lines) - _SHOWN} more: --format json", err=True)
    _choices(plan)
    out(pd.DataFrame([plan.counts]), form)
    if not plan.preview.items.empty:
        out(plan.preview.items.reset_index(names="item_id"), form, _counts(plan.preview.items))
    for one in plan.preview.over:
        typer.echo(f"[{one.level}] {one.line()}", err=True)
    told = [f"{number} {what}" for what, number in (written or {}).items() if what != "revision"]
    if told or plan.empty or not len(plan.left_out):
        typer.echo(f"written: {', '.join(told)}" if told else "nothing written")
    else:
        typer.echo(
            f"nothing written: {len(plan.left_out)} rows are left out; --accept good writes the others"
        )


def _lines(findings: Sequence[Finding]) -> list[str]:
    """A line a finding, at its first row; a remark that many rows get is one line with their number and rows."""
    from geo.ingest.cells.findings import by_kind
    from geo.ingest.cells.total_rows import rows_text

    lines = []
    for alike in by_kind(findings):
        first = alike[0]
        rows = f" [{len(alike)}: {rows_text([one.row for one in alike if one.row is not None])}]"
        lines.append(f"[{first.level}] {first.line()}{rows if len(alike) > 1 else ''}")
    return lines


def _print_reading(plan: ImportPlan, form: Form) -> None:
    """How the file was read: notes, each column with its field, what is not imported, the system of coordinates."""
    from geo.ingest.cells.title_units import quantity_units

    for note in (*plan.layer.notes, *plan.system.notes):
        typer.echo(note.text(), err=True)
    beside = form is not Form.table  # a table for another program stays a table
    above = quantity_units(plan.layer, plan.mapping)
    for name, guess in plan.mapping.guesses.items():
        words = above if name == "quantity" and above else (guess.unit,) if guess.unit else ()
        unit = f" [{' | '.join(words)}]" if words else ""
        typer.echo(f"column: {guess.column} -> {name}{unit}", err=beside)
    if plan.mapping.unused:
        typer.echo(f"unused: {', '.join(plan.mapping.unused)}", err=beside)
    if plan.system.system:
        typer.echo(f"crs: {plan.system.system} ({plan.system.how})", err=beside)


def _counts(items: pd.DataFrame) -> list[str]:
    return ["item_id", "name_zh", *[name for name in items.columns if name.endswith(("_before", "_after"))]]


def _choices(plan: ImportPlan) -> None:
    from geo.ingest.cells.total_rows import rows_text

    for found, number in plan.questions:
        keys = ", ".join(f"{key} ({shown})" for key, shown in found.choices)
        option = "--crs" if found.rule == "crs" else f"--answer {found.rule}="
        typer.echo(f"? {found.text()} [{number}] {option} {keys}", err=True)
    for asked in plan.row_questions:
        keys = ", ".join(f"{key} ({shown})" for key, shown in asked.choices)
        rows = rows_text([one.row for one in asked.findings if one.row is not None])
        typer.echo(
            f"? {asked.findings[0].line()} [{rows}] --answer {asked.group}= {keys}; --row N=", err=True
        )


def _finding(one: Any) -> dict[str, Any]:
    return {
        "row": one.row,
        "field": one.field,
        "column": one.column,
        "subject": one.subject,
        "level": one.level,
        "value": one.value,
        "rule": one.rule or one.group,
        "choices": [key for key, _shown in one.choices],
        "zh": one.text("zh"),
        "en": one.text("en"),
    }
