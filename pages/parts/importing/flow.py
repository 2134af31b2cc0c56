"""An import in progress: the file, how it was read, what the person chose. One for each session, in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

from geo.coverage.saved_data import Saved
from geo.errors import AtlasError
from geo.ingest.cells.columns import ColumnMap
from geo.ingest.plan.import_choices import accepted_answers, accepted_choices
from geo.ingest.plan.import_plan import ImportPlan
from geo.ingest.plan.memory_of_import import refuse_for_page, refuse_without_room
from geo.ingest.plan.osm import Baseline
from geo.ingest.plan.osm_objects import read_extract
from geo.ingest.plan.proposed_mapping import proposed_mapping
from geo.ingest.plan.recipes import Recipe, headers_key, recipe_for
from geo.reading.model import Layer, Opened
from geo.reading.objects import is_extract
from geo.reading.read_file import read_file
from geo.store.model import Applied
from geo.text import mark as _
from geo.uploaded_files import stage
from layers.analysis.imports import baseline_of
from pages.parts.shell.jobs import QUICK_S, CalledOff, Job, show_progress
from pages.parts.shell.loaders import atlas
from pages.parts.shell.texts import error_text

_KEY = "_import"
_LAST = "_import_last"
_SOURCE = ("src-title", "src-publisher", "src-published", "src-reliability")
_ONLY_FOR_SAME_HEADERS = frozenset({"crs", "rules", "src-title"})
_CARRIED = ("item", "category", "into", "kind", "crs", "rules", "source", *_SOURCE)


@dataclass(frozen=True)
class LastImport:
    """The choices made for the last file, and a digest of its headers."""

    headers: str
    choices: dict[str, Any]


@dataclass(frozen=True)
class BaselineWritten:
    """What was written of an OSM extract: ``applied`` is None where every facility was known already."""

    applied: Applied | None
    saved: list[Saved]


@dataclass
class Flow:
    """The state of an import.

    ``step`` is 1 to 5; an OSM extract has ``baseline`` instead of ``columns`` and ``plan``, and goes from 1 to 4 and 5.
    ``choices`` holds what the person chose in a step after its widgets are gone: Streamlit forgets the value of a widget
    that a run does not draw.
    """

    number: int
    step: int = 1
    token: str = ""
    opened: Opened | None = None
    layer: Layer | None = None
    columns: ColumnMap | None = None
    choices: dict[str, Any] = field(default_factory=dict)
    plan: ImportPlan | None = None
    baseline: Baseline | None = None
    applied: Applied | None = None
    written: BaselineWritten | None = None
    outlines: Saved | None = None
    job: Job[Any] | None = None
    then: Callable[[Any], None] | None = None
    back: int = 1
    error: AtlasError | None = None

    def key(self, name: str) -> str:
        """Key of a widget of this import."""
        return f"imp-{self.number}-{name}"

    def seed(self, name: str, default: Any) -> Any:
        """Give the widget ``name`` its earlier value, or ``default``; returns the key of the widget."""
        at = self.key(name)
        if st.session_state.get(at) is None:
            st.session_state[at] = self.choices.get(name, default)
        return at

    def record(self, name: str) -> Any:
        """Store the value of the widget ``name`` among the choices, and return it; what was let go of stays chosen."""
        value = st.session_state[self.key(name)]
        if value is not None:
            self.choices[name] = value
        return self.choices.get(name)


def flow() -> Flow:
    """The import of this session."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Flow(number=0)
    value: Flow = st.session_state[_KEY]
    return value


def start_anew() -> None:
    """Forget this import and begin another."""
    st.session_state[_KEY] = Flow(number=flow().number + 1)


def go(step: int) -> None:
    """Show a step."""
    flow().step = step


def run(work: Callable[[Job[Any]], Any], then: Callable[[Any], None], *, back: int | None = None) -> None:
    """Run ``work`` in a thread, and ``then`` with its result; quick work shows no progress bar.

    Work that fails or is called off leads to the step ``back``, by default the one it was begun in.
    """
    current = flow()
    if current.job is not None:
        current.job.call_off()  # a second file dropped while the first is read
    current.error, current.job, current.then = None, Job(work), then
    current.back = current.step if back is None else back
    if current.job.wait(QUICK_S):
        settle()


