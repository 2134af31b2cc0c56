"""Commands about the cities of this installation."""

from __future__ import annotations

from typing import Final

import typer

from geo.cli.shared import Form, FormOption, out

app = typer.Typer()
_COLUMNS: Final = (
    "slug",
    "first",
    "city_code",
    "name_zh",
    "name_en",
    "plans",
    "items",
    "works",
    "facilities",
    "districts",
    "version",
    "problem",
)


@app.command()
def cities(form: FormOption = Form.table) -> None:
    """The cities that this installation serves, with what each has; the first is meant where nobody says which (--city)."""
    import pandas as pd

    from geo.city_list import city_counts

    out(pd.DataFrame(city_counts(), columns=list(_COLUMNS)), form)
