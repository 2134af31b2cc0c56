"""The coverage map as a picture: SVG, whose letters stay letters, so that no font has to be shipped."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import Any

import shapely

from geo.atlas import load_atlas
from geo.coverage.gaps import QUAD_SEGMENTS
from geo.coverage.question import question_reach
from geo.coverage.reach import levels
from geo.display.labels import minutes_label
from geo.display.tokens import CHARTS, DRAWINGS, MAP
from geo.places.districts import label_points, load_lakes
from geo.text import mark as _
from geo.text import translate
from geo.vocabulary import SET_LABELS
from layers.analysis.answers import coverage_answer, facilities_of
from layers.analysis.questions import Parameters, question_of
from layers.workers.heavy import heavy
from layers.workers.limits import FILE_S

_LEVELS = tuple((level, CHARTS[f"level-{level}"].light) for level in ("high", "central", "low"))
_LEVEL_NAMES = {
    "high": _("可能覆盖（R + 误差）"),
    "central": _("按标注位置覆盖（R）"),
    "low": _("肯定覆盖（R − 误差）"),
}


@heavy(seconds=FILE_S, remembered=16)
def coverage_svg(parameters: Parameters, lang: str) -> bytes:
    """Districts, lakes, what is possibly, probably and certainly served, and the shares by district, in the city's projection."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    # letters are drawn by the reader's own fonts; matplotlib, which only measures them, need not know Chinese
    with (
        warnings.catch_warnings(),
        mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "atlas", "font.family": "sans-serif"}),
    ):
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(figsize=(11, 8))
        axes = figure.add_axes((0.02, 0.06, 0.62, 0.86))
        axes.set_aspect("equal")
        axes.set_axis_off()
        _draw_map(axes, parameters, lang)
        _draw_table(figure, parameters, lang)
        stream = BytesIO()
        creator = load_atlas().city.program_name("en")
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": creator})
    return stream.getvalue()


def _draw_map(axes: Any, parameters: Parameters, lang: str) -> None:
    atlas, question = load_atlas(), question_of(parameters)
    projected = atlas.city.projected_crs
    land = atlas.districts["land"].to_crs(projected)
    land.plot(ax=axes, color=MAP["land"].light, edgecolor=MAP["land-edge"].light, linewidth=0.8)
    facilities = facilities_of(parameters)
    x, y = facilities.xy
    if not question.walk:
        radii = levels(question_reach(question, None), facilities.accuracy_m)
        whole = shapely.union_all(land.to_numpy())
        for level, colour in _LEVELS:
            use = radii[level] > 0
            discs = shapely.buffer(shapely.points(x[use], y[use]), radii[level][use], quad_segs=QUAD_SEGMENTS)
            served = shapely.intersection(shapely.union_all(discs), whole)
            if not served.is_empty:
                type(land)([served], crs=projected).plot(ax=axes, color=colour)
    land.boundary.plot(ax=axes, color=MAP["land-edge"].light, linewidth=0.8)
    load_lakes(atlas.pack.root).to_crs(projected).plot(ax=axes, color=MAP["lake"].light)
    axes.plot(x, y, ".", color=DRAWINGS["reach-low"].light, markersize=2.5)
    west, south, east, north = land.total_bounds
    axes.set_xlim(west - 2000, east + 2000)
    axes.set_ylim(south - 2000, north + 2000)
    names = atlas.districts[f"name_{lang}"]
    for code, point in label_points(atlas.districts, projected).to_crs(projected).items():
        axes.text(point.x, point.y, names[code], ha="center", va="center", fontsize=9, parse_math=False)


def _draw_table(figure: Any, parameters: Parameters, lang: str) -> None:
    answer = coverage_answer(parameters, lang)
    minutes, radius = answer.inputs["minutes"], answer.inputs["radius_m"]
    far = (
        minutes_label(answer.inputs["reach"], minutes, lang)
        if minutes
        else translate(_("{n} 米"), lang).format(n=f"{radius:.0f}")
    )
    title = translate(_("{kind} · {far} · {set} · {day}"), lang).format(
        kind="、".join(load_atlas().names("kinds", lang).get(kind, kind) for kind in answer.inputs["kinds"]),
        far=far,
        set=translate(SET_LABELS[answer.inputs["set"]], lang),
        day=answer.inputs["as_of"],
    )
    city, edits = load_atlas().city, answer.inputs.get("scenario")
    if edits:
        text = translate(_("推演：{name}（{n} 处改动，不是登记现状）"), lang)
        note = text.format(name=edits["name"] or edits["id"], n=edits["edits"])
        figure.text(0.02, 0.925, note, fontsize=11, color=DRAWINGS["left-edge"].light, parse_math=False)
    figure.text(0.02, 0.955, title, fontsize=15, weight="bold", parse_math=False)
    lines = [
        f"{row['district']}  {_percent(row['share_area'])} "
        f"({_percent(row['share_area_low'])} – {_percent(row['share_area_high'])})"
        for row in answer.rows()
    ]
    head = translate(_("陆地覆盖率（肯定 – 可能）"), lang)
    figure.text(0.66, 0.86, "\n".join([head, "", *lines]), fontsize=11, va="top", parse_math=False)
    for row, (level, colour) in enumerate(reversed(_LEVELS)):
        figure.text(0.66, 0.5 - 0.03 * row, "■", color=colour, fontsize=13, parse_math=False)
        figure.text(
            0.685, 0.5 - 0.03 * row, translate(_LEVEL_NAMES[level], lang), fontsize=10, parse_math=False
        )
    notes = [
        *answer.messages(lang),
        translate(_("区县界为示意，不作权属依据"), lang),
        f"{city.credit_line(lang)} {city.licence.label}",
    ]
    figure.text(0.02, 0.02, "\n".join(notes), fontsize=6.5, va="bottom", wrap=True, parse_math=False)


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{100 * share:.2f}%"
