"""Links that a stranger wrote: whatever their parameters say stays words, and no browser asks a server of theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from tests.browser.test_policy_browser import ADDRESSES
from tests.depth import examples

HOST = "http://127.0.0.1:9/stranger"  # of this machine, so that a request would be made, and be seen
HOSTILE = [
    f"![x]({HOST}/a.png)",
    f"a\n\n![x]({HOST}/b.png)\n\n- b",
    f"[![x]({HOST}/c.png)]({HOST})",
    f"<img src={HOST}/d.png onerror=alert(1)>",
    f"![x][1]\n\n[1]: {HOST}/e.png",
    f"`'\"><script src={HOST}/f.js></script>",
    f"&#33;[x]({HOST}/g.png)",
    f"\\![x]({HOST}/h.png)",
    f"$\\includegraphics{{{HOST}/i.png}}$",
    f":material/![x]({HOST}/j.png):",
    f"<svg><image href={HOST}/k.png></svg>",
    f"<style>@import url({HOST}/l.css)</style>",
]
PARAMETERS = [
    "work",
    "q",
    "district",
    "category",
    "scenario",
    "wi",
    "vs",
    "ind",
    "kind",
    "r",
    "set",
    "by",
    "more",
    "own",
    "existing",
    "candidates",
    "streets",
    "demand",
    "streets_file",
    "max_sites",
    "objective",
    "each",
    "method",
    "as_of",
    "scope",
    "layers",
    "tab",
    "do",
    "how",
    "since",
    "from",
    "to",
    "status",
    "certainty",
    "lang",
    "embed",
    "token",
    "signin",
]


# in a quick run each address is tried with a third of the texts, the next one with the next third; in a deep run with the others
TRIED = [
    pytest.param(address, third, marks=[] if third == at % 3 else [pytest.mark.deep])
    for at, address in enumerate(ADDRESSES)
    for third in range(3)
]


@pytest.mark.parametrize(("address", "third"), TRIED)
def test_no_word_of_a_link_becomes_a_picture(
    server: Any, visit: Callable[..., Any], address: str, third: int
) -> None:
    watch = visit("about:blank")
    for number, words in list(enumerate(HOSTILE))[third::3]:
        some = PARAMETERS[number::3] if number % 2 else ["work", "q", "scenario", "wi", "own", "district"]
        watch.page.goto(f"{server.url}/{address}?{urlencode(dict.fromkeys(some, words))}")
        watch.settle()
        _only_words(watch, server.url)


@given(
    words=st.lists(
        st.sampled_from([*"![]()<>&`\\\n:|$*_-# ", "img src=", HOST, "x", "![x](", ")"]), max_size=14
    )
)
@examples(5, deep=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_made_up_words_become_a_picture(server: Any, visit: Callable[..., Any], words: list[str]) -> None:
    watch = visit(f"{server.url}/works?{urlencode({'work': ''.join(words) or 'x', 'q': ''.join(words)})}")
    watch.settle()
    _only_words(watch, server.url)
    watch.page.close()


def _only_words(watch: Any, own: str) -> None:
    hosts = (own, own.replace("http", "ws"), "data:", "blob:", "about:")
    assert [url for url in watch.requests if not url.startswith(hosts)] == []
    pictures = watch.page.eval_on_selector_all(
        "img, image", "all => all.map(one => one.src || one.getAttribute('href'))"
    )
    assert [source for source in pictures if source and "stranger" in source] == []
    links = watch.page.eval_on_selector_all(
        "main a, [data-testid=stMain] a", "all => all.map(one => one.href)"
    )
    assert [link for link in links if link.startswith(HOST)] == []
    assert watch.errors == []
