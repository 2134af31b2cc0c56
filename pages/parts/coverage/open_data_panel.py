"""Open data on the coverage page: what there is, what was fetched, how to bring it; an administrator may start it here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import pandas as pd
import streamlit as st

from geo.errors import AtlasError
from geo.ingest.plan.save_data import save_baseline
from geo.open_data.download import fetch, fetched_before
from geo.open_data.offers import Offer, open_data_offers, sets_of
from geo.store.model import Actor, Role
from geo.text import mark as _
from layers.analysis.open_data import detailed_map_of, extract_of, raster_of
from layers.browser_packages import tile_renderer
from pages.parts.shell import access
from pages.parts.shell.jobs import QUICK_S, CalledOff, Job, show_progress
from pages.parts.shell.loaders import atlas, store
from pages.parts.shell.texts import error_text, escaped, escaped_table, language, t

_KEY: Final = "_open_data"
_FETCHING: Final = 0.8
"""Share of the work that is the download."""
_CANCELLED: Final = _("已取消；下载了的部分留着，下次接着下。")


def show_open_data() -> None:
    """A closed panel; the page sends what is in it only when it is open, or while something is on its way."""
    parts = sets_of(open_data_offers(atlas().pack.root))
    if not parts:
        return
    if _is_running():
        return
    _show_last()
    panel = st.expander(
        t("开放数据：OSM 摘录与人口栅格"), icon=":material/public:", key="open_data", on_change="rerun"
    )
    if panel.open:
        with panel:
            st.table(escaped_table(_table([each for several in parts for each in several])))
            _say_how([each for several in parts for each in several])
            person = access.actor()
            if person.role.may(Role.admin):
                for several in parts:
                    _buttons(person, several)


def _is_running() -> bool:
    """Whether a job is on its way, which is then shown; the result of one that has ended is kept for :func:`_show_last`."""
    job = st.session_state.get(_KEY)
    if not isinstance(job, Job):
        return False
    if not (job.wait(QUICK_S) or job.off):
        show_progress(job)
        return True
    if job.off:
        st.session_state[_KEY] = t(_CANCELLED)
        return False
    try:
        st.session_state[_KEY] = job.take()
    except CalledOff:
        st.session_state[_KEY] = t(_CANCELLED)
    except AtlasError as error:
        st.session_state[_KEY] = error
    return False


def _show_last() -> None:
    last = st.session_state.get(_KEY)
    if isinstance(last, AtlasError):
        st.error(error_text(last))
    elif last:
        st.success(escaped(last), icon=":material/check_circle:")


def _table(offers: Sequence[Offer]) -> pd.DataFrame:
    """Each file with licence and credit, how large it is, and when it was fetched."""
    names = [each.name(language()) for each in offers]
    before = [fetched_before(each.path) for each in offers]
    return pd.DataFrame(
        {
            t("文件"): [each.file_name for each in offers],
            t("内容"): names,
            t("约（MB）"): [each.size_mb for each in offers],
            t("许可与署名"): [f"{each.licence} · {each.credit}" for each in offers],
            t("取得日期"): [
                one.day if one else t("已在文件夹") if each.path.is_file() else "—"
                for one, each in zip(before, offers, strict=True)
            ],
        }
    ).set_index(t("文件"))


def _say_how(offers: Sequence[Offer]) -> None:
    """The commands, and what to bring where there is no internet."""
    names = "、".join(escaped(each.file_name) for each in offers)
    st.markdown(
        t(
            "有网络的机器上运行 `python -m geo open-data --fetch`（`--update` 更新）。没有网络：把 {names} 放进一个文件夹，"
            "运行 `python -m geo open-data --folder 文件夹`；或放进 `var/open_data`，再按下面的按钮。设施进登记，"
            "居住用地、步行街道、人口栅格存成数据集，在上面的“居民”“步行”里按名选用；摘录也做成地图的详细底图。",
            names=names,
        )
    )


def _buttons(person: Actor, parts: Sequence[Offer]) -> None:
    """Build what is there, or fetch it first; what is there can be renewed."""
    first = parts[0]
    there = all(each.path.is_file() for each in parts)
    name = escaped(first.name(language()))
    left, right = st.columns([3, 2])
    left.button(
        t("用已有的文件建好：{name}", name=name) if there else t("下载并建好：{name}", name=name),
        key=f"open-data-{first.data_id}",
        icon=":material/construction:" if there else ":material/download:",
        on_click=_start,
        args=(person, tuple(parts), False),
        width="stretch",
    )
    if there:
        right.button(
            t("先问有没有更新的"),
            key=f"open-data-update-{first.data_id}",
            icon=":material/update:",
            on_click=_start,
            args=(person, tuple(parts), True),
            width="stretch",
        )


def _start(person: Actor, parts: Sequence[Offer], update: bool) -> None:
    """Begin; the role was looked at in this very run, and the store looks at it again."""
    person.require(Role.admin)
    register = store() if parts[0].form == "osm_extract" else None
    build = _residents if register is None else partial(_extract, register, person, _texts_of_extract())
    done = t("已建好 {name}。", name=parts[0].name(language()))
    st.session_state[_KEY] = Job(partial(_work, parts, build, done, update))


def _texts_of_extract() -> tuple[str, str]:
    """What is said in the end of facilities and base map, in the person's language: the work itself has none."""
    offered = (
        t("详细底图已做好，地图的底图里可选。")
        if tile_renderer()
        else t("详细底图已做好，但安装时没有取到画它的程序。")
    )
    return t("写入 {n} 处设施。"), offered


def _work(
    parts: Sequence[Offer],
    build: Callable[[Job[Any], Sequence[Offer]], list[str]],
    done: str,
    update: bool,
    job: Job[Any],
) -> str:
    """Fetch what is missing (or may be renewed), then build; what was done, in words."""
    for number, offer in enumerate(parts):
        if update or not offer.path.is_file():
            fetch(
                offer.url,
                offer.path,
                md5_url=offer.md5_url,
                progress=partial(_progress, job, offer, number, len(parts)),
            )
    return " ".join([done, *build(job, parts)])


def _progress(job: Job[Any], offer: Offer, number: int, of: int, size: int, whole: int | None) -> None:
    share = size / whole if whole else 0.0
    job.set_progress(
        _FETCHING * (number + share) / of,
        _("下载 {name}：{mb} MB…"),
        name=offer.file_name,
        mb=f"{size / 1e6:,.0f}",
    )


def _extract(
    register: Any, person: Actor, texts: tuple[str, str], job: Job[Any], parts: Sequence[Offer]
) -> list[str]:
    """Facilities of an extract into the register, its land and streets as data sets, and its base map; what came of it."""
    offer = parts[0]
    found = job.heavy(extract_of, str(offer.path), _("读取 OSM 摘录…"))
    job.set_progress(0.95, _("写入登记…"))
    save_baseline(found, offer.name_zh)
    written = 0
    if found.facilities:
        written = int(register.apply(person, found.batch(f"{offer.name_zh} {offer.url}")).facilities)
    job.heavy(detailed_map_of, str(offer.path), _("做详细底图…"))
    return [*([texts[0].format(n=written)] if written else []), texts[1]]


def _residents(job: Job[Any], parts: Sequence[Offer]) -> list[str]:
    first = parts[0]
    paths = tuple(str(each.path) for each in parts)
    credit = f"{first.credit} ({first.licence})"
    job.heavy(raster_of, (paths, first.name_zh, credit), _("裁剪人口栅格…"))
    return []
