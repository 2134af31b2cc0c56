"""The page of imports as a person uses it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from streamlit.testing.v1 import AppTest

Page = Callable[..., AppTest]


LIST = """小区名称,所属区,经度,纬度,竣工日期,状态
试验甲村,梁溪区,120.3136,31.5501,2021年11月,已完工
试验乙村,宜兴市,119.8241,31.3603,2021年12月,已完工
试验丙村,宜兴市,31.3603,119.8241,2021年12月,已完工
试验丁村,宜兴市,119.8250,31.3610,2021-11-31,已完工
"""


def widget(app: AppTest, kind: str, name: str) -> Any:
    return next(each for each in getattr(app, kind) if str(each.key).endswith(f"-{name}"))


def settled(app: AppTest) -> AppTest:
    """The page once its work beside the page has ended (a browser would ask by itself)."""
    while (job := app.session_state["_import"].job) is not None:
        job.wait(60)
        app.run()
    assert not app.exception, app.exception
    return app


def press(app: AppTest, name: str) -> AppTest:
    widget(app, "button", name).click().run()
    return settled(app)


def messages(app: AppTest) -> str:
    kinds = (app.error, app.warning, app.success, app.info)
    return "\n".join(each.value for kind in kinds for each in kind).replace("\\", "")


def bring(app: AppTest, content: bytes | str, name: str = "名单.csv", *more: tuple[str, bytes]) -> AppTest:
    raw = content.encode("gb18030") if isinstance(content, str) else content
    uploader = app.file_uploader[0]
    uploader.set_value([(name, raw, "application/octet-stream"), *((n, c, "") for n, c in more)]).run()
    return settled(app)


def to_check(app: AppTest, content: bytes | str = LIST, *, crs: str = "GCJ02") -> AppTest:
    bring(app, content)
    press(app, "to2")
    widget(app, "selectbox", "item").set_value("U01")
    widget(app, "text_input", "src-publisher").set_value("住建局")
    widget(app, "text_input", "src-published").set_value("2021-12")
    press(app, "to3")
    widget(app, "selectbox", "crs").set_value(crs).run()
    return press(app, "to4")
