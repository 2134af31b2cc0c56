"""The page of the register: batches listed and taken back, changes and moments in words, merging."""

from __future__ import annotations

from datetime import date

import pytest

from geo.register.register import Register
from geo.store import Store
from geo.store.model import Actor
from geo.store.moments import local_time
from tests.pages.importing import LIST, Page, press, to_check


def shown(app) -> str:
    kinds = (app.error, app.warning, app.success, app.info, app.caption)
    return "\n".join(each.value for kind in kinds for each in kind)


def test_a_batch_of_long_ago_is_listed_and_taken_back_once_confirmed(
    register: Store, editor: Actor, page: Page
) -> None:
    before = Register.from_pack(register.pack()).state(date(2026, 1, 1))
    press(to_check(page("import.py")), "take")
    number = register.revision()
    app = page("register.py", tab="changes", how="batches")
    listed = app.dataframe[0].value
    assert listed["批次"].tolist()[0] == number
    assert listed["仍然算数"].iloc[0] == listed["记载"].iloc[0] > 0
    chosen = next(each for each in app.selectbox if "撤销哪一批" in each.label)
    chosen.set_value(number).run()
    go = next(each for each in app.button if "撤销整批" in each.label)
    assert go.disabled
    next(each for each in app.checkbox if str(number) in each.label).set_value(True).run()
    next(each for each in app.text_input if each.label == "理由").set_value("导错了").run()
    next(each for each in app.button if "撤销整批" in each.label).click().run()
    assert not app.exception, app.exception
    after = Register.from_pack(register.pack()).state(date(2026, 1, 1))
    assert after["status"].tolist() == before["status"].tolist()
    assert "整批已撤销" in shown(app)


def test_changes_between_two_days_are_in_words(register: Store, editor: Actor, page: Page) -> None:
    press(to_check(page("import.py"), LIST), "take")
    app = page("register.py", tab="changes", **{"from": "2021-01-01", "to": "2022-12-31"})
    table = app.dataframe[0].value
    assert list(table.columns) == ["项目", "字段", "原来", "现在", "编号"]
    cells = set(table["字段"]) | set(table["原来"]) | set(table["现在"])
    assert not {cell for cell in cells if cell and cell.isascii() and cell.isalpha() and cell.islower()}


@pytest.mark.parametrize(
    ("moment", "local"),
    [
        ("2026-11-30T16:30:00+00:00", "2026-12-01 00:30"),
        ("2026-11-30T01:02:03", "2026-11-30 09:02"),
        ("", ""),
    ],
)
def test_moments_are_those_of_the_city(moment: str, local: str) -> None:
    assert local_time(moment) == local
