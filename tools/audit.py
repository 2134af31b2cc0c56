"""Known vulnerabilities of what requirements.txt pins: ``make audit``.

pip-audit asks an index of the network. Where that does not answer, or knows none of the packages, nothing was checked: this
says so in plain words and ends with 0, because no change of ours can mend it. A vulnerability ends with 1.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
COMMAND = (
    *(sys.executable, "-m", "pip_audit", "--requirement", "requirements.txt", "--no-deps", "--disable-pip"),
    *("--format", "json", "--progress-spinner", "off", "--timeout", "15"),
)


def verdict(output: str) -> tuple[str, int]:
    """What pip-audit's JSON says: words for people, and the exit code.

    Packages that the index does not know are named; if it knew none, it counts as not having answered.
    """
    try:
        answer: dict[str, Any] = json.loads(output)
    except ValueError:
        return "NOT AUDITED: the index of vulnerabilities did not answer.", 0
    packages = answer["dependencies"]
    unknown = [each["name"] for each in packages if "skip_reason" in each]
    found = [(each, fault) for each in packages for fault in each.get("vulns", ())]
    if len(unknown) == len(packages):
        return "NOT AUDITED: the index of vulnerabilities did not answer for any package.", 0
    lines = [
        f"{each['name']} {each['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'no version yet'}"
        for each, fault in found
    ]
    lines += [f"{len(packages) - len(unknown)} packages audited, {len(found)} known vulnerabilities."]
    lines += [f"Not known to the index: {', '.join(unknown)}."] if unknown else []
    return "\n".join(lines), 1 if found else 0


def main() -> int:
    """Ask, print, and give the exit code."""
    done = subprocess.run(COMMAND, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    words, code = verdict(done.stdout)
    if not done.stdout and done.stderr.strip():
        words += f" It said: {done.stderr.strip().splitlines()[-1]}"
    print(words)
    return code


if __name__ == "__main__":
    sys.exit(main())
