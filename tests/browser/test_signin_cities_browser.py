"""Sign-in in a process of two cities, at a real OpenID provider: one comes back to the city one began in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from geo.paths import DATA_DIR
from tests.browser.identity import BUTTON, EDITOR, atlas_with, provider, sign_in, signed_in_as
from tests.second_city.reading import PACK
from tools.serving import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("office")
    with (
        pytest.MonkeyPatch.context() as patch,
        provider(patch) as issuer,
        atlas_with(issuer, folder, {"wuxi": DATA_DIR, "jingdezhen": PACK}) as served,
    ):
        yield served


@pytest.mark.parametrize("address", ["/c/jingdezhen/", "/"])
def test_a_sign_in_comes_back_to_its_city(visit: Callable[..., Any], server: Server, address: str) -> None:
    begun = f"{server.url.rstrip('/')}{address}"
    page = visit(f"{begun}register").page
    sign_in(page, EDITOR)
    page.get_by_text(signed_in_as(EDITOR, "编辑")).wait_for()
    assert page.url.split("?")[0] == begun
    page.get_by_role("button", name="退出登录").click()
    page.get_by_role("button", name="End session").click()
    page.locator(BUTTON).wait_for()
    assert page.url.split("?")[0] == begun


def test_a_sign_in_that_is_declined_comes_back_to_its_city_too(
    visit: Callable[..., Any], server: Server
) -> None:
    begun = f"{server.url.rstrip('/')}/c/jingdezhen/"
    page = visit(begun).page
    page.locator(BUTTON).click()
    page.get_by_role("button", name="Deny").click()
    page.get_by_text("登录没有成功").wait_for()
    assert page.url.split("?")[0] == begun
