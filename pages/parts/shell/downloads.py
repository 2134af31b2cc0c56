"""Downloads: every page says which files it offers, and the frame shows them in one small popover.

The popover is filled only when it is open, so that a change of a filter or a date does not wait for it; a file is made
when its button is pressed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from geo.cities import context_here
from geo.files import (
    CONTENTS,
    all_formats,
    file_name,
    get_system,
    stem_of,
    systems_of,
    title_of,
)
from geo.register.facilities import facilities_in
from layers.report.files import RowsWanted, rows_file
from pages.parts.shell import link, segments
from pages.parts.shell.loaders import atlas, chosen_plan
from pages.parts.shell.map_view import map_view
from pages.parts.shell.texts import LANGUAGE_NAMES, escaped, language, t

_KEY: Final = "_take_away"
_CHOICES: Final = "_take_choices"  # widgets of a closed popover are forgotten; what was chosen in them is not


@dataclass(frozen=True, eq=False)
class Works:
    """Rows of ``Register.state`` that are in view."""

    rows: pd.DataFrame
    as_of: date
    districts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Extra:
    """One more file of a page, such as a picture; it is made when its button is pressed.

    ``make_of_box`` makes it of what the page's map shows: west, south, east, north, joined by commas; empty for all.
    """

    label: str
    name: str
    mime: str
    make: Callable[[], bytes]
    icon: str = ":material/download:"
    make_of_box: Callable[[str], bytes] | None = None


@dataclass(slots=True)
class Offer:
    """What the present page offers."""

    works: Works | None = None
    files: list[Extra] = field(default_factory=list)


def offer_works(rows: pd.DataFrame, as_of: date, districts: Sequence[str] = ()) -> None:
    """Say which works are in view."""
    _offer().works = Works(rows, as_of, tuple(districts))


def offer(extra: Extra) -> None:
    """Say that the page has another file."""
    _offer().files.append(extra)


def begin() -> None:
    """Forget what the last run offered."""
    st.session_state[_KEY] = Offer()


def _offer() -> Offer:
    value: Offer = st.session_state.setdefault(_KEY, Offer())
    return value


def show_downloads() -> None:
    """The popover; nothing where the page offers nothing."""
    offered = _offer()
    if offered.works is None and not offered.files:
        return
    popover = st.popover(
        t("下载"), icon=":material/download:", on_change="rerun", key="take_away", wrap=False
    )
    if popover.open:
        with popover:
            if offered.works is not None:
                _works(offered.works)
            box = map_view("take_map_view").box if any(each.make_of_box for each in offered.files) else ""
            for extra in offered.files:
                make = partial(extra.make_of_box, box) if extra.make_of_box else extra.make
                _button(extra.label, make, extra.name, extra.mime, extra.icon)


def _works(works: Works) -> None:
    """What, format, system of coordinates, language, and the button: a download takes two clicks."""
    what = _choose("what", t("内容"), {name: t(each.sheet) for name, each in CONTENTS.items()})
    rows = (
        works.rows
        if what == "works"
        else facilities_in(atlas().register, works.as_of, districts=works.districts)
    )
    st.markdown(t("**{n}** 条，截至 {day}", n=len(rows), day=works.as_of.isoformat()))
    formats = {form.id: form for form in all_formats()}
    form = formats[_choose("format", t("格式"), {name: each.title for name, each in formats.items()})]
    systems = {each.id: each.name for each in systems_of(atlas().city) if form.holds(each)}
    system = _choose("system", t("坐标系"), systems)
    left, right = st.columns(2)
    with left:
        lang = _choose("lang", t("语言"), LANGUAGE_NAMES, default=language())
    with right:
        encoding = form.encodings[0]
        if len(form.encodings) > 1:
            encoding = _choose("encoding", t("编码"), {name: name.upper() for name in form.encodings})
    title = title_of(atlas(), works.districts, lang, what=what)
    chosen = get_system(system, atlas().city)
    content = CONTENTS[what](atlas(), rows, works.as_of, chosen, lang, encoding, title, link.address())
    wanted = RowsWanted(
        what,
        tuple(map(str, rows.index)),
        works.as_of,
        chosen.id,
        lang,
        encoding,
        title,
        content.link,
        chosen_plan(),
    )
    st.caption(f"{t(form.use)} · {escaped(chosen.remark(language()))}")
    _button(
        t("下载 {format}", format=form.title),
        partial(rows_file, wanted, form.id),
        file_name(stem_of(atlas(), works.districts, what=what), content, form),
        form.mime,
        primary=True,
    )


def _choose(name: str, label: str, options: dict[str, str], default: str = "") -> str:
    choices = st.session_state.setdefault(_CHOICES, {}).setdefault(language(), {})
    before = choices.get(name, default)
    shown = before if before in options else next(iter(options))
    choices[name] = segments.of_form(f"take_{name}_{len(options)}", label, options, shown)
    return str(choices[name])


def _button(
    label: str,
    make: Callable[[], bytes],
    name: str,
    mime: str,
    icon: str = ":material/download:",
    *,
    primary: bool = False,
) -> None:
    st.download_button(
        escaped(label),
        partial(context_here().run, make),  # the file is asked for by this session
        file_name=name,
        mime=mime,
        icon=icon,
        on_click="ignore",
        type="primary" if primary else "secondary",
        width="stretch",
        key=f"take-{name}",
    )
