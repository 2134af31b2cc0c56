"""How fast this machine's memory is, and what no program could take less than: bytes touched / memory bandwidth.

``python -m benchmarks.stream``. The stream test of numpy arrays that are far larger than the processor's caches: a copy moves two
arrays, a triad ``a = b + s c`` three, here as two passes of numpy that move five. The best of several goes counts: whoever else uses the machine only slows it down.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from benchmarks.timing import digits, print_table

MIB = 192
"""Of each array: several times the last cache of a server's processor."""
GOES = 7


@lru_cache(maxsize=2)
def bandwidth(mib: int = MIB) -> dict[str, float]:
    """Bytes a second that a copy and a triad move, and the larger of the two."""
    a, b, c = (np.full(mib * 2**17, value) for value in (0.0, 1.0, 2.0))

    def triad() -> None:
        np.multiply(c, 3.0, out=a)
        np.add(a, b, out=a)

    copy = 2 * a.nbytes / _least(lambda: np.copyto(a, b))
    both = 5 * a.nbytes / _least(triad)
    return {"copy": copy, "triad": both, "best": max(copy, both)}


def _least(action: Callable[[], Any]) -> float:
    action()
    least = math.inf
    for _go in range(GOES):
        start = time.perf_counter()
        action()
        least = min(least, time.perf_counter() - start)
    return least


def nbytes(*arrays: Any) -> int:
    """Bytes that arrays take."""
    return sum(np.asarray(each).nbytes for each in arrays)


def beside_bound(ms: float, touched: int) -> dict[str, float]:
    """Bytes that must be read or written, how long that takes at the least, and how many times as long ``ms`` is."""
    bound = touched / bandwidth()["best"] * 1000
    return {"bytes_touched": touched, "bound_ms": bound, "times_bound": ms / bound}


def main() -> None:
    """Print what the machine's memory does."""
    found = bandwidth()
    print_table(
        "Memory bandwidth", ("test", "GB/s"), [(name, digits(each / 1e9)) for name, each in found.items()]
    )


if __name__ == "__main__":
    main()
