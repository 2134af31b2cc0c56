"""Labels of the columns of the register, as message ids."""

from __future__ import annotations

from typing import Final

from geo.text import mark as _

COLUMNS: Final = {
    "work_id": _("编号"),
    "name_zh": _("名称"),
    "name_en": _("英文名"),
    "item_id": _("条目"),
    "category": _("类别"),
    "kind": _("类型"),
    "year": _("年份"),
    "counted": _("是否计入"),
    "district_code": _("区县代码"),
    "street": _("街道/镇"),
    "quantity": _("数量"),
    "unit": _("单位"),
    "status": _("状态"),
    "status_date": _("状态日期"),
    "status_precision": _("日期精度"),
    "lon": _("经度（WGS84）"),
    "lat": _("纬度（WGS84）"),
    "accuracy_m": _("位置误差（米）"),
    "certainty": _("位置把握"),
    "location_basis": _("位置依据"),
    "note_zh": _("说明"),
    "source_title": _("来源"),
    "source_publisher": _("发布者"),
    "source_published": _("发布日期"),
    "source_url": _("网址"),
}
