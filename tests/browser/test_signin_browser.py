"""Sign-in at a real OpenID provider of this machine, in a real browser with the network cut."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from geo.store import open_store
from tests.browser.identity import (
    BUTTON,
    EDITOR,
    STRANGER,
    UNVERIFIED,
    atlas_with,
    provider,
    sign_in,
    signed_in_as,
    wrong_claims,
)
from tools.serving import Server

WORK = "U01-2021-001"


@dataclass
class Office:
    """A provider, the atlas that trusts it, and the folder of the atlas: one of each for all tests here."""

    issuer: str
    server: Server
    folder: Path


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    with (
        pytest.MonkeyPatch.context() as patch,
        provider(patch) as issuer,
        atlas_with(issuer, folder) as server,
    ):
        yield Office(issuer, server, folder)


def test_sign_in_edit_and_sign_out(
    monkeypatch: pytest.MonkeyPatch, visit: Callable[..., Any], office: Office
) -> None:
    watch = visit(f"{office.server.url}/register?work={WORK}&do=progress")
    page = watch.page
    page.get_by_text("这里公开可看").wait_for()
    sign_in(page, EDITOR)
    page.get_by_text(signed_in_as(EDITOR, "编辑")).wait_for()
    page.goto(f"{office.server.url}/register?work={WORK}&do=fields")
    page.get_by_label("理由").fill("与公布名单核对")
    page.get_by_label("名称", exact=True).first.fill("核对后的名称")
    page.get_by_role("combobox", name="来源").click()
    page.get_by_role("combobox", name="来源").fill("S-PLAN")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="保存").click()
    page.get_by_text(re.compile("已登记 1 条")).wait_for()
    monkeypatch.setenv("ATLAS_VAR", str(office.folder / "var"))
    newest = open_store().batches().iloc[0]
    assert (newest["actor"], newest["role"]) == (EDITOR, "editor")
    page.get_by_role("button", name="退出登录").click()
    page.get_by_role("button", name="End session").click()
    page.locator(BUTTON).wait_for()
    page.goto(f"{office.server.url}/register?work={WORK}&do=fields")
    page.get_by_text("这里公开可看").wait_for()
    assert page.get_by_text("登录没有成功").count() == 0
    # the provider's own pages ask for a style sheet, in vain
    assert {url for url in watch.outside() if "picocss" not in url} == set()


def test_who_may_not_edit_is_told_why(visit: Callable[..., Any], office: Office) -> None:
    for who, why in ((UNVERIFIED, "没有证实这个邮箱"), (STRANGER, "没有编辑的权限")):
        page = visit(f"{office.server.url}/register?work={WORK}&do=fields").page
        sign_in(page, who)
        page.get_by_text(signed_in_as(who, "只读")).wait_for()
        page.get_by_text(why).wait_for()
        page.goto(f"{office.server.url}/register?work={WORK}&do=fields")
        page.get_by_text("这里公开可看").wait_for()
        assert page.get_by_role("button", name="保存").count() == 0


def _fails(visit: Callable[..., Any], url: str) -> None:
    page = visit(url).page
    sign_in(page, EDITOR)
    page.get_by_text("登录没有成功").wait_for()
    page.locator(BUTTON).wait_for()
    assert "signin" not in page.url
    assert page.get_by_text("已登录").count() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"exp": 1_700_000_000},
        {"aud": "another-site"},
        {"iss": "https://login.example"},
        {"nonce": "of an earlier sign-in"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_token_that_is_late_or_for_another_site_signs_nobody_in(
    visit: Callable[..., Any], office: Office, wrong: dict[str, Any]
) -> None:
    with wrong_claims(office.issuer, EDITOR, wrong):
        _fails(visit, office.server.url)


def test_whoever_declines_at_the_provider_is_told(visit: Callable[..., Any], office: Office) -> None:
    page = visit(office.server.url).page
    page.locator(BUTTON).click()
    page.get_by_role("button", name="Deny").click()
    page.get_by_text("登录没有成功").wait_for()
