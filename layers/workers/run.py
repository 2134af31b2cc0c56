"""One answer in the making: who waits for it, where it stands in the queue, and what came of it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, wait
from typing import Any, Final, Generic, TypeVar

from geo.errors import CalledOffError
from geo.text import mark as _

R = TypeVar("R")
_STAY_S: Final = 4.0
"""Who has not looked for this long has gone: a page looks every second, a request twice a second."""
_LEAVE_S: Final = 1.0
"""Work that nobody waits for any more may still end within this: a short answer is worth keeping."""


class Run(Generic[R]):
    """One answer in the making, shared by all who ask for the same.

    Attributes
    ----------
    future : Future
        What comes of it.
    seconds : float
        How long the work may take, before it is stopped.
    asker : str
        Who asked first.
    began : float or None
        When the work began (``time.monotonic``); None while it waits.
    """

    def __init__(
        self,
        asker: str = "",
        seconds: float = 0.0,
        place: Callable[[Run[R]], int] = lambda _run: 0,
    ) -> None:
        self.future: Future[R] = Future()
        self.asker, self.seconds = asker, seconds
        self.began: float | None = None
        self.work: Future[Any] | None = None
        self._place = place
        self._until: dict[str, float] = {}
        self.stay(asker)

    def stay(self, asker: str, seconds: float = 0.0) -> None:
        """``asker`` waits for it, ``seconds`` from now on at least."""
        self._until[asker] = time.monotonic() + seconds + _STAY_S

    def leave(self, asker: str) -> None:
        """``asker`` waits no longer; work that nobody waits for is stopped."""
        if asker in self._until:
            self._until[asker] = time.monotonic() + _LEAVE_S

    @property
    def deserted(self) -> bool:
        """Has everyone gone who asked?"""
        now = time.monotonic()
        return all(until < now for until in list(self._until.values()))

    @property
    def done(self) -> bool:
        """Is there an answer, or an error?"""
        return self.future.done()

    @property
    def share(self) -> float:
        """How much of the time that it may take has passed, from 0 to 1."""
        if self.began is None or not self.seconds:
            return 0.0
        return min((time.monotonic() - self.began) / self.seconds, 1.0)

    def place(self) -> int:
        """How many are before it in the queue; 0 once it is worked on."""
        return self._place(self)

    def wait(self, asker: str, seconds: float) -> bool:
        """Wait a little for ``asker``; True once there is an answer or an error."""
        self.stay(asker, seconds)
        return bool(wait([self.future], timeout=seconds).done)

    def result(self, timeout: float | None = None) -> R:
        """The answer.

        Raises
        ------
        AtlasError
            What the work met, or that it took too long, or was called off.
        """
        try:
            self.stay(self.asker, math.inf if timeout is None else timeout)
            return self.future.result(timeout)
        except CancelledError:
            raise CalledOffError(_("这次计算已取消。"), hint=_("需要时请再算一次。")) from None
