"""A real server of the atlas and a Chromium without network, for tests and benchmarks alike."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tools.ports import held_port

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_S = (
    240  # every wait ends when what it waits for is there; this says when to give up on a busy machine
)
CHROMIUM = next(
    filter(
        None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"))
    ),
    None,
)
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-gpu-rasterization",
    "--disable-gpu-compositing",
    "--disable-software-rasterizer",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


@dataclass
class Server:
    """A running server of this machine."""

    url: str
    process: subprocess.Popen[bytes]


@contextmanager
def streamlit(
    script: Path | str = "app.py",
    *,
    data: Path | None = None,
    env: dict[str, str] | None = None,
    port: int = 0,
    address: str = "127.0.0.1",
    output: IO[bytes] | int = subprocess.DEVNULL,
) -> Iterator[Server]:
    """A Streamlit server of a script, by default the atlas.

    Parameters
    ----------
    script
        What is served; a path is taken from the root of the project.
    data
        Folder of the city pack; by default the one of this project.
    env
        More variables of the environment.
    port
        Its port; 0 for one where nobody listens.
    address
        Where it listens; empty for what ``make run`` takes: every address of both protocols.
    output
        Where the server's words go; by default nowhere.

    Returns
    -------
    Iterator[Server]
        The server, from its first answer to the end of the block.

    Raises
    ------
    OSError
        Somebody listens on that port.
    RuntimeError
        It ended, or did not answer.
    """
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    command += ["--server.address", address] if address else []
    more = ({"ATLAS_DATA": str(data)} if data else {}) | (env or {})
    with held_port(port) as at:
        command += ["--server.port", str(at)]
        with serving(command, at, "/_stcore/health", more, output) as server:
            yield server


@contextmanager
def serving(
    command: Sequence[str],
    port: int,
    path: str,
    env: dict[str, str],
    output: IO[bytes] | int = subprocess.DEVNULL,
) -> Iterator[Server]:
    """The server that a command starts, from its first answer to the end of the block.

    Parameters
    ----------
    command
        Program and arguments.
    port
        Where the server listens on this machine.
    path
        An address of the server that answers once it is ready.
    env
        More variables of the environment.
    output
        Where its words go; by default nowhere.

    Returns
    -------
    Iterator[Server]
        The running server.

    Raises
    ------
    RuntimeError
        It ended, or did not answer.
    """
    variables = os.environ | env
    variables.pop("COVERAGE_PROCESS_CONFIG", None)  # a server that is killed at the end has nothing to report
    process = subprocess.Popen(  # noqa: S603  (a command of our own)
        command,
        cwd=ROOT,
        env=variables,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # its workers are ended with it
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(process, f"{url}{path}")
        yield Server(url, process)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not _answers(url):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        if time.monotonic() > end:
            raise RuntimeError("the server did not answer")
        time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE_S):  # noqa: S310  (an address of this machine)
            return True
    except OSError:
        return False
