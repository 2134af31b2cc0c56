"""The pack's model of where people live: residents by square cell, and what the pack says of how it was made.

A pack without the table ``residents`` has no such model, and its residents are spread evenly.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field, ValidationError

from geo.errors import DataError
from geo.register.city_facts import Bilingual, Fact, ShortText, read_package
from geo.register.pack import Problem, refuse, typed_table
from geo.text import mark as _
from geo.text_tables import city_file_error, read_texts

_TABLE: Final = "residents"


class ModelFacts(Fact):
    """What ``datapackage.json`` says of the model, under ``model`` of the resource.

    Attributes
    ----------
    cell_m : float
        Side of a cell, metres of the city's projected system.
    name : Bilingual
    weaker : tuple of str
        Codes of districts where it is weaker.
    weaker_because : Bilingual or None
    source_ids : tuple of str
    made_from_kinds : tuple of str
        Kinds of facility whose density the model follows: it is no independent measure of who is near them.
    """

    cell_m: Annotated[float, Field(ge=100, le=10_000)]
    name: Bilingual
    weaker: tuple[str, ...] = ()
    weaker_because: Bilingual | None = None
    source_ids: tuple[ShortText, ...] = ()
    made_from_kinds: tuple[ShortText, ...] = ()


@dataclass(frozen=True, eq=False)
class ResidentsModel:
    """Modelled residents.

    Attributes
    ----------
    facts : ModelFacts
    cells : DataFrame
        ``district_code, east_m, north_m`` (south-west corner, metres), ``residents``.
    """

    facts: ModelFacts
    cells: pd.DataFrame


def load_residents_model(root: Path) -> ResidentsModel | None:
    """The model of the pack in ``root``; None where the pack describes none.

    Raises
    ------
    DataError
        The table or its description is not as docs/data-pack.md says.
    """
    described = [one for one in read_package(root)["resources"] if one.get("name") == _TABLE]
    if not described:
        return None
    name = f"{_TABLE}.csv"
    try:
        facts = ModelFacts.model_validate(described[0].get("model"))
        texts = read_texts(root / name)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        detail = f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
        raise DataError(
            _("datapackage.json 里居民模型的说明有误：{detail}"),
            hint=_("写法见 docs/data-pack.md。"),
            detail=detail,
        ) from error
    except (OSError, ValueError) as error:
        raise city_file_error(
            name, error, _("它应是 UTF-8 的 CSV；请从资料包的备份或版本库恢复。")
        ) from error
    problems: list[Problem] = []
    cells = typed_table(_TABLE, texts, described[0]["schema"], problems)
    refuse(problems)
    return ResidentsModel(facts, cells)


def residents_on_cells(
    model: ResidentsModel,
    zone: NDArray[np.int16],
    codes: tuple[str, ...],
    middles: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> NDArray[np.float64]:
    """The model's residents on finer cells: what a coarse cell holds of a district is spread over that district's cells in it.

    Parameters
    ----------
    model : ResidentsModel
    zone : ndarray of int16, shape (ny, nx)
        Position in ``codes`` of each fine cell's district, -1 for none.
    codes : tuple of str
        District codes.
    middles : (ndarray (nx,), ndarray (ny,))
        Eastings of the columns and northings of the rows, metres.

    Returns
    -------
    ndarray of float64, shape (ny, nx)
    """
    side = model.facts.cell_m
    row, column = np.nonzero(zone >= 0)
    fine = pd.DataFrame(
        {
            "district_code": np.array(codes)[zone[row, column]],
            "east_m": np.floor(middles[0][column] / side) * side,
            "north_m": np.floor(middles[1][row] / side) * side,
        }
    )
    keys = list(fine.columns)
    number = fine.groupby(keys)["north_m"].transform("size")
    coarse = model.cells[[*keys, "residents"]]
    held = fine.merge(coarse, on=keys, how="left")["residents"].fillna(0.0).to_numpy("float64")
    out = np.zeros(zone.shape)
    out[row, column] = held / number.to_numpy("float64")
    return out
