"""Words that only those who keep the register or run the server understand: no page for the public says them."""

from __future__ import annotations

import re
from typing import Final

STAFF_WORDS: Final = re.compile(
    r"部署单位|加一行|资料表|配置项|命令行|环境变量|deploying unit|add a row|command line|environment variable"
    r"|ATLAS_[A-Z]+|datapackage|python -m|\bpip install|\bdata/\w+\.(?:csv|geojson)|\bgeo (?:check|publish|import|store)\b|localhost",
    re.IGNORECASE,
)


def staff_words(text: str) -> list[str]:
    """Each of those words in a text."""
    return STAFF_WORDS.findall(text)
