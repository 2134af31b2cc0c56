"""One city: its pack, its register and its districts, as one object that pages, routes and commands share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from geo.register.city_facts import City
from geo.register.pack import Pack
from geo.register.plan_view import plan_view
from geo.register.plans import ALL_PLANS, PLAN_ID, required_plan
from geo.register.progress import LineShares, line_shares
from geo.register.register import Register
from geo.text_tables import read_city_table

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pandas import DataFrame, Series


@dataclass(frozen=True, eq=False)
class Atlas:
    """A city pack with what is derived from it. Read only: share it, never change its frames.

    Attributes
    ----------
    pack, register : Pack, Register
        The tables, and the register over them.
    whole : Pack or None
        The pack of every plan, where :attr:`pack` is narrowed to one.
    """

    pack: Pack
    register: Register
    whole: Pack | None = None

    def of_plan(self, plan: str = "") -> Atlas:
        """The same city as a plan sees it; ``plan`` is an id, ``all``, or empty for the first. ``ParameterError`` for no such plan."""
        whole = self.pack if self.whole is None else self.whole
        asked = required_plan(whole.plans, plan)
        if asked == self.pack.plan or len(whole.plans) < 2:
            return self
        if asked not in self._views:
            view = plan_view(whole, asked)
            self._views[asked] = replace(self, pack=view, register=Register.from_pack(view), whole=whole)
        return self._views[asked]

    def for_question(self, plan: str, items: Iterable[str] = (), works: Iterable[str] = ()) -> Atlas:
        """The city as a question asks of it.

        Parameters
        ----------
        plan : str
            As of :meth:`of_plan`; empty where the question names none: then whoever asks has chosen already.
        items, works : iterable of str
            Ids that it names. Without a plan they are looked for: here, else in the first plan that has them all, else in all plans.

        Returns
        -------
        Atlas
            Itself where nobody has them: what reads them refuses them by name.

        Raises
        ------
        ParameterError
            There is no such plan.
        """
        if plan:
            return self.of_plan(plan)
        wanted = [(set(items), "plan_items"), (set(works), "works")]
        plans = [self.pack.plan, *map(str, self.pack.plans.index), ALL_PLANS]
        for one in map(self.of_plan, plans):
            if all(ids <= set(getattr(one.pack, table).index) for ids, table in wanted):
                return one
        return self

    @cached_property
    def _views(self) -> dict[str, Atlas]:
        """The same city by the other plans that were asked for."""
        return {}

    def of_each_plan(self) -> list[Atlas]:
        """One a plan where this is of all; else itself alone."""
        if self.pack.plan != ALL_PLANS:
            return [self]
        return [self.of_plan(str(plan)) for plan in self.pack.plans.index]

    @property
    def has_several_plans(self) -> bool:
        """Whether the register has more than one plan, so that it must be said which is meant."""
        return len(self.pack.plans) > 1

    @property
    def plan_parameter(self) -> str:
        """What an address says of the plan: nothing of the first."""
        return "" if self.pack.plan == required_plan(self.pack.plans, "") else self.pack.plan

    def of_item(self, item_id: str) -> Atlas:
        """The city as the plan of an item sees it; itself where it has no such item."""
        plan = self.pack.plan_items[PLAN_ID].get(item_id, "")
        return self.of_plan(str(plan)) if plan else self

    @property
    def plan_year(self) -> int:
        """Year of the plan; of all, of the first."""
        pack = self.pack
        plan = pack.plan if pack.plan in pack.plans.index else pack.plans.index[0]
        return int(pack.plans["year"][plan])

    @property
    def districts(self) -> GeoDataFrame:
        """The districts (EPSG:4326), indexed by code; read on first use, because much needs no outlines.

        ``DataError`` where the table, the lakes or the outlines cannot be read.
        """
        from geo.places.districts import load_districts

        return load_districts(self.pack.root)

    @cached_property
    def line_shares(self) -> LineShares:
        """Drawn kilometres of each line, and its shares by district."""
        return line_shares(self.register, self.districts)

    @cached_property
    def land_km2(self) -> Series[float]:
        """Land of each district, km2."""
        from geo.places.districts import land_area_km2

        return land_area_km2(self.districts, self.city.projected_crs)

    def names(self, table: str, lang: str) -> dict[str, str]:
        """Id -> name in ``lang`` of the word list ``table`` (``categories`` or ``kinds``), in its own order."""
        return dict(self.vocabulary(table, f"name_{lang}")[f"name_{lang}"])

    def vocabulary(self, table: str, *columns: str) -> DataFrame:
        """The word list ``table`` of the pack, indexed by its first column; ``DataError`` where ``columns`` are missing."""
        return _read_vocabulary(self.pack.root, f"{table}.csv", columns)

    @property
    def city(self) -> City:
        """The whole city, as the pack describes it: names, credits, projected system, days."""
        return self.pack.city

    @property
    def middle(self) -> tuple[float, float]:
        """Longitude and latitude (WGS84) of the middle of the city's bounds."""
        west, south, east, north = map(float, self.districts.total_bounds)
        return (west + east) / 2, (south + north) / 2

    @property
    def version(self) -> str:
        """Short digest of the pack or of the store's log: part of every data URL, so nothing is ever served stale."""
        return self.pack.digest[:12]


@lru_cache(maxsize=32)
def _read_vocabulary(root: Path, name: str, columns: tuple[str, ...]) -> DataFrame:
    table = read_city_table(root, name, columns)
    return table.set_index(table.columns[0])


def atlas_of(pack: Pack) -> Atlas:
    """An atlas over a loaded pack: of its first plan."""
    view = plan_view(pack)
    return Atlas(pack=view, register=Register.from_pack(view), whole=pack)
