"""Texts of the public pages that their scripts show."""

from __future__ import annotations

from typing import Final

from geo.display.number_heads import NUMBER_HEADS
from geo.register.work_counts import COUNTS_SENTENCE
from geo.text import mark as _
from geo.text import translate
from geo.vocabulary import PROMISE_LABELS, VERB_LABELS, promise_label

SCRIPT_TEXTS: Final = {
    "items_caption": _("截至 {day} 的计划条目"),
    "filters": _("筛选：{filters}"),
    "nothing": _("没有符合条件的项目。请放宽筛选，或把“范围”改为“含其他年份与背景”。"),
    "similar": _("没有写作“{query}”的名称，以下是写法相近的："),
    "nearby": _("附近"),
    "not_found": _("没有找到“{query}”。可试街道名、拼音首字母，或到“清单”页查看全部。"),
    "no_such_work": _("没有编号为 {work_id} 的项目。"),
    "close": _("关闭卡片"),
    "plan_says": _("计划怎么说"),
    "section": _("第{section}部分"),
    "target": NUMBER_HEADS["target"],
    "counted": _("是否计入："),
    "known": _("所知"),
    "district": _("区县"),
    "nowhere": _("未知或全市"),
    "street": _("街道/镇"),
    "quantity": _("数量"),
    "place": _("位置"),
    "outline": _("外廓面积"),
    "note": _("说明"),
    "parts": _("组成"),
    "timeline": _("时间线"),
    "planned": _("计划/预计"),
    "later": _("（截至日期之后）"),
    "no_events": _("没有找到任何带日期的记载。"),
    "unknowns": _("还不知道"),
    "sources": _("来源"),
    "mirror": _("见于转载，未附链接"),
    "maybe": _("可能属于本项承诺，未证实"),
    "copied": _("已复制"),
    "copy_failed": _("浏览器不让复制，请选中后自己复制。"),
    "qr_too_long": _("链接太长，印成二维码读不出来；请用上面的链接。"),
    "making_picture": _("正在画图…"),
    "failed": _("资料没有取到，请重新载入页面。"),
}


def script_texts(lang: str) -> dict[str, object]:
    """The texts in a language, with the words of promises by verb and state."""
    promises = {
        verb: {state: translate(promise_label(state, verb), lang) for state in PROMISE_LABELS}
        for verb in VERB_LABELS
    }
    counts = translate(COUNTS_SENTENCE, lang).replace("**", "")
    texts = {name: translate(text, lang) for name, text in SCRIPT_TEXTS.items()}
    return texts | {"promises": promises, "counts": counts}
