"""Streamlit's own texts on the page, which it has in English alone, in the language of the view."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import streamlit as st

from geo.text import mark as _
from geo.text import translate
from pages.parts.shell.html import assets_path
from pages.parts.shell.texts import language

WIDGET_TEXTS: Final = (
    _("选取文件"),
    _("每个文件最大 {size}"),
    _("不收 {kind} 文件。"),
    _("文件最大 {size}。"),
    _("这个文件不行："),
    _("加号"),
    _("添加文件"),
    _("选文件上传"),
    _("按回车生效"),
    _("按 Ctrl+回车生效"),
    _("按 ⌘+回车生效"),
    _("按回车提交"),
    _("请选择一项"),
    _("请选几项"),
    _("没有匹配的选项"),
    _("全部选中"),
    _("全部清除"),
    _("清除这个值"),
    _("展开选项"),
    _("已选的值"),
    _("移除 {name}"),
    _("{name}：说明"),
    _("加一步"),
    _("减一步"),
    _("这一节的链接"),
    _("跳到正文"),
    _("把表下载为 CSV"),
    _("下载 CSV：{name}"),
    _("下载 PNG：{name}"),
    _("放大到全屏"),
    _("全屏：{name}"),
    _("退出全屏"),
    _("退出全屏：{name}"),
    _("在表中查找"),
    _("在表中查找：{name}"),
    _("选择显示的列"),
    _("选择显示的列：{name}"),
    _("看数据：{name}"),
    _("看图：{name}"),
    _("横轴“{title}”，从 {low} 到 {high}"),
    _("纵轴“{title}”，从 {low} 到 {high}"),
    _("横轴“{title}”，{count} 个值：{values}"),
    _("纵轴“{title}”，{count} 个值：{values}"),
    _("图例（形状），{count} 种：{values}"),
    _("图例（线色），{count} 种：{values}"),
    _("图例“{title}”（线色），{count} 种：{values}"),
    _("复制图的 Vega-Lite 写法：{name}"),
    _("复制到剪贴板"),
    _("加一行"),
    _("删除选中的行"),
    _("取消选择"),
    _("升序"),
    _("降序"),
    _("固定这一列"),
    _("隐藏这一列"),
    _("适合内容的列宽"),
    _("数字格式"),
    _("这一列的统计"),
    _("正在运行…"),
    _("停止"),
    _("没有这个页面"),
    _("您要的页面似乎不存在，现在显示首页。"),
    _("连接出错"),
    _("关闭"),
)
"""Messages whose English is what Streamlit writes; what a ``{field}`` stands for stays as it is."""
# Streamlit sends this text with every run, so it only fetches the module (a line break tells it from a file name).
_JS = "export default c => {\nimport(`${location.origin}${c.data.assets}/components/widget_texts.js`).then(m => m.default(c.data.texts));\n};"
_component = st.components.v2.component("widget_texts", html="<span></span>", js=_JS, isolate_styles=False)


def show_in_language() -> None:
    """Have the browser write Streamlit's texts in the language of the page; in English they stay as they are."""
    _component(key="widget_texts", data={"assets": assets_path(), "texts": _texts(language())})


@lru_cache
def _texts(to: str) -> dict[str, str]:
    """What Streamlit writes, and what it is in a language; nothing in English."""
    if to == "en":
        return {}
    return {translate(message, "en"): translate(message, to) for message in WIDGET_TEXTS}
