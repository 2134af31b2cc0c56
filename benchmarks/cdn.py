"""What a page asks of a CDN, answered from npm packages on this machine: a library is measured as it is, and nothing leaves.

npm itself is asked for each package once, by name and version (``npm pack``), before a page is visited or while it waits.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import tarfile
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import unquote

_PACKAGE: Final = re.compile(
    r"https://(?:cdn\.jsdelivr\.net/npm|unpkg\.com)/((?:@[\w.-]+/)?[\w.-]+)@([^/]+)/(.+)"
)
_REQUIRE: Final = re.compile(
    r"https://cdnjs\.cloudflare\.com/ajax/libs/require\.js/([\d.]+)/require(?:\.min)?\.js"
)
_TYPES: Final = {
    "js": "text/javascript",
    "wasm": "application/wasm",
    "css": "text/css",
    "json": "application/json",
}
_NPM_S: Final = 60


def answer_from_npm(page: Any) -> list[str]:
    """Answer what a page of Playwright asks of a CDN; the list fills with what could not be answered, and why."""
    unanswered: list[str] = []

    def answer(route: Any) -> None:
        url = route.request.url
        try:
            body = file_at(url)
        except (LookupError, OSError, subprocess.SubprocessError) as error:
            unanswered.append(f"{url}: {error}")
            route.abort()
            return
        kind = _TYPES.get(url.rsplit(".", 1)[-1], "application/octet-stream")
        route.fulfill(body=body, content_type=kind, headers={"Access-Control-Allow-Origin": "*"})

    page.route(re.compile("^https?://"), answer)
    return unanswered


def file_at(url: str) -> bytes:
    """The file that a CDN has at an address; ``LookupError`` for what is no file of an npm package."""
    if found := _REQUIRE.fullmatch(url):
        return _package("requirejs", found[1])["require.js"]
    found = _PACKAGE.fullmatch(unquote(url.split("?", 1)[0]))
    if found is None:
        raise LookupError("no file of an npm package")
    files = _package(found[1], found[2])
    if found[3] not in files:
        raise LookupError(f"{found[1]} has no such file")
    return files[found[3]]


@lru_cache(maxsize=32)
def _package(name: str, version: str) -> dict[str, bytes]:
    with TemporaryDirectory() as folder:
        command = ["npm", "pack", "--json", f"{name}@{version}"]
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=_NPM_S, check=True)
        packed = json.loads(done.stdout)[0]["filename"].replace("@", "").replace("/", "-")
        content = (Path(folder) / packed).read_bytes()
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        members = [member for member in archive.getmembers() if member.isfile()]
        return {
            member.name.partition("/")[2]: archive.extractfile(member).read()  # type: ignore[union-attr]
            for member in members
        }
