"""Several processes of the atlas behind one address: ``python -m tools.serve --workers 4 --listen 8501`` (``make serve WORKERS=4``).

nginx stands before them (Debian: ``apt-get install nginx-light``): it keeps a session with its process, closes slow connections,
and gives out the public site. Its configuration is made from ``tools/deploy/nginx.conf``. All ends when one of them ends, and says
which one did, so that systemd starts all anew.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tools.ports import held_ports

ROOT: Final = Path(__file__).resolve().parents[1]
_CHECK_INTERVAL_S: Final = 0.5
_SLOW_S: Final = 10
_END_S: Final = 20
_CONNECTIONS: Final = 100


@dataclass(frozen=True, slots=True)
class Plan:
    """What is served, and where.

    Attributes
    ----------
    folder : Path
        nginx's own: configuration, errors, what it sets aside.
    listen : str
        Where nginx listens, as it writes it: ``8501``, ``127.0.0.1:8501``.
    ports : tuple of int
        Of the processes, on this machine only.
    base : str
        Path before every address, such as ``/atlas``; empty for none.
    site : str
        Folder of the public site, served at the root; then the base path must not be empty.
    slow_s : int
        Seconds in which something has to arrive, of a header and of a body.
    connections : int
        Of one address, at the same time.
    """

    folder: Path
    listen: str
    ports: tuple[int, ...]
    base: str = ""
    site: str = ""
    slow_s: int = _SLOW_S
    connections: int = _CONNECTIONS


def nginx_program() -> str:
    """Where nginx is; ``SystemExit`` with the remedy where it is not."""
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found is None:
        raise SystemExit("nginx is not installed: apt-get install nginx-light")
    return found


def write_config(plan: Plan) -> Path:
    """nginx's configuration of a plan, checked by nginx itself.

    Raises
    ------
    SystemExit
        nginx refuses it; its own words say why.
    """
    if plan.site and not plan.base:
        raise SystemExit("the public site is at the root: give the atlas a base path, --base atlas")
    plan.folder.mkdir(parents=True, exist_ok=True)
    loader = FileSystemLoader(ROOT / "tools" / "deploy")
    template = Environment(loader=loader, undefined=StrictUndefined, trim_blocks=True)  # noqa: S701 (no HTML)
    values = {name: getattr(plan, name) for name in plan.__slots__}
    path = plan.folder / "nginx.conf"
    path.write_text(template.get_template("nginx.conf").render(values), "utf-8")
    check_config(path)
    return path


def check_config(path: Path) -> None:
    """Have nginx read a configuration; ``SystemExit`` with its words where it is wrong."""
    tried = subprocess.run(  # noqa: S603 (our own command)
        [nginx_program(), "-t", "-q", "-p", str(path.parent), "-e", "error.log", "-c", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    if tried.returncode != 0:
        raise SystemExit(tried.stderr.strip() or f"nginx refuses {path}")


def start_nginx(config: Path) -> subprocess.Popen[bytes]:
    """nginx in the foreground, with a configuration."""
    command = [nginx_program(), "-p", str(config.parent), "-e", "error.log", "-c", str(config)]
    return subprocess.Popen([*command, "-g", "daemon off;"])  # noqa: S603 (our own command)


def start_atlas(port: int, base: str, workers: int) -> subprocess.Popen[bytes]:
    """One process of the atlas, which believes what nginx says of the client.

    Parameters
    ----------
    port : int
    base : str
        Path before every address.
    workers : int
        Processes for heavy answers, of this process.

    Returns
    -------
    Popen
    """
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.address", "127.0.0.1"]
    command += ["--server.port", str(port), "--server.baseUrlPath", base.strip("/")]
    more = {"ATLAS_WORKERS": str(workers), "FORWARDED_ALLOW_IPS": "127.0.0.1"}
    return subprocess.Popen(command, cwd=ROOT, env=more | os.environ)  # noqa: S603 (our own command)


def serve(plan: Plan, workers: int) -> int:
    """Serve until one of the processes ends or this one is told to; the code to end with."""
    config = write_config(plan)
    stopped: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopped.append(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    processes = {f"the atlas on port {port}": start_atlas(port, plan.base, workers) for port in plan.ports}
    processes["nginx"] = start_nginx(config)
    while not stopped and all(process.poll() is None for process in processes.values()):
        time.sleep(_CHECK_INTERVAL_S)
    for name, process in processes.items():
        if not stopped and process.poll() is not None:
            print(f"{name} ended with {process.returncode}; all is stopped", file=sys.stderr)
    end(list(processes.values()))
    return 0 if stopped else 1


def end(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """End processes together; by force those that take too long."""
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(timeout=_END_S)
        except subprocess.TimeoutExpired:
            process.kill()


def read_arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.serve", description=__doc__)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes of the atlas")
    parser.add_argument("--listen", default="8501", help="port, or address:port")
    parser.add_argument(
        "--first-port", type=int, help="of the processes, on this machine only; default: free ones"
    )
    parser.add_argument("--base", default="", help="path before every address, such as atlas")
    parser.add_argument(
        "--site", default="", help="folder of the public site (geo publish), served at the root"
    )
    return parser.parse_args(words)


def main() -> int:
    """Serve as the command line says."""
    given = read_arguments()
    count = max(given.workers, 1)
    base = f"/{given.base.strip('/')}" if given.base.strip("/") else ""
    with held_ports(count, given.first_port) as ports:
        plan = Plan(
            folder=Path(os.environ.get("ATLAS_VAR") or ROOT / "var").resolve() / "serve",
            listen=given.listen,
            ports=ports,
            base=base,
            site=str(Path(given.site).resolve()) if given.site else "",
        )
        return serve(plan, max((os.cpu_count() or 1) // count, 1))


if __name__ == "__main__":
    sys.exit(main())
