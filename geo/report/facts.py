"""What a report says of a district or the whole city on a day: counts, works, changes, coverage, sources, method."""

from __future__ import annotations

import pandas as pd

from geo.display.labels import plan_name
from geo.places.projections import title_of
from geo.questions.works import FIRST_MEASURE
from geo.register.city import Atlas
from geo.report import changes, counts, works
from geo.report.compare.block import comparison
from geo.report.compare.district_lead import district_lead
from geo.report.compare.measures import get_measure
from geo.report.compare.ranking import works_ranking
from geo.report.model import Block, Bullets, Figures, Heading, Map, Report, Text
from geo.report.photos import photo_blocks
from geo.report.promise.plan_fates import fates_chart
from geo.report.references import References
from geo.report.request import ReportRequest, check_request, selected_works
from geo.report.sign_off import sign_off
from geo.text import mark as _
from geo.text import translate
from geo.values import json_value

_METHOD = (
    _(
        "“点了名”是来源点了名、计入计划承诺的项目；“知道在哪”是其中有位置的；“证实建成”是已证实建成数的下限，由点了名的项目和只报总数的记载合成，不重复计。"
    ),
    _(
        "只计到截至日期为止有来源证实的事件；计划中的、推测的不计。没有记载就写“没有记载”或“说不准”，不当作没有做。"
    ),
    _("计划没有给各区县定目标，报告不把全市目标摊到区县；跨区项目在每个区各算一次，长度按区内份额分。"),
    _("位置误差不超过 150 米的画为点；更大的画成同等半径的圆；没有可靠位置的只列入表，不画在图上。"),
    _(
        "覆盖率三个数：按标注位置，及设施位置误差 a 下的肯定值（R − a）与可能值（R + a）。没有位置的设施不计，所以是下限。居民按 2020 年普查，由居民模型分到格网，是模型估算；另以均匀分布为第二种模型。"
    ),
    _("面积、长度、距离在 {projected}（{name}）中计算；坐标按 WGS84 存放。区县界为示意，不作权属依据。"),
)
_OF_COVERAGE = 4


def method_texts(atlas: Atlas, lang: str, *, coverage: bool = True) -> tuple[str, ...]:
    """How the numbers come about, in sentences; ``coverage`` says whether shares of coverage are among them.

    Parameters
    ----------
    atlas : Atlas
    lang : str
        ``zh`` or ``en``.
    coverage : bool

    Returns
    -------
    tuple of str
    """
    projected = atlas.city.projected_crs
    wanted = [text for at, text in enumerate(_METHOD) if coverage or at != _OF_COVERAGE]
    return tuple(
        translate(text, lang).format(projected=projected, name=title_of(projected)) for text in wanted
    )


def report(atlas: Atlas, request: ReportRequest) -> Report:
    """The report as blocks; ``UnknownIdError`` or ``ParameterError`` for a question that has none."""
    from geo.report import reach  # compiled measuring, which pages of districts and promises do not need

    check_request(atlas, request)
    lang, rows = request.lang, selected_works(atlas, request)
    refs = References(atlas.pack.sources)
    table, numbers = works.works_table(atlas, rows, refs, request)
    place = _place(atlas, request)
    blocks: list[Block] = [
        *_lead(atlas, request),
        Figures(counts.figures(rows, lang)),
        Map(alt=_alternative_text(place, rows, request), caption=_caption(lang)),
        Heading(translate(_("计划条目：四个数"), lang)),
        *counts.items_blocks(atlas, rows, request),
        *_plans(atlas, request),
        *_comparison(atlas, request),
        Heading(translate(_("项目清单"), lang)),
        Text(translate(_("序号与图上一致；方括号里是来源编号。"), lang), quiet=True),
        table,
        *works.other_blocks(atlas, rows, refs, request),
        *photo_blocks(atlas, map(str, rows.index), lang),
        Heading(translate(_("自 {since} 以来"), lang).format(since=request.since.isoformat())),
        *changes.blocks(atlas, rows, selected_works(atlas, request, request.since), refs, request),
        Heading(translate(_("设施覆盖"), lang)),
        *reach.blocks(atlas, request),
        Heading(translate(_("方法与口径"), lang)),
        Bullets(method_texts(atlas, lang)),
        Heading(translate(_("来源"), lang)),
    ]
    return Report(
        title=translate(_("{place}城建项目进展报告"), lang).format(place=place),
        place=place,
        subtitle=translate(_("依据全市年度计划与公开来源的登记"), lang),
        lang=lang,
        as_of=request.as_of.isoformat(),
        facts=_facts(atlas, request),
        running=translate(_("{place}城建项目进展报告"), lang).format(place=place),
        footer=translate(_("区县界为示意，不作权属依据"), lang),
        blocks=(*blocks, refs.as_block(lang), *sign_off(lang), licence_text(atlas, lang)),
        author=atlas.city.author.of(lang),
        numbers=numbers,
    )


def licence_text(atlas: Atlas, lang: str) -> Text:
    """The last line of a report: licence of the data, and who is to be named."""
    return Text(f"{atlas.city.licence.label}. {atlas.city.credit_line(lang)}", quiet=True)


def _lead(atlas: Atlas, request: ReportRequest) -> list[Block]:
    """The district in one sentence; nothing for the city."""
    if not request.district:
        return []
    ranking = works_ranking(atlas, get_measure(atlas, FIRST_MEASURE), request.as_of)
    return [Text(district_lead(atlas, request.district, ranking, request.lang).sentence)]


def _plans(atlas: Atlas, request: ReportRequest) -> list[Block]:
    """What became of each plan, where there are several; the plan has no targets for a district."""
    chart = None if request.district else fates_chart(atlas, request.as_of, request.lang)
    return [chart] if chart else []


def _comparison(atlas: Atlas, request: ReportRequest) -> list[Block]:
    """The districts side by side, in the report of the city."""
    if request.district:
        return []
    heading = Heading(translate(_("比较各区县"), request.lang))
    return [heading, comparison(atlas, request.as_of, request.lang)]


def _place(atlas: Atlas, request: ReportRequest) -> str:
    if request.district:
        return str(atlas.districts.at[request.district, f"name_{request.lang}"])
    return atlas.city.name(request.lang)


def _facts(atlas: Atlas, request: ReportRequest) -> tuple[tuple[str, str], ...]:
    values = {
        **({_("计划"): plan_name(atlas, request.lang)} if atlas.has_several_plans else {}),
        _("截至日期"): request.as_of.isoformat(),
        _("比较日"): request.since.isoformat(),
        _("资料包版本"): atlas.version,
        _("许可"): atlas.city.licence.label,
    }
    return tuple((translate(label, request.lang), text) for label, text in values.items())


def _caption(lang: str) -> str:
    return translate(
        _(
            "图：计划内项目的位置与状态。记号、颜色、线型都表示状态，圆和光带表示位置误差。不知道在哪的项目不在图上。"
        ),
        lang,
    )


def _alternative_text(place: str, rows: pd.DataFrame, request: ReportRequest) -> str:
    drawn = rows[(rows["kind"] != "aggregate") & (rows["certainty"] != "none")]
    text = translate(
        _("{place}地图：{n} 处有位置的项目、区段和站点，其中建成 {done} 处。清单见下文。"), request.lang
    )
    return text.format(place=place, n=json_value(len(drawn)), done=int(drawn["done"].sum()))
