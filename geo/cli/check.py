"""``check``: what must hold of a city pack and of coverage, on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geo.cli.shared import Form, FormOption, out

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command()
def check(
    pack: Annotated[Path | None, typer.Option(help="folder of the pack; the default one if empty")] = None,
    coverage: Annotated[bool, typer.Option("--coverage", help="try the rules of coverage instead")] = False,
    form: FormOption = Form.table,
) -> None:
    """Validate the city pack and print every problem with row and field; or try what must hold of coverage."""
    if coverage:
        _check_coverage(pack, form)
        return
    import pandas as pd

    from geo.paths import data_dir
    from geo.register.pack_check import check_pack

    problems = check_pack(pack or data_dir())
    if form is Form.table:
        for problem in problems:
            typer.echo(problem.text())
        typer.echo(f"{len(problems)} 处问题 / problems")
    else:
        rows = [{"table": p.table, "row": p.row, "field": p.field, "message": p.text()} for p in problems]
        out(pd.DataFrame(rows, columns=["table", "row", "field", "message"]), form)
    if problems:
        raise typer.Exit(1)


def _check_coverage(pack: Path | None, form: Form) -> None:
    from datetime import date

    import pandas as pd

    from geo.atlas import load_atlas
    from geo.coverage.invariants import check_coverage

    found = check_coverage(load_atlas(pack), date.today())
    out(pd.DataFrame([{"kind": c.kind, "rule": c.rule, "holds": c.holds} for c in found]), form)
    if not all(check.holds for check in found):
        raise typer.Exit(1)
