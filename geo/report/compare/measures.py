"""What districts can be compared by. Another row of :data:`WORK_MEASURES`, or of the pack's indicators.csv, is another measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from geo.errors import UnknownIdError
from geo.questions.works import FIRST_MEASURE
from geo.register.city import Atlas
from geo.register.indicators import Indicator, load_indicators
from geo.text import mark as _
from geo.text import translate

_PEOPLE: Final = 100_000.0
_PERCENT: Final = 100.0


@dataclass(frozen=True, slots=True)
class Measure:
    """One way to compare districts: an amount, and what it is divided by.

    Attributes
    ----------
    measure_id : str
        In links and on the command line.
    title, definition : str
        Message ids.
    amount : str
        Column of :func:`geo.report.compare.numbers.district_numbers`; empty for the share of an indicator.
    per : str
        Column that it is divided by; empty for none.
    factor : float
        What the quotient is multiplied by.
    unit : str
        Message id.
    indicator : Indicator or None
        Whose coverage it is.
    """

    measure_id: str
    title: str
    definition: str
    amount: str = ""
    per: str = ""
    factor: float = 1.0
    unit: str = ""
    indicator: Indicator | None = None

    def name(self, lang: str) -> str:
        """Its title in ``lang``."""
        if self.indicator is None:
            return translate(self.title, lang)
        name, metres = self.indicator.name(lang), float(self.indicator.threshold_m or 0)
        written = any(f"{number:g}" in name for number in (metres, metres / 1000))
        return name if written else f"{name} · {metres:g} m"

    def text(self, lang: str) -> str:
        """What it says, in ``lang``."""
        return translate(self.definition, lang)

    def number(self, value: float | None) -> str:
        """A value as it is printed; a dash for what is not known."""
        if value is None:
            return "—"
        return f"{value:,.0f}" if float(value).is_integer() and self.per == "" else f"{value:,.1f}"

    def value_text(self, value: float | None, lang: str) -> str:
        """A value with its unit."""
        unit = translate(self.unit, lang)
        return (
            self.number(value)
            + ("" if value is None or unit == "%" else " ")
            + ("" if value is None else unit)
        )


_OF_COVERAGE: Final = _(
    "设施服务到的居民占本区居民的百分比（居民按 2020 年普查，由模型分到格网）。低和高来自设施的位置误差和两种居民模型；清单不全的，高是全部。"
)
WORK_MEASURES: Final = (
    Measure(
        FIRST_MEASURE,
        _("点了名的项目里证实建成的"),
        _("证实建成的项目占点了名的项目。低：证实的；高：一条进展记载都没有的也都算建成。"),
        "done",
        "named",
        _PERCENT,
        "%",
    ),
    Measure(
        "done",
        _("证实建成的项目"),
        _("证实建成的项目数。低：证实的；高：没有进展记载的也都算建成。"),
        "done",
        unit=_("个"),
    ),
    Measure(
        "done_per_resident",
        _("每十万居民证实建成的项目"),
        _("证实建成的项目数除以 2020 年普查常住人口，每十万人。低：证实的；高：没有进展记载的也都算建成。"),
        "done",
        "residents",
        _PEOPLE,
        _("个"),
    ),
    Measure(
        "named",
        _("点了名的项目"),
        _("有来源点了名、计入计划的项目数；跨区的在每个区各算一次。"),
        "named",
        unit=_("个"),
    ),
    Measure(
        "named_per_resident",
        _("每十万居民点了名的项目"),
        _("点了名的项目数除以 2020 年普查常住人口，每十万人。"),
        "named",
        "residents",
        _PEOPLE,
        _("个"),
    ),
    Measure(
        "share_silent",
        _("没有进展记载的项目"),
        _("一条进展记载都没有的项目占点了名的项目；没有记载不等于没有做。"),
        "silent",
        "named",
        _PERCENT,
        "%",
    ),
    Measure(
        "km_open",
        _("建成通车的线路"),
        _("计划内线路在本区建成的公里数，按图上长度分到各区。低：证实的；高：没有进展记载的也都算建成。"),
        "km_open",
        unit=_("公里"),
    ),
    Measure(
        "share_km_open",
        _("计划内线路里建成通车的"),
        _("建成的公里数占本区计划内线路的公里数。低：证实的；高：没有进展记载的也都算建成。"),
        "km_open",
        "km_planned",
        _PERCENT,
        "%",
    ),
    Measure(
        "km_open_per_resident",
        _("每十万居民建成通车的线路"),
        _("建成的公里数除以 2020 年普查常住人口，每十万人。低：证实的；高：没有进展记载的也都算建成。"),
        "km_open",
        "residents",
        _PEOPLE,
        _("公里"),
    ),
)


def measures(atlas: Atlas) -> dict[str, Measure]:
    """Every measure by its id: those of works, then the coverage of each indicator that facilities can answer."""
    own = {each.measure_id: each for each in WORK_MEASURES}
    rows = load_indicators(atlas.pack.root).values()
    known = set(atlas.register.facilities["kind"])
    covered = [row for row in rows if row.computable and row.reach == "straight" and known & set(row.kinds)]
    return own | {
        row.indicator_id: Measure(
            row.indicator_id,
            row.name_zh,
            _OF_COVERAGE,
            per="residents",
            factor=_PERCENT,
            unit="%",
            indicator=row,
        )
        for row in covered
    }


def get_measure(atlas: Atlas, measure_id: str) -> Measure:
    """One measure; ``UnknownIdError`` names those there are."""
    known = measures(atlas)
    if measure_id not in known:
        raise UnknownIdError(
            _("没有量度 {measure}。"),
            hint=_("可用：{known}。"),
            measure=measure_id[:40],
            known="、".join(known),
        )
    return known[measure_id]
