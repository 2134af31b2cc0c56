"""Data of people in the memory of one process: each person's share is bounded, and nobody's is pushed out by another's."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Final, Generic, TypeVar

from geo.errors import RateError
from geo.text import mark as _

T = TypeVar("T")
NOBODY: Final = ""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Pieces and bytes: of one person, and of all together."""

    pieces: int
    size: int
    total_pieces: int
    total_size: int


@dataclass(slots=True)
class _Piece(Generic[T]):
    value: T
    size: int
    owners: set[str] = field(default_factory=set)


class OwnedData(Generic[T]):
    """Values under names, each owned by the people who brought it; values of nobody go first."""

    def __init__(self, bounds: Bounds, dropped: Callable[[str], None] = lambda _name: None) -> None:
        """``dropped`` is called with each name whose value is let go."""
        self.bounds = bounds
        self._dropped = dropped
        self._pieces: OrderedDict[str, _Piece[T]] = OrderedDict()
        self._lock = Lock()

    def put(self, name: str, value: T, size: int, owner: str = NOBODY) -> None:
        """Hold a value for its owner: the owner's oldest make room; where all is full, it is refused.

        Parameters
        ----------
        name : str
            The same content has the same name.
        value : object
        size : int
            Bytes that it counts for.
        owner : str
            A session; nobody's values are dropped when room is needed.

        Raises
        ------
        RateError
            Larger than a person's share, or the rest is full of what others own.
        """
        with self._changing():
            before = OrderedDict(self._pieces)
            owners_before = {key: set(piece.owners) for key, piece in before.items()}
            piece = self._pieces.setdefault(name, _Piece(value, size))
            self._pieces.move_to_end(name)
            if owner:
                piece.owners.add(owner)
            fits = self._shrink_share(owner, name) and self._shrink_all(name)
            if not fits:
                self._pieces = before
                for key, owners in owners_before.items():
                    self._pieces[key].owners = owners
        if not fits:
            raise RateError(
                _("服务器上各人上传的数据已满，暂时收不下这一份。"),
                hint=_("请稍后再试，或先关闭不用的页面；每人最多 {n} 份、{size} MB。"),
                n=self.bounds.pieces,
                size=self.bounds.size >> 20,
            )

    def get(self, name: str, owner: str = NOBODY) -> T | None:
        """The value under a name, None if there is none; ``owner`` from now on owns it too, where given."""
        with self._changing():
            piece = self._pieces.get(name)
            if piece is None:
                return None
            self._pieces.move_to_end(name)
            if owner and piece.size <= self.bounds.size:
                piece.owners.add(owner)
                self._shrink_share(owner, name)
            return piece.value

    def release(self, owner: str) -> None:
        """Let go of what a person alone owned: the session has ended."""
        with self._changing():
            for name in list(self._pieces):
                self._disown(name, owner)

    def names(self, owner: str = NOBODY) -> list[str]:
        """What there is, oldest first; of one person if given."""
        with self._lock:
            return [name for name, piece in self._pieces.items() if not owner or owner in piece.owners]

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Alone with the pieces; afterwards what is no longer there is named to whoever wants to know."""
        with self._lock:
            before = set(self._pieces)
            yield
            for name in before - set(self._pieces):
                self._dropped(name)

    def _disown(self, name: str, owner: str) -> None:
        piece = self._pieces[name]
        if owner in piece.owners:
            piece.owners.discard(owner)
            if not piece.owners:
                del self._pieces[name]

    def _shrink_share(self, owner: str, newest: str) -> bool:
        """Drop a person's oldest until the share holds the rest; False where the newest alone is too large."""
        mine = [
            name for name, piece in self._pieces.items() if owner and owner in piece.owners and name != newest
        ]
        room = self.bounds.size - self._pieces[newest].size
        while mine and (
            len(mine) >= self.bounds.pieces or sum(self._pieces[name].size for name in mine) > room
        ):
            self._disown(mine.pop(0), owner)
        return room >= 0

    def _shrink_all(self, newest: str) -> bool:
        """Drop what nobody owns until all together fit; False where that is not enough."""
        for name in [name for name, piece in self._pieces.items() if not piece.owners and name != newest]:
            if self._fits():
                break
            del self._pieces[name]
        return self._fits()

    def _fits(self) -> bool:
        size = sum(piece.size for piece in self._pieces.values())
        return len(self._pieces) <= self.bounds.total_pieces and size <= self.bounds.total_size
