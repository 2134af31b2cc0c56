"""``python -m layers.browser_packages``: install the scripts of other people that PyPI lacks; ``make setup`` runs it.

Without them everything works but the public site and the detailed base map, so a registry that does not answer stops nothing.
"""

from __future__ import annotations

import sys

from layers import browser_packages


def main() -> None:
    """Install them; what went wrong goes to standard error."""
    try:
        browser_packages.install()
    except RuntimeError as error:
        print("npm 上的脚本没有取到：公开网站和详细底图暂不可用，其余不受影响。", file=sys.stderr)
        print(
            "Scripts of npm did not come: no public site and no detailed base map yet; all else works.",
            file=sys.stderr,
        )
        print(str(error)[-2000:], file=sys.stderr)


if __name__ == "__main__":
    main()
