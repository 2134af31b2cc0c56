"""Step 1: the file, its sheet or layer, and what reading it had to decide."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from geo.ingest.plan.memory_of_import import memory_note
from geo.reading.kinds import ENDINGS
from geo.reading.model import Choice, Layer, Opened
from geo.uploaded_files import PARTS
from pages.parts.importing.flow import busy, flow, go, read
from pages.parts.shell import uploader
from pages.parts.shell.texts import escaped, language, t

MAX_MB = 200
_PREVIEW = 8


def show_step() -> None:
    """Choose a file; choose a sheet where there are several; see what was read."""
    current = flow()
    endings = {ending.rsplit(".", 1)[-1] for ending in (*ENDINGS, *PARTS)}
    accepted = sorted(endings, key=lambda ending: (not ending.startswith("xls"), ending != "xlsx", ending))
    files = uploader.file_uploader(
        t("把文件拖到这里，或点击选择"),
        type=accepted,
        accept_multiple_files=True,
        max_upload_size=MAX_MB,
        key=current.key("files"),
        help=t(
            "Excel、CSV、Shapefile（打成 zip，或几个部分一起选）、GeoPackage、GeoJSON、KML、GML、DXF、FlatGeobuf、GeoParquet、OSM 摘录。"
        ),
    )
    st.caption(t("可收的文件：{endings}。", endings=" ".join(f".{escaped(ending)}" for ending in accepted)))
    token = "|".join(file.file_id for file in files)
    if files and token != current.token:
        current.token, current.opened, current.layer = token, None, None
        read(files, None)
        st.rerun()
    if busy():  # below the uploader, which forgets its files in a run that does not draw it
        return
    if not files and current.layer is None:
        st.caption(t("文件只在内存里处理；写入登记前不会留下任何东西。每个文件最大 {n} MB。", n=MAX_MB))
    if files and current.opened is not None and len(current.opened.choices) > 1:
        _choose_layer(files, current.opened.choices)
    if current.opened is not None and current.layer is not None:
        _show_layer(current.opened, current.layer)


def _choose_layer(files: list[UploadedFile], choices: tuple[Choice, ...]) -> None:
    current = flow()
    names = [choice.name for choice in choices]
    shown = {choice.name: _choice_label(choice) for choice in choices}
    now = current.layer.name if current.layer is not None else None
    chosen = st.selectbox(
        t("这个文件里有 {n} 个工作表或图层，要导入哪一个？", n=len(names)),
        names,
        index=names.index(now) if now in names else None,
        placeholder=t("请选一个"),
        format_func=shown.__getitem__,
        key=current.key("layer"),
    )
    if chosen and chosen != now:
        read(files, chosen)
        st.rerun()


def _choice_label(choice: Choice) -> str:
    parts = [choice.name]
    if choice.rows >= 0:
        parts.append(t("{n} 行", n=f"{choice.rows:,}"))
    if choice.geometry:
        parts.append(choice.geometry)
    if choice.hidden:
        parts.append(t("隐藏"))
    return " · ".join(parts)


def _show_layer(opened: Opened, layer: Layer) -> None:
    current = flow()
    st.success(
        t(
            "读到 **{rows}** 行、**{columns}** 列：{name}",
            rows=f"{len(layer.frame):,}",
            columns=len(layer.frame.columns),
            name=escaped(f"{opened.name} · {layer.name}" if layer.name else opened.name),
        ),
        icon=":material/table_view:",
    )
    memory = memory_note(layer)
    for note in (*([memory] if memory else []), *layer.notes):
        st.caption(f":material/info: {escaped(note.text(language()))}")
    if "recipe" in current.choices:
        st.caption(
            t(
                ":material/bookmark: 认得这种表头，已按保存的配方“{name}”对好字段。",
                name=escaped(current.choices["recipe"]),
            )
        )
    head = layer.frame.head(_PREVIEW)
    st.dataframe(head.astype(str).where(head.notna(), ""), width="stretch", alt=t("文件的前几行"))
    st.button(
        t("下一步：对字段"),
        type="primary",
        icon=":material/arrow_forward:",
        on_click=go,
        args=(2,),
        key=current.key("to2"),
    )