def settle() -> None:
    """Take the result of work that has ended."""
    current = flow()
    job, then = current.job, current.then
    current.job = current.then = None
    if job is None or then is None:
        return
    if job.off:
        current.step = current.back
        return
    try:
        then(job.take())
    except CalledOff:
        current.step = current.back
    except AtlasError as error:
        current.error, current.step = error, current.back


def poll() -> None:
    """Take the result of work that has ended, before anything of this run is shown."""
    job = flow().job
    if job is not None and (job.off or job.wait(0)):
        settle()


def busy() -> bool:
    """Show work that goes on; False where the page may go on."""
    job = flow().job
    if job is not None:
        show_progress(job)
    return job is not None


def show_error() -> None:
    """What went wrong last, in the person's language."""
    error = flow().error
    if error is not None:
        st.error(error_text(error), icon=":material/error:")


def read(files: list[Any], layer: str | None) -> None:
    """Read what was uploaded (again, with a layer chosen)."""
    uploaded = [(file.name, file.getbuffer()) for file in files]
    shared = atlas()

    def work(job: Job[Opened | Baseline]) -> Opened | Baseline:
        job.set_progress(0.1, _("读取文件…"))
        with tempfile.TemporaryDirectory(prefix="atlas-up-") as folder:
            path, name = stage(Path(folder), uploaded)
            if not is_extract(name):
                opened = read_file(path, name=name, layer=layer, cancelled=lambda: job.off)
                if not opened.format.startswith("osm"):
                    return opened
            found = read_extract(path, shared, name=name, cancelled=lambda: job.off)
        return job.heavy(baseline_of, found, _("认设施、居住用地和街道…"))

    run(work, _use)


def _use(result: Opened | Baseline) -> None:
    """Go on with what was read: an OSM extract's tags say what its objects are, and its system is always WGS84."""
    current = flow()
    current.baseline = None
    if isinstance(result, Baseline):
        current.baseline, current.step, current.choices = result, 4, {}
        return
    current.opened = result
    if len(result.layers) == 1:
        use_layer(result.layers[0])


def remember() -> None:
    """Remember the choices of this file for the next one of the session."""
    current = flow()
    if current.layer is not None:
        choices = {name: current.choices[name] for name in _CARRIED if current.choices.get(name)}
        st.session_state[_LAST] = LastImport(_headers(current.layer), choices)


def _headers(layer: Layer) -> str:
    return headers_key(map(str, layer.frame.columns))


def _earlier_choices(layer: Layer) -> dict[str, Any]:
    """The choices written in a file of rejected rows; else those of the last file.

    The system of coordinates, the answers and the title of the last file are taken only where the headers are the
    same: another list may be another survey.
    """
    if choices := accepted_choices(layer.import_choices, atlas()):
        return choices | {"rules": accepted_answers(layer.import_choices), "as_before": "told"}
    last: LastImport | None = st.session_state.get(_LAST)
    if last is None:
        return {}
    same = last.headers == _headers(layer)
    choices = {
        name: value for name, value in last.choices.items() if same or name not in _ONLY_FOR_SAME_HEADERS
    }
    return choices | {"as_before": "last"} if choices else {}


def use_layer(layer: Layer) -> None:
    """Use a layer, with the columns of its recipe or a guess, and the choices of the file before it."""
    refuse_for_page(layer)
    refuse_without_room(layer)
    current = flow()
    recipe = recipe_for(map(str, layer.frame.columns))
    current.layer, current.plan = layer, None
    current.choices = (_choices_of_recipe(recipe) if recipe is not None else {}) | _earlier_choices(layer)
    item = str(current.choices.get("item") or "")
    current.columns = proposed_mapping(layer, atlas(), item_id=item, recipe=recipe)
    current.choices["guessed_item"] = item


def _choices_of_recipe(recipe: Recipe) -> dict[str, Any]:
    return {
        "recipe": recipe.name,
        "item": recipe.item_id,
        "into": recipe.into,
        "kind": recipe.facility_kind,
        "crs": recipe.crs,
        "rules": dict(recipe.rules),
    }
