"""Values of fields as people read them: no code of the register stands on a page where a word says the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from geo.register.attributes import attributes_text
from geo.register.pack import ATTRIBUTES
from geo.text import mark as _
from geo.text import translate
from geo.values import is_unknown
from geo.vocabulary import (
    CERTAINTY_LABELS,
    COUNTED_LABELS,
    LOCATION_BASIS_LABELS,
    PRECISION_LABELS,
    RELIABILITY_LABELS,
    STATUS_LABELS,
    WORK_KIND_LABELS,
)

if TYPE_CHECKING:
    from geo.register.city import Atlas

CodeNames = Mapping[str, Mapping[str, str]]
"""Field -> code -> name of what the pack names: districts, categories, kinds of facilities."""
_LABELS: Final[Mapping[str, Mapping[str, str]]] = {
    "status": STATUS_LABELS,
    "counted": COUNTED_LABELS,
    "certainty": CERTAINTY_LABELS,
    "location_basis": LOCATION_BASIS_LABELS,
    "reliability": RELIABILITY_LABELS,
    "date_precision": PRECISION_LABELS,
    "status_precision": PRECISION_LABELS,
    "kind": WORK_KIND_LABELS,
}
_NO_NAMES: Final[CodeNames] = {}


def label_of_value(name: str, value: Any, lang: str, names: CodeNames = _NO_NAMES) -> str:
    """The value of a field in words.

    Parameters
    ----------
    name : str
        Field of the register.
    value : any
        As the register holds it; codes of several districts are joined by ``|``.
    lang : str
        ``zh`` or ``en``.
    names : mapping
        Names of the pack's own codes; a code without one stays.

    Returns
    -------
    str
        Empty for an unknown value.
    """
    if is_unknown(value):
        return ""
    if name == ATTRIBUTES:
        return attributes_text(value)
    if isinstance(value, bool):
        return translate(_("是") if value else _("否"), lang)
    if isinstance(value, date):
        return value.isoformat()
    text = f"{value:g}" if isinstance(value, float) and value.is_integer() else str(value)
    label = _LABELS.get(name, {}).get(text)
    if label is not None:
        return translate(label, lang)
    own, between = names.get(name, {}), ", " if lang == "en" else "、"
    return between.join(own.get(code, code) for code in text.split("|")) if own else text


def code_names(atlas: Atlas, lang: str) -> CodeNames:
    """The names of the pack's own codes in ``lang``: districts and the city, categories, kinds of facilities."""
    districts = {str(code): str(name) for code, name in atlas.districts[f"name_{lang}"].items()}
    kinds = atlas.names("kinds", lang)
    return {
        "district_code": districts | {atlas.city.code: atlas.city.name(lang)},
        "category": atlas.names("categories", lang),
        "facility_kind": kinds,
        "kind": kinds,
    }
