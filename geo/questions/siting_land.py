"""The land that sites may stand on: parcels, which classes of them, and what is excluded."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from geo.questions.question import Question
from geo.questions.values import NUMBER, WHOLE, Names, Text, YesNo
from geo.text import mark as _

MOST_PER_PARCEL: Final = 500
SquareMetres = Annotated[float, Field(json_schema_extra={"x-unit": "m²"}), Field(ge=0, le=1e9), NUMBER]
PerParcel = Annotated[int, Field(ge=1, le=MOST_PER_PARCEL), WHOLE]


class LandQuestion(Question):
    """Which land sites may stand on."""

    parcels: Text = Field(
        "",
        title=_("候选地块"),
        description=_(
            "候选地块（多边形，给了即 candidates=parcels）：页面上传后的名字（parcels-…）或保存过的；命令行给文件。"
        ),
    )
    land_use: Names = Field(
        (),
        title=_("可建的用地"),
        description=_(
            "哪些用地代码可以建（GB 50137、国土调查等，照地块文件里的写），几个用 | 分开；写 A3 也包括 A33。不写即全部地块。"
        ),
    )
    land_use_column: Text = Field(
        "",
        title=_("用地代码列"),
        description=_("地块文件里用地代码所在的列；不写即 land_use、用地代码、DLBM 等常用的一列。"),
    )
    parcel_name: Text = Field(
        "",
        title=_("地块名称列"),
        description=_("地块文件里名称或编号所在的列；不写即 name、地块编号 等常用的一列，都没有即行号。"),
    )
    cost_column: Text = Field(
        "",
        title=_("费用列"),
        description=_("地块文件里在该地块建一处的费用所在的列；有预算而不写，即 cost、造价 等常用的一列。"),
    )
    capacity_column: Text = Field(
        "",
        title=_("容量列"),
        description=_("地块文件里建在该地块的一处最多能服务多少（人）所在的列；写了才用。"),
    )
    mixed_column: Text = Field(
        "",
        title=_("可混合列"),
        description=_(
            "地块文件里写明这块地可否建几类设施的列（是、yes、1 即可）；不写或空即一块地只建一类。只用于 also。"
        ),
    )
    least_area_m2: SquareMetres = Field(
        0.0,
        alias="least_area",
        title=_("地块至少"),
        description=_("去掉排除范围以后，地块至少要有这么大，平方米。"),
    )
    per_parcel: PerParcel = Field(
        1, title=_("每个地块最多"), description=_("一个地块里最多建几处（之间仍要隔开 gap）。")
    )
    exclusions: Text = Field(
        "",
        title=_("排除范围"),
        description=_(
            "不能建的范围（多边形：红线、水面、保护区）：页面上传后的名字（exclusions-…）或保存过的；命令行给文件。"
        ),
    )
    taken: str = Field(
        "",
        title=_("已占的地点"),
        description=_(
            "已选给别的设施的地点：经度,纬度;经度,纬度（WGS84），所在地块和同一地点不再作候选；命令行也可给文件（如上一问 --out 的 GeoJSON）。"
        ),
    )
    water: YesNo = Field(
        True, title=_("避开水面"), description=_("no：候选也可以在资料包的湖面上；默认排除。")
    )
