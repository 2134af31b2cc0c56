"""Reads what the site's scripts hand over."""

from __future__ import annotations

import json
import re
from typing import Any


def table(files: dict[str, bytes], name: str) -> Any:
    """The table that a script hands over, read as a browser reads it: a JavaScript string that holds JSON."""
    path = next(path for path in files if re.fullmatch(rf"data/{re.escape(name)}\.[0-9a-f]{{10}}\.js", path))
    text = files[path].decode()
    found = re.fullmatch(r"atlasTable\('(\w+)','(.*)'\);\n", text, re.DOTALL)
    assert found
    assert found[1] == name.split(".", maxsplit=1)[0]
    escapes = {"\\\\": "\\", "\\'": "'", "\\x3c": "<", "\\u2028": "\u2028", "\\u2029": "\u2029"}
    plain = re.sub(r"\\(?:\\|'|x3c|u2028|u2029)", lambda match: escapes[match[0]], found[2])
    return json.loads(plain)
