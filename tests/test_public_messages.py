"""Messages that leave this machine name no folder of it."""

from __future__ import annotations

import ast
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from geo.errors import AtlasError, DataError, StoreError, without_folders
from geo.paths import DATA_DIR, PROJECT_DIR, var_dir
from layers.http import error_response

ROOT = Path(__file__).parents[1]
FOLDERS = [
    str(DATA_DIR),
    str(PROJECT_DIR),
    tempfile.gettempdir(),
    "/etc/ssl/private",
    "/usr/lib/python3",
    str(Path.home()),
]
NAMES = st.text("abcXYZ019_-.无锡", min_size=1, max_size=12).filter(lambda name: name.strip("."))
AROUND = st.sampled_from(["", " ", "'", '"', "“", "：", "，", "(", "\n"])


@given(
    folder=st.sampled_from(FOLDERS),
    parts=st.lists(NAMES, max_size=3),
    name=NAMES,
    before=AROUND,
    after=st.sampled_from(["", " ", "'", '"', "”", "：不存在", "。"]),
    kind=st.sampled_from([AtlasError, DataError, StoreError]),
)
def test_no_message_that_leaves_names_a_folder(
    folder: str, parts: list[str], name: str, before: str, after: str, kind: type[AtlasError]
) -> None:
    path = "/".join([folder, *parts, name])
    error = kind(
        "读不了 {path}：{detail}。", path=path, detail=f"[Errno 2] No such file: {before}{path}{after}"
    )
    for text in (error.public_text("zh"), error.public_text("en"), error_response(error, "zh").body.decode()):
        assert folder + "/" not in text
        assert name in text
    assert path in error.text("zh"), "the command line says where"


def test_addresses_and_words_stay() -> None:
    for text in (
        "/api/coverage?radius=800",
        "见 /api/collections/works/items",
        "1/2 或 3/4",
        "https://a.example/b/c.png",
        "a/b/c",
    ):
        assert without_folders(text) == text
    assert without_folders(f"{var_dir()}/my folder/store.db") == "my folder/store.db"
    assert without_folders(r"C:\Users\li hua\x.csv") != r"C:\Users\li hua\x.csv"


def test_every_door_shows_the_public_text() -> None:
    """Reads the code: pages and HTTP never ask an error for the text that names folders."""
    for part in ("pages", "layers/api", "layers/analysis", "layers/http.py"):
        paths = [ROOT / part] if part.endswith(".py") else sorted((ROOT / part).rglob("*.py"))
        for path in paths:
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr == "text"
                ):
                    owner = ast.unparse(node.func.value)
                    assert owner.split(".")[-1] not in {"error", "trouble", "refusal", "failure"}, (
                        f"{path}:{node.lineno}"
                    )
