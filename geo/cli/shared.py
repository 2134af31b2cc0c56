"""What every command of the command line shares."""

from __future__ import annotations

import getpass
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.errors import DataError
from geo.text import mark as _

if TYPE_CHECKING:
    import pandas as pd

    from geo.register.city import Atlas
    from geo.store import Actor, Role


class Form(StrEnum):
    """How answers are written."""

    table = "table"
    json = "json"
    csv = "csv"


class Lang(StrEnum):
    """The language of an answer's words."""

    zh = "zh"
    en = "en"


ByOption = Annotated[str, typer.Option("--by", help="who does it; the name you are signed in with if empty")]
PlanOption = Annotated[str, typer.Option("--plan", help="which plan: its id, or all; the first if empty")]
LangOption = Annotated[Lang, typer.Option(help="language of the sentences: zh or en")]
FormOption = Annotated[Form, typer.Option("--format", "-f", help="table, json or csv")]


def person(by: str, role: Role) -> Actor:
    """Who acts, by the name given or that of the account; whoever may run programs here has any role."""
    from geo.store import Actor

    return Actor(by.strip() or getpass.getuser(), role)


def atlas(plan: str = "") -> Atlas:
    """The loaded city pack as a plan sees it: ``plan`` is an id, ``all``, or empty for the first."""
    from geo.atlas import load_atlas

    return load_atlas(plan=plan)


def atlas_having(plan: str, *, items: Iterable[str] = (), works: Iterable[str] = ()) -> Atlas:
    """:func:`atlas`; where no plan is named, that of the ids that are, which is said on standard error.

    Parameters
    ----------
    plan : str
    items, works : iterable of str
        Ids that were typed.

    Returns
    -------
    Atlas
    """
    from geo.display.labels import plan_name

    first = atlas()
    found = first.for_question(plan, items, works)
    if not plan and found is not first:
        zh, en = plan_name(found, "zh"), plan_name(found, "en")
        typer.echo(f"没有写计划；在“{zh}”里找到 / no plan given; of plan {en} ({found.pack.plan})", err=True)
    return found


def out(frame: pd.DataFrame, form: Form, columns: list[str] | None = None) -> None:
    """Write a frame to standard output."""
    from geo.table import render

    typer.echo(render(frame, form.value, columns=columns))


def write(path: Path, data: bytes, *, make_folder: bool = False) -> None:
    """Write a file that was asked for; ``DataError`` names it and why it cannot be."""
    try:
        if make_folder:
            path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise DataError(
            _("写不了文件 {name}：{detail}。"),
            hint=_("请换一个位置。"),
            name=str(path),
            detail=str(error),
        ) from error
