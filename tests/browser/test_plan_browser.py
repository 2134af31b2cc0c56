"""A plan's text reviewed as a person does: by keyboard, saved and gone on with, to a pack that the check passes."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from docx import Document

from geo.plan_text import review
from geo.plan_text.draft import Draft
from geo.register.pack_check import check_pack
from tests.browser.axe import COLOURS, findings
from tests.browser.conftest import Watch
from tests.browser.test_every_page_browser import BROKEN, DESKTOP, PHONE, SMALL
from tests.browser.until import until
from tools.serving import PATIENCE_S

TEXT = (
    "某市2030年计划（虚构）",
    "新建公园12个、绿道5公里。力争东环高架开工建设。推进产业融合发展。建成地铁9号线，整治河道40条。",
)
STATES = "[...document.querySelectorAll('.plan-text mark')].map((mark) => mark.className)"
UNSAVED = "document.querySelector('.plan-text').dataset.unsaved"
IN_HAND = "document.querySelector('.plan-text [aria-current]')?.textContent"


def taken(watch: Any, button: str, folder: Path) -> Path:
    with watch.page.expect_download() as download:
        watch.page.get_by_role("button", name=button).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def bring(watch: Any, path: Path) -> None:
    watch.page.locator("input[type=file]").set_input_files(path)
    watch.page.locator(".plan-text mark").first.wait_for()
    watch.rest()


def press(watch: Any, key: str, expected: str) -> None:
    watch.page.keyboard.press(key)
    until(watch.page, f"() => {expected}")
    watch.rest()


def test_a_plan_is_reviewed_by_keyboard(server: Any, visit: Callable[..., Any], tmp_path: Path) -> None:
    document = Document()
    for line in TEXT:
        document.add_paragraph(line)
    document.save(str(tmp_path / "计划.docx"))
    watch = visit(f"{server.url}/plan")
    page = watch.page
    bring(watch, tmp_path / "计划.docx")
    assert page.locator(".plan-text").inner_text().split() == list(TEXT)
    press(watch, "a", f"{IN_HAND} === '绿道5公里'")
    press(watch, "x", f"{IN_HAND} === '力争东环高架开工建设'")
    assert page.evaluate(STATES) == ["accepted", "rejected", "drafted", "drafted", "drafted"]
    press(watch, "u", f"{IN_HAND} === '绿道5公里'")
    press(watch, "m", f"{IN_HAND}.startsWith('绿道5公里。力争')")
    press(watch, "u", f"{IN_HAND} === '绿道5公里'")
    press(watch, "k", f"{IN_HAND} === '新建公园12个'")
    press(watch, "j", f"{IN_HAND} === '绿道5公里'")
    name = page.get_by_role("textbox", name="名称")
    name.fill("滨河绿道")
    name.press("End")
    name.press_sequentially("ax")
    name.press("Tab")
    watch.rest()
    assert page.evaluate(STATES) == ["accepted", "drafted", "drafted", "drafted", "drafted"]
    page.locator(".plan-text mark", has_text="建成地铁9号线").click()
    until(page, f"() => {IN_HAND} === '建成地铁9号线'")
    watch.rest()
    assert page.evaluate(UNSAVED) == "true"
    saved = taken(watch, "保存草稿", tmp_path)
    until(
        page, f"() => {UNSAVED} === 'false'"
    )  # while it is not, the browser asks before it loads the page anew
    draft: Draft = review.from_json(json.loads(saved.read_text("utf-8")))
    assert [item.name for item in draft.items][1] == "滨河绿道ax"
    page.reload()
    watch.rest()
    bring(watch, saved)
    assert page.evaluate(STATES) == ["accepted", "drafted", "drafted", "drafted", "drafted"]
    for expected in ("力争东环高架开工建设", "建成地铁9号线", "整治河道40条"):
        press(watch, "a", f"{IN_HAND} === '{expected}'")
    press(watch, "a", f"{STATES}.every((state) => state === 'accepted')")
    pack = taken(watch, "下载资料包", tmp_path)
    with zipfile.ZipFile(pack) as archive:
        archive.extractall(tmp_path / "pack")
    assert check_pack(tmp_path / "pack") == []
    assert "滨河绿道ax" in (tmp_path / "pack/plan_items.csv").read_text("utf-8")
    assert watch.errors == []
    assert watch.outside() == []


def test_a_review_is_for_every_hand(server: Any, browser: Any, tmp_path: Path) -> None:
    """As test_every_page_browser.py has it of the page before anything is brought."""
    (tmp_path / "plan.txt").write_text("\n".join(TEXT), "utf-8")
    context = browser.new_context(viewport={"width": DESKTOP, "height": 900}, bypass_csp=True)
    context.set_default_timeout(PATIENCE_S * 1000)
    watch = Watch(context.new_page())
    watch.page.goto(f"{server.url}/plan")
    bring(watch, tmp_path / "plan.txt")
    press(watch, "a", f"{STATES}[0] === 'accepted'")
    press(watch, "x", f"{STATES}[1] === 'rejected'")
    for width in (DESKTOP, PHONE):
        watch.page.set_viewport_size({"width": width, "height": 900})
        for scheme, rules in (("light", None), ("dark", COLOURS)):
            watch.page.emulate_media(color_scheme=scheme)
            watch.rest()
            assert findings(watch.page, *([rules] if rules else [])) == []
        assert watch.page.evaluate(BROKEN) == []
        until(watch.page, "document.documentElement.scrollWidth === document.documentElement.clientWidth")
    assert watch.page.evaluate(SMALL) == []  # at the width of a phone
    context.close()
